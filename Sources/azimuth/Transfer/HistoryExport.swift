import Atlas
import History
import HistoryFormat

/// Kept lines and inputs, written page after page: a page is all that is held, and between two of
/// them the writer's log may be emptied.
struct HistoryExport {
    /// Rows of lines that are opened for a page; about 7 MiB of text.
    private static let reach = 7
    private static let inputsOfPage = 1_000
    /// Written at once.
    private static let pieceBytes = 256 << 10

    let reader: HistoryReader
    let output: ExportOutput

    struct Result {
        var count = 0
        /// Rows that could not be read.
        var damaged = 0
        /// Lines that a regular expression gave up on.
        var undecided = 0
        /// Lines that retention took away meanwhile.
        var droppedMeanwhile = 0
    }

    /// JSON lines that `HistoryImport` reads.
    func lines(_ question: LogQuery) throws -> Result {
        var text = ExportText()
        try text.add(try reader.exportHead())
        let result = try pages(question) { line in
            text.add(line)
            guard text.bytes.count > Self.pieceBytes else { return }
            try output.write(text.bytes)
            text.removeAll()
        }
        try text.add(ExportEnd(lines: result.count, damaged: result.damaged))
        try output.write(text.bytes)
        return result
    }

    func table(_ question: LogQuery, _ csv: LineCSV) throws -> Result {
        var csv = csv
        csv.addHead()
        let result = try pages(question) { line in
            csv.add(line)
            guard csv.bytes.count > Self.pieceBytes else { return }
            try output.write(csv.bytes)
            csv.removeAll()
        }
        try output.write(csv.bytes)
        return result
    }

    /// What came in and is no line, as JSON lines.
    func inputs(since: Instant?, until: Instant?) throws -> Result {
        var result = Result()
        var seq: Int64 = 0
        let times =
            (since ?? .distantPast)..<max(since ?? .distantPast, until ?? .init(nanoseconds: .max))
        while true {
            let page = try reader.exportInputs(
                after: seq,
                limit: Self.inputsOfPage,
                times: times
            )
            guard let last = page.last else { return result }
            try output.write(page.text)
            result.count += page.count
            seq = last
        }
    }

    func failovers(since: Instant?, until: Instant?) throws -> Result {
        let runs = try reader.failovers(since: since ?? .distantPast)
            .filter { run in until.map { run.started < $0 } ?? true }
        try output.write(Array(try ReportJSON.failovers(runs).utf8))
        return Result(count: runs.count)
    }

    /// Oldest first, up to the line that is the newest now.
    private func pages(
        _ question: LogQuery,
        _ put: (StoredLine) throws -> Void
    ) throws -> Result {
        var result = Result()
        let dropped = try reader.dropped(.lines)
        let all = try reader.lineNumbers()
        guard let all else { return result }
        var question = question
        question.isOldestFirst = true
        question.limit = .max
        question.reach = Self.reach
        question.before = all.upperBound + 1
        var progress = ProgressLine()
        while true {
            let page = try reader.logs(question)
            for line in page.lines { try put(line) }
            result.count += page.lines.count
            result.damaged += page.damaged
            result.undecided += page.undecided
            guard let newer = page.newer else { break }
            question.after = newer
            progress.show {
                let share = 100 * (newer - min(newer, all.lowerBound)) / UInt64(all.count)
                return "exported \(HistoryText.count(result.count)) lines, \(share) %"
            }
        }
        progress.clear()
        result.droppedMeanwhile = try reader.dropped(.lines).count - dropped.count
        return result
    }
}
