import Atlas

/// What is told of a source, as coarse as it may be: a steady flow is not drawn anew all the time.
struct SourceWords {
    private let source: SourceState
    private let now: Instant

    init(_ source: SourceState, now: Instant) {
        self.source = source
        self.now = now
    }

    var rate: String {
        source.rate.map { $0 > 0 && $0 < 0.1 ? "<0.1" : Wording.compact($0) } ?? "—"
    }

    var behind: String { source.lag > 0 ? Wording.bytes(Int64(source.lag)) : "—" }

    /// How old the newest line is, by its own time.
    var newest: String {
        guard let newest = source.newest ?? source.lastLine else { return "—" }
        let age = now - newest
        guard age < .seconds(60) else { return Wording.age(age) }
        let tens = age.nanoseconds / 10_000_000_000
        return tens < 1 ? "now" : Wording.age(.seconds(tens * 10))
    }

    func count(_ number: Int) -> String { number > 0 ? Wording.compact(Double(number)) : "—" }

    /// The share of the lines that have the shape of the format; nil without any.
    private var share: Double? {
        source.lines > 0 ? Double(source.lines - source.unparsed) / Double(source.lines) : nil
    }

    /// `postgresql 99%`; of any format, what its lines look like and how sure that is.
    var format: String {
        if let guess = source.guess { return "\(guess.format)? \(Self.percent(guess.confidence))" }
        return source.format + (share.map { " " + Self.percent($0) } ?? "")
    }

    /// The same in words.
    var formatInFull: String {
        if let guess = source.guess {
            return guess.confidence > 0
                ? "any; they look like \(guess.format), \(Self.percent(guess.confidence)) sure"
                : "any; they look like no format that is known"
        }
        guard let share, !source.format.isEmpty else { return source.format }
        return "\(source.format), which \(Self.percent(share)) of the lines have"
    }

    /// All of it only where nothing is missing.
    static func percent(_ part: Double) -> String {
        part >= 1 ? "100%" : part <= 0 ? "0%" : "\(max(1, min(99, Int(part * 100))))%"
    }
}
