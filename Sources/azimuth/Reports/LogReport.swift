import ArgumentParser
import Atlas
import History
import HistoryFormat
import Query

/// What a query finds in a history, printed as it is found.
struct LogReport {
    /// Chunks opened before what was found so far is printed, or how far it is.
    private static let reach = 64
    /// Chunks in which a field is looked for that was asked for in vain.
    private static let fieldReach = 64

    let history: any LogHistory
    let isJSON: Bool

    /// Prints the lines; returns how many.
    func lines(_ question: LogQuery, isReversed: Bool) throws -> Int {
        var question = question
        question.reach = Self.reach
        var progress = SearchProgress(question, in: history)
        var pages: [[StoredLine]] = []
        var found = 0
        var faults = Faults()
        while question.limit > 0 {
            let page = try history.logs(question, while: Self.isWanted)
            faults.add(page)
            found += page.lines.count
            if isReversed {
                progress.clear()
                for line in page.lines.reversed() { try put(line) }
            } else if !page.lines.isEmpty {
                pages.append(page.lines)
            }
            question.limit -= page.lines.count
            guard let older = page.older else { break }
            question.before = older
            if Interruption.isThere { break }
            try progress.tell(downTo: older, found: found)
        }
        progress.clear()
        for page in pages.reversed() { for line in page { try put(line) } }
        faults.tell()
        try end(&progress, question.before)
        return found
    }

    /// False once Ctrl-C was pressed.
    private static let isWanted: @Sendable () -> Bool = { !Interruption.isThere }

    private func end(_ progress: inout SearchProgress, _ line: UInt64?) throws {
        guard Interruption.isThere else { return }
        try progress.tellInterruption(at: line)
        throw ExitCode(Interruption.exit)
    }

    /// Prints how many there are.
    func count(_ question: LogQuery) throws -> Int {
        let bucket = Span.seconds(86_400 * 366)
        return try tell(question, bucket, .level) { histogram in "\(histogram.total)\n" }
    }

    /// Prints how many there are of each value, the most frequent first, at most `most`.
    func values(of key: LogKey, _ question: LogQuery, most: Int) throws -> Int {
        let values = try values(of: key, question)
        StandardOutput.write(
            isJSON ? try ValuesText.json(values, most) : ValuesText.text(values, most)
        )
        return values.total
    }

    /// Prints how many there are by time and level, or by time and the `most` most frequent values;
    /// returns how many in all.
    func histogram(_ question: LogQuery, bucket: Span, by key: LogKey, most: Int) throws -> Int {
        var grouping = LogGrouping.level
        var question = question
        if key != .level {
            // Both looks are about the same lines.
            question.before = try newest() + 1
            let values = try values(of: key, question).values
            grouping = .values(key, values.prefix(most).map(\.text))
        }
        return try tell(question, bucket, grouping) { histogram in
            isJSON ? try HistogramText.json(histogram) : HistogramText.text(histogram)
        }
    }

    private func tell(
        _ question: LogQuery,
        _ bucket: Span,
        _ grouping: LogGrouping,
        _ text: (LogHistogram) throws -> String
    ) throws -> Int {
        var question = question
        question.reach = Self.reach
        var progress = SearchProgress(question, in: history)
        var whole = LogHistogram(bucket: bucket, grouping: grouping)
        repeat {
            let page = try history.histogram(
                question,
                bucket: bucket,
                by: grouping,
                while: Self.isWanted
            )
            whole.add(page)
            guard let older = page.older else { break }
            question.before = older
            try progress.tell(downTo: older, found: whole.total)
        } while !Interruption.isThere
        progress.clear()
        StandardOutput.write(try text(whole))
        var faults = Faults()
        faults.add(damaged: whole.damaged, undecided: whole.undecided)
        faults.tell()
        if whole.omitted > 0 {
            StandardError.write(
                "azimuth: \(whole.omitted) lines are in none of the "
                    + "\(LogHistogram.mostBars) buckets: choose a longer one\n"
            )
        }
        try end(&progress, question.before)
        return whole.total
    }

    private func values(of key: LogKey, _ question: LogQuery) throws -> LogValues {
        var question = question
        question.reach = Self.reach
        var progress = SearchProgress(question, in: history)
        var whole = LogValues()
        repeat {
            let page = try history.values(of: key, question, while: Self.isWanted)
            whole.add(page)
            guard let older = page.older else { break }
            question.before = older
            try progress.tell(downTo: older, found: whole.total)
        } while !Interruption.isThere
        progress.clear()
        var faults = Faults()
        faults.add(damaged: whole.damaged, undecided: whole.undecided)
        faults.tell()
        if whole.other > 0 {
            StandardError.write(
                "azimuth: there are more than \(LogValues.mostValues) values: \(whole.other) lines "
                    + "of rare ones are counted as other, and some counts may be short of those\n"
            )
        }
        return whole
    }

