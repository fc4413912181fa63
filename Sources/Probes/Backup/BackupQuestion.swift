import Atlas

/// An address of the backup probe: where successes are seen, and how old the newest may be.
struct BackupQuestion {
    enum Place: Hashable {
        /// A pattern of paths (glob(7)).
        case files(String)
        case log(String)
        /// A command line.
        case command(String)
    }

    private(set) var place = Place.files("")
    /// What a line of a log, or of a command's output, must hold; nil for any.
    private(set) var text: String?
    /// Older is `warn`.
    private(set) var within = Span.zero
    /// Older is `down`.
    private(set) var down = Span.zero
    /// In bytes; a smaller file does not count.
    private(set) var atLeast: Int64 = 1
    /// A link of the estate that the age is told of, too.
    private(set) var link: String?
    /// Where JSON holds the time and the size.
    private(set) var timeKey = "time"
    private(set) var sizeKey: String?

    init(words: [String], probe: String) throws(ProbeError) {
        func bad(_ word: String, _ remedy: String) -> ProbeError {
            let reason = "'\(word.shortened(toBytes: 80))' cannot be taken"
            return .unusableAddress(probe: probe, reason: reason, remedy: remedy)
        }
        var places: [Place] = []
        var down: Span?
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            guard !value.isEmpty, !value.contains(where: { $0.isNewline || $0 == "\0" }) else {
                throw bad(word, Self.remedy)
            }
            switch parts.first {
            case "files", "log":
                guard value.hasPrefix("/") else { throw bad(word, "write the whole path") }
                places.append(word.hasPrefix("log") ? .log(value) : .files(value))
            case "command": places.append(.command(value))
            case "contains": text = value
            case "within", "down":
                guard let span = Span(value), span > .zero, span < .seconds(3_155_760_000) else {
                    throw bad(word, "write how old the newest may be, such as 26h")
                }
                if word.hasPrefix("within") { within = span } else { down = span }
            case "min-size":
                guard let size = Self.bytes(value) else {
                    throw bad(word, "write a number of bytes, or such as 20K, 5M, 1G")
                }
                atLeast = size
            case "link": link = value
            case "key": timeKey = value
            case "size-key": sizeKey = value
            default: throw bad(word, Self.remedy)
            }
        }
        guard places.count == 1 else {
            let reason = places.isEmpty ? "it says nowhere to look" : "it says twice where to look"
            throw .unusableAddress(probe: probe, reason: reason, remedy: Self.remedy)
        }
        guard within > .zero else {
            throw .unusableAddress(
                probe: probe,
                reason: "it does not say how old the newest may be",
                remedy: "add such as within=26h: the time between two backups and some more"
            )
        }
        place = places[0]
        if case .log = place, text == nil {
            throw .unusableAddress(
                probe: probe,
                reason: "it does not say what a line of success holds",
                remedy: "add such as contains='backup finished'"
            )
        }
        self.down = down ?? within * 2
    }

    private static let remedy =
        "write one of files=/PATH/*.dump, log=/PATH contains='…' and command='…', then within=26h; "
        + "and if need be down=, min-size=, link=, key=, size-key="

    /// `4096`, `20K`, `5M`, `1.5G`, `2T`, each with or without `iB`.
    private static func bytes(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let powers = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40]
        var unit = String(text.dropFirst(digits.count))
        if unit.count == 3, unit.hasSuffix("iB") { unit.removeLast(2) }
        guard let number = Double(digits), let power = powers[unit] else { return nil }
        let bytes = number * Double(1 << power)
        return (0..<9e18).contains(bytes) ? Int64(bytes) : nil
    }
}
