import ArgumentParser
import Atlas
import Configure
import Decode
import Glibc
import Unpack

struct FormatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "formats",
        abstract: "List the formats of logs: what each reads, and which one fits a file.",
        discussion: """
            Those that come with azimuth, and your own beside the configuration \
            (Docs/formats-and-packs.md).

            Examples:
              azimuth formats
              azimuth formats --test /var/log/orders.log
              journalctl -o short | azimuth formats --test -
            """
    )

    /// Enough to judge a format by; what is behind it is not read.
    private static let byteLimit = 16 << 20

    /// As many as a guess is made of.
    private static let guessedLines = 1_000

    @OptionGroup var config: ConfigOptions

    @Option(
        help: """
            Try all formats on a log: which takes how many of its lines, best first. Its first \
            16 MiB; - for standard input.
            """
    )
    var test: String?

    func run() throws {
        let own = try ownFormats()
        guard let test else {
            var table = TextTable([])
            for format in FormatCatalog.all { table.add([format.name, format.summary]) }
            for format in own { table.add([format.name, format.summary + " (your own)"]) }
            return StandardOutput.write(table.body)
        }
        let (bytes, isWhole) = try Self.beginning(of: test)
        var trial = FormatTrial(FormatCatalog.all + own)
        // What the end of the part cuts is no line.
        let lines = LineFile.lines(of: bytes, isWhole: isWhole)
        for line in lines { trial.take(line) }
        let guess = FormatGuess.guess(of: Array(lines.prefix(Self.guessedLines)))
        StandardOutput.write(Self.text(trial, guess, test, isWhole: isWhole))
    }

    /// Without a configuration there are none; one that was named has to be right.
    private func ownFormats() throws -> [RegexFormat] {
        guard let path = config.config ?? Configuration.find() else { return [] }
        do {
            let configuration = try Configuration.load(path: path, catalogue: Setup.catalogue)
            return configuration.own.formats.compactMap { RegexFormat($0.format) }
        } catch {
            guard config.config == nil else { throw error }
            let words = "azimuth: your own formats are left out: \(error.what)\n"
            StandardError.write(Explain.printable(words))
            return []
        }
    }

    private static func beginning(of path: String) throws -> (bytes: [UInt8], isWhole: Bool) {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ProgramError.cannotRead(path: path, detail: TextOutput.systemWords())
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var plain = PlainBytes(descriptor)
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while bytes.count < byteLimit {
            do throws(UnpackError) {
                let count = try plain.read(into: &buffer)
                if count == 0 { return (bytes, true) }
                bytes += buffer[..<count]
            } catch {
                throw ProgramError.cannotUnpack(path: path, error)
            }
        }
        return (bytes, false)
    }

    private static func text(
        _ trial: FormatTrial,
        _ guess: FormatGuess.Guess,
        _ path: String,
        isWhole: Bool
    ) -> String {
        guard trial.lines > 0 else { return "\(Explain.printable(path)): no line\n" }
        var table = TextTable([
            "FORMAT", "TAKES", "RECORDS", "CONTINUED", "OTHER", "TIMES", "LEVELS",
        ])
        for score in trial.ranking where score.taken > 0 {
            let share = score.taken * 1_000 / trial.lines
            table.add(
                [
                    score.format, "\(share / 10).\(share % 10) %",
                ]
                    + [
                        score.records, score.continuations, score.unknown, score.timed,
                        score.levelled,
                    ].map(String.init)
            )
        }
        let part = isWhole ? "" : " (its first \(byteLimit >> 20) MiB)"
        let percent = Int(guess.confidence * 100)
        let looks =
            guess.confidence > 0
            ? "looks like \(guess.format.name), confidence \(percent) %"
            : "looks like none of those that come with azimuth"
        return "\(Explain.printable(path)): \(trial.lines) lines\(part), \(looks)\n" + table.text
    }
}
