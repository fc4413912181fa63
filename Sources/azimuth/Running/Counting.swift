import Atlas
import Collect
import Decode
import Evaluate
import Glibc
import Pipeline
import Unpack

/// Files read once, and their lines counted.
struct Counting: ~Copyable {
    /// Lines by which a format is guessed.
    private static let guessLines = 200

    private let question: CountQuestion
    private let zone: Span
    private var format: (any LogFormat)?
    private var isGuessed = false
    private var count: LineCount?
    private var cuts = 0

    /// Without a format that of the first lines is taken for all.
    init(question: CountQuestion, format: (any LogFormat)?, zone: Span) {
        self.question = question
        self.format = format
        self.zone = zone
    }

    struct Result {
        var rows: [GroupTable.Row] = []
        /// Lines of groups beyond the limit.
        var rest: GroupTable.Row?
    }

    var result: Result {
        switch count {
        case .some(let count): Result(rows: count.rows, rest: count.rest)
        case .none: Result()
        }
    }

    /// Counts the lines of a file, or of standard input for `-`.
    mutating func take(_ path: String) throws {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ProgramError.cannotRead(path: path, detail: TextOutput.systemWords())
        }
        defer { close(descriptor) }
        let arrival = Self.lastChange(descriptor) ?? LiveClock().now()
        var blocks = LineBlocks(descriptor)
        count?.beginFile()
        while let run = try Self.next(&blocks, path) {
            if count == nil { begin(with: run) }
            count?.take(run.bytes, ends: run.ends, spacing: .lineEnds, arrival: arrival)
        }
        cuts += blocks.cuts
    }

    private static func next(
        _ blocks: inout LineBlocks,
        _ path: String
    ) throws(ProgramError) -> LineBlocks.Run? {
        do throws(UnpackError) {
            return try blocks.next()
        } catch {
            throw .cannotUnpack(path: path, error)
        }
    }

    /// Of a file: its lines were there by then, which tells the year of dates without one.
    private static func lastChange(_ descriptor: Int32) -> Instant? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Instant(seconds: Int64(status.st_mtim.tv_sec))
    }

    private mutating func begin(with run: LineBlocks.Run) {
        let chosen = format ?? Self.guess(run)
        isGuessed = format == nil
        format = chosen
        count = LineCount(question, decoder: SourceDecoder(format: chosen, zone: zone))
    }

    private static func guess(_ run: LineBlocks.Run) -> any LogFormat {
        var start = 0
        var lines: [ArraySlice<UInt8>] = []
        for end in run.ends.prefix(guessLines) {
            let line = run.bytes[start..<Int(end)]
            lines.append(ArraySlice(line.last == 13 ? line.dropLast() : line))
            start = Int(end) + 1
        }
        return FormatGuess.format(of: lines)
    }

    /// What is not in the groups, a line each; nothing where all is.
    var complaints: String {
        switch count {
        case .some(let count): complaints(of: count.tally, missing: count.missingFields)
        case .none: "azimuth: no line\n"
        }
    }

    private func complaints(of tally: LineCount.Tally, missing: [String]) -> String {
        let name = format?.name ?? ""
        var lines: [String] = []
        if isGuessed { lines.append("read as \(name); --format names another") }
        for field in missing {
            lines.append("no line has a field '\(field)' in the format \(name)")
        }
        let counts = [
            (tally.unparsed, "of another shape than \(name), in no group"),
            (tally.timeless, "without a time"),
            (tally.unsummed, "whose \(question.sum ?? "") is no number"),
            (cuts, "over 1 MiB, cut"),
            (result.rest?.count ?? 0, "in groups beyond the limit of \(question.limit)"),
        ]
        for (count, what) in counts where count > 0 { lines.append("\(count) lines \(what)") }
        return lines.map { "azimuth: \(Explain.printable($0))\n" }.joined()
    }
}