    /// Prints the lines, each with those of `chosen` before it and after it.
    ///
    /// A gap is a line of two dashes, a line that matches begins with `>`.
    func context(_ question: LogQuery, _ count: Int, _ chosen: LogQuery) throws -> Int {
        let matches = try history.all(question)
        let numbers = Set(matches.map(\.record.number))
        var last: UInt64 = 0
        for match in matches {
            // One more than is printed: where it was printed, there is no gap.
            let around = try history.context(of: match.record.number, count + 1, in: chosen)
            let isAdjacent = around.before.contains { $0.record.number <= last }
            if last > 0, !isAdjacent, match.record.number > last, !isJSON, count > 0 {
                StandardOutput.write("--\n")
            }
            for line in around.before.suffix(count) + [match] + around.after.prefix(count)
            where line.record.number > last {
                last = line.record.number
                let isMatch = numbers.contains(last)
                if isJSON {
                    StandardOutput.write(try LogText.json(line, isContext: !isMatch))
                } else {
                    StandardOutput.write((isMatch ? "> " : "  ") + LogText.text(line))
                }
            }
        }
        return matches.count
    }

    /// Prints the newest, and then what comes, until the program is ended.
    func follow(_ question: LogQuery, path: String) throws {
        let watcher = try HistoryWatcher(path: path)
        var newest = try newest()
        if question.limit > 0 {
            var first = question
            first.before = newest + 1
            _ = try lines(first, isReversed: false)
        }
        var next = question
        next.isOldestFirst = true
        next.limit = 10_000
        while watcher.wait() {
            let now = try self.newest()
            var faults = Faults()
            next.after = newest
            next.before = now + 1
            while true {
                let page = try history.logs(next)
                faults.add(page)
                for line in page.lines { try put(line) }
                guard let newer = page.newer else { break }
                next.after = newer
            }
            newest = max(newest, now)
            faults.tell()
        }
    }

    /// The number of the last line; 0 without any.
    private func newest() throws -> UInt64 {
        try history.logs(LogQuery(limit: 1)).lines.last?.record.number ?? 0
    }

    /// Says which fields of the query no line has: those are misspelt, most likely.
    func explainNothing(_ question: LogQuery) throws {
        for field in LineTest(question.condition).fields {
            var any = question
            any.condition = .field(field, .exists)
            any.limit = 1
            any.reach = Self.fieldReach
            let page = try history.logs(any)
            guard page.lines.isEmpty else { continue }
            let which = page.older == nil ? "no line" : "none of the newest lines"
            StandardError.write(
                Explain.printable(
                    "azimuth: \(which) has a field '\(field)': "
                        + "'azimuth parse FILE' shows which there are\n"
                )
            )
        }
    }

    /// Says how much retention took of the time that was asked for.
    func tellDropped(
        _ question: LogQuery,
        asksForAll: Bool,
        by reader: HistoryReader
    ) throws(HistoryError) {
        guard question.since != nil || asksForAll else { return }
        let dropped = try reader.dropped(.lines)
        guard dropped.count > 0, let until = dropped.until, question.since ?? .distantPast <= until
        else { return }
        StandardError.write(
            "azimuth: \(HistoryText.count(dropped.count)) lines up to \(HistoryText.time(until)) are past "
                + "their time and not kept any more\n"
        )
    }

    private func put(_ line: StoredLine) throws {
        StandardOutput.write(isJSON ? try LogText.json(line) : LogText.text(line))
    }

    /// What could not be looked at.
    private struct Faults {
        var damaged = 0
        var undecided = 0

        mutating func add(_ page: LogPage) {
            add(damaged: page.damaged, undecided: page.undecided)
        }

        mutating func add(damaged: Int, undecided: Int) {
            self.damaged += damaged
            self.undecided += undecided
        }

        func tell() {
            if damaged > 0 {
                StandardError.write("azimuth: \(damaged) damaged chunks were passed over\n")
            }
            if undecided > 0 {
                StandardError.write(
                    "azimuth: on \(undecided) lines a regular expression gave up: "
                        + "they may match, and are not among these\n"
                )
            }
        }
    }
}
