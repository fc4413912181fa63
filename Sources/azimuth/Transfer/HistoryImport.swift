import Atlas
import Collect
import History
import HistoryFormat

/// Exports read into a history, a transaction after the other.
///
/// Each transaction holds how far its file was read, so that an import which was ended goes on
/// there, and a file that was imported is not imported again.
struct HistoryImport {
    /// Of a transaction.
    private static let mostLines = 32_768
    private static let mostBytes = 4 << 20
    /// Bad lines that are named; further ones are counted.
    private static let mostNamed = 10
    /// With so many bad lines and no good one before, it is none.
    private static let mostBeforeFirst = 20
    /// Among the positions, instead of a source's name.
    private static let mark = "(import)"
    /// Instead of a cursor: nothing comes behind it.
    private static let ended = "end"

    /// Nil only looks.
    let history: ImportedHistory?
    let say: (String) -> Void

    struct Result {
        var lines = 0
        var bad = 0
        /// Lines of other types.
        var others = 0
        /// Lines that an import before this one took.
        var before = 0
        var renumbered = 0
        var numbers: ClosedRange<UInt64>?
        var times: ClosedRange<Instant>?
        var sources: Set<String> = []
        var end: ExportEnd?

        /// All of it was imported before this import.
        var wasThere = false

        /// All that the export says it has.
        var isWhole: Bool { wasThere || end.map { lines + before >= $0.lines } ?? false }
    }

    func take(_ path: String, marks: [ReadPosition]) throws -> Result {
        var file = try ImportFile(path: path)
        let identity = try file.identity()
        let mark = marks.first { $0.source == Self.mark && $0.inode == identity }
        var result = Result()
        if let mark {
            if try file.skip(to: mark.offset, hash: mark.tail) {
                result.before = Int(clamping: mark.head)
                result.wasThere = mark.cursor == Self.ended
            } else {
                guard path != "-" else {
                    throw ProgramError.cannotRead(
                        path: path,
                        detail: "it begins like an export that was imported and goes on otherwise"
                    )
                }
                file = try ImportFile(path: path)
            }
        }
        var state = State(hasBegun: mark != nil && result.before > 0)
        var progress = ProgressLine()
        while case .line(let bytes) = try file.next() {
            try read(bytes, file, &state, &result)
            state.reach(file)
            guard state.lines.count >= Self.mostLines || state.bytes >= Self.mostBytes else {
                continue
            }
            try commit(&state, file, identity, &result)
            progress.show {
                "imported \(HistoryText.count(result.lines)) lines, up to line \(file.number) of \(path)"
            }
        }
        progress.clear()
        try commit(&state, file, identity, &result)
        return result
    }

    /// What waits for its transaction.
    private struct State {
        var hasBegun: Bool
        var lines: [StoredLine] = []
        var bytes = 0
        /// How far the file was read.
        var offset: UInt64 = 0
        var hash: UInt64 = 0

        /// What is cut off in the midst of a line goes on there, once all of it has come.
        mutating func reach(_ file: ImportFile) {
            guard file.isTerminated else { return }
            (offset, hash) = (file.offset, file.hash.value)
        }
    }

    private func read(
        _ bytes: UnsafeRawBufferPointer,
        _ file: ImportFile,
        _ state: inout State,
        _ result: inout Result
    ) throws {
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { return }
        let record: ExportRecord
        do throws(ExportRecord.Mistake) {
            record = try ExportRecord(bytes)
            // The rest of it may come later, and the line again with it.
            if case .line = record, !file.isTerminated { throw .unterminated }
        } catch {
            return try note(file.isTerminated ? error : .unterminated, file, &result)
        }
        switch record {
        case .head(let head):
            guard head.schema <= ExportHead.schema else {
                throw ProgramError.newerExport(path: file.path)
            }
            // The sources of one that goes on are known.
            if !state.hasBegun { try begin(head, &state) }
        case .line(let line):
            if !state.hasBegun { try begin(ExportHead(), &state) }
            note(line, &result)
            state.lines.append(line)
            state.bytes += line.record.bytes.count + 128
        case .end(let end): result.end = end
        case .other: result.others += 1
        }
    }

    private func begin(_ head: ExportHead, _ state: inout State) throws {
        state.hasBegun = true
        try history?.opened().beginImport(head, at: LiveClock().now())
    }

    private func note(_ line: StoredLine, _ result: inout Result) {
        let time = line.record.time
        let times = result.times ?? time...time
        result.times = min(times.lowerBound, time)...max(times.upperBound, time)
        result.lines += 1
        if result.sources.count < 1_000 { result.sources.insert(line.source) }
    }

    private func note(
        _ mistake: ExportRecord.Mistake,
        _ file: ImportFile,
        _ result: inout Result
    ) throws {
        result.bad += 1
        if result.lines == 0, result.before == 0, result.bad >= Self.mostBeforeFirst {
            throw ProgramError.noExport(path: file.path)
        }
        guard result.bad <= Self.mostNamed else { return }
        say("\(file.path):\(file.number): \(mistake.what); it is passed over")
    }

    private func commit(
        _ state: inout State,
        _ file: ImportFile,
        _ identity: UInt64,
        _ result: inout Result
    ) throws {
        defer { (state.lines, state.bytes) = ([], 0) }
        // A file that is none of ours leaves nothing behind.
        guard let writer = history?.writer, state.hasBegun, state.offset > 0 else { return }
        var position = ReadPosition(
            source: Self.mark,
            path: file.path,
            device: 0,
            inode: identity,
            offset: state.offset,
            head: UInt64(result.before + result.lines),
            tail: state.hash
        )
        if result.end != nil { position.cursor = Self.ended }
        guard let range = try writer.take(state.lines, position: position, at: LiveClock().now())
        else { return }
        _ = try writer.tidy()
        result.renumbered += range.renumbered
        result.numbers = (result.numbers?.lowerBound ?? range.first)...range.last
    }
}
