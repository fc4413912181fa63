import ArgumentParser
import Atlas

/// Where the configuration is.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: """
            The configuration. Without it: ./azimuth.yaml, ~/.config/azimuth/azimuth.yaml, \
            /etc/azimuth/azimuth.yaml, the first that is there.
            """,
        completion: .file(extensions: ["yaml"])
    )
    var config: String?
}

/// Where the history is.
struct HistoryOptions: ParsableArguments {
    @Option(
        help: "The history's file. Without it: what azimuth.yaml says, or its default.",
        completion: .file(extensions: ["db"])
    )
    var history: String?
}

/// What a query command prints.
struct QueryOptions: ParsableArguments {
    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Option(help: "Only what began since then: a time (RFC 3339) or how long ago (15m, 2h).")
    var since: String?

    @Flag(help: "JSON lines; the schema is in Docs/report.md.")
    var json = false

    /// The start that `--since` means, relative to the newest that the history knows.
    func start(before newest: Instant) throws(ProgramError) -> Instant {
        guard let since else { return .distantPast }
        return try TimeArgument.instant(since, before: newest)
    }
}

/// How it looks.
struct LookOptions: ParsableArguments {
    @Option(
        help: "meridian, daylight or mono.",
        completion: .shellCommand("azimuth themes | sed 's/^ *//; s/ .*//'")
    )
    var theme: String?

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Flag(help: "No colours, as with the variable NO_COLOR.")
    var noColor = false
}

/// Times as people write them on a command line.
enum TimeArgument {
    /// A time in RFC 3339, or a span of time before `newest`.
    static func instant(_ text: String, before newest: Instant) throws(ProgramError) -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let span = Span(text) { return newest - span }
        throw .badTime(text)
    }

    /// A time in RFC 3339, or a span of time after `start` (`90s`, `+90s`).
    static func instant(_ text: String, after start: Instant) throws(ProgramError) -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let span = Span(text.hasPrefix("+") ? String(text.dropFirst()) : text) {
            return start + span
        }
        throw .badTime(text)
    }
}
