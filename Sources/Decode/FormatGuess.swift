/// Which format a file most likely has, by some of its lines.
package enum FormatGuess {
    /// The format of the catalogue that takes most of the lines.
    ///
    /// A line with a level speaks more for a format than one without, and what is written for one
    /// system goes before what many write. `plain` where none takes half of them.
    package static func format(of lines: [ArraySlice<UInt8>]) -> any LogFormat {
        let told = lines.filter { !$0.isEmpty }
        var best: (format: any LogFormat, points: Int) = (PlainLog(), 0)
        for format in FormatCatalog.systems + [SyslogLog()] {
            let points = points(format, told)
            if points > best.points { best = (format, points) }
        }
        return best.format
    }

    /// 0 for a format that takes less than half.
    private static func points(_ format: any LogFormat, _ lines: [ArraySlice<UInt8>]) -> Int {
        var records = 0
        var levels = 0
        var continuations = 0
        for line in lines {
            let parsed = format.parse(line.span.bytes)
            switch parsed.shape {
            case .record where parsed.time != .none:
                records += 1
                if parsed.level != nil { levels += 1 }
            case .continuation where records > 0:
                continuations += 1
            case .record, .continuation, .unknown:
                continue
            }
        }
        guard records > 0, (records + continuations) * 2 >= lines.count else { return 0 }
        return 2 * records + levels + continuations
    }
}
