/// Which format a file most likely has, by some of its lines.
package enum FormatGuess {
    /// A format, and the share of the lines that it takes: 0 to 1.
    package struct Guess: Sendable {
        package var format: any LogFormat
        package var confidence: Double
    }

    /// The format of the catalogue that takes most of the lines.
    package static func format(of lines: [ArraySlice<UInt8>]) -> any LogFormat {
        guess(of: lines).format
    }

    /// The format that takes most of the lines, and how sure that is.
    ///
    /// A line with a level speaks more for a format than one without, and what is written for one
    /// system goes before what many write. `plain`, with a confidence of 0, where none takes half
    /// of them. Columns are nothing but commas or tabs: they are taken only where nothing else is,
    /// all lines have the same number of them, at least three, and a time among them.
    package static func guess(of lines: [ArraySlice<UInt8>]) -> Guess {
        let told = lines.filter { !$0.isEmpty }
        var best = Tally()
        var format: any LogFormat = PlainLog()
        for candidate in FormatCatalog.systems + FormatCatalog.structured + [SyslogLog()] {
            let tally = tally(candidate, told)
            if tally.points > best.points { (best, format) = (tally, candidate) }
        }
        if best.points == 0 {
            for candidate in [ColumnLog.tsv, ColumnLog.csv] where isTable(candidate, told) {
                return Guess(format: candidate, confidence: 1)
            }
        }
        guard best.points > 0 else { return Guess(format: format, confidence: 0) }
        return Guess(format: format, confidence: Double(best.taken) / Double(told.count))
    }

    private struct Tally {
        var taken = 0
        /// 0 for a format that takes less than half.
        var points = 0
    }

    private static func tally(_ format: any LogFormat, _ lines: [ArraySlice<UInt8>]) -> Tally {
        var records = 0
        var levels = 0
        var continuations = 0
        // An object is one, also without a time.
        let isObject = format is JSONLog
        for line in lines {
            let parsed = format.parse(line.span.bytes)
            switch parsed.shape {
            case .record where parsed.time != .none || isObject:
                records += 1
                if parsed.level != nil { levels += 1 }
            case .continuation where records > 0:
                continuations += 1
            case .record, .continuation, .unknown:
                continue
            }
        }
        let taken = records + continuations
        guard records > 0, taken * 2 >= lines.count else { return Tally() }
        return Tally(taken: taken, points: 2 * records + levels + continuations)
    }

    /// The first line may have names, which are no time.
    private static func isTable(_ format: ColumnLog, _ lines: [ArraySlice<UInt8>]) -> Bool {
        guard lines.count >= 3 else { return false }
        var fields = FieldList()
        var columns: Int?
        for (index, line) in lines.enumerated() {
            fields.removeAll()
            let parsed = format.parse(line.span.bytes, into: &fields)
            guard parsed.shape == .record, fields.count == columns ?? fields.count,
                fields.count >= 3, parsed.time != .none || index == 0
            else { return false }
            columns = fields.count
        }
        return true
    }
}
