internal import Atlas

/// The lines of glog and klog: Kubernetes, and much of what C++ and Go programs write.
///
///     I1122 10:11:12.123456   12345 controller.go:123] "Pod ready" pod="kube-system/dns"
///     └ level, local time     └ thread └ file     line  └ message
///     I20261122 10:11:12.123456 12345 server.cc:123] text          (glog since 0.6 has the year)
///
/// What a crash writes goes on with the line before. Sources: klog, formatHeader in
/// internal/buffer/buffer.go; glog, LogMessage::Init in src/logging.cc.
package struct KlogLog: LogFormat {
    package let name = "klog"
    package let summary = "the lines of klog (Kubernetes) and glog"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.byteCount > 22, let level = Self.level(line.byte(0)),
            let (time, next) = Self.time(line), line.has(" ", at: next)
        else { return ParsedLine(shape: Self.isCrash(line) ? .continuation : .unknown) }
        let thread = line.skipBlanks(from: next)
        let threadEnd = line.endOfDigits(from: thread)
        let file = threadEnd + 1
        let close = line.next(0x5D, from: file)
        let colon = line.next(0x3A, from: file, to: close)
        guard threadEnd > thread, line.has(" ", at: threadEnd), close < line.byteCount,
            colon < close,
            line.isNumber(colon + 1..<close)
        else { return ParsedLine(shape: .unknown) }
        if fields.isWanted {
            fields.add(.thread, thread..<threadEnd, .number)
            fields.add(.file, file..<colon)
            fields.add(.line, colon + 1..<close, .number)
        }
        return ParsedLine(
            shape: .record,
            time: time,
            level: level,
            messageStart: min(close + 2, line.byteCount)
        )
    }

    private static func time(_ line: RawSpan) -> (ParsedLine.Time, next: Int)? {
        let hasYear = line.has(" ", at: 9)
        let day = hasYear ? 5 : 1
        guard line.has(" ", at: day + 4), line.has(".", at: day + 13) else { return nil }
        let year = hasYear ? line.number(at: 1, digits: 4) : 2_000
        let (nanosecond, next) = line.fraction(at: day + 13)
        guard let year, next > day + 13,
            let time = line.instant(
                year: year,
                month: line.twoDigits(day),
                day: line.twoDigits(day + 2),
                clock: day + 5
            )
        else { return nil }
        let fine = time + Span(nanoseconds: Int64(nanosecond))
        guard !hasYear else { return (.zoneUnknown(fine), next) }
        return (.yearUnknown(fine.civil(), offset: nil), next)
    }

    private static func level(_ letter: UInt8) -> Level? {
        switch letter {
        case 0x49: .info
        case 0x57: .warn
        case 0x45: .error
        case 0x46: .fatal
        default: nil
        }
    }

    /// `*** Check failure stack trace: ***`, `    @     0x7f…  main`, or Go's.
    private static func isCrash(_ line: RawSpan) -> Bool {
        line.hasPrefix("*** ", at: 0) || line.hasPrefix("    @ ", at: 0) || StackTrace.isGo(line)
    }
}
