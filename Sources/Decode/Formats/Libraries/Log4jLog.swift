internal import Atlas

/// The usual layouts of Java's libraries: log4j, logback, java.util.logging of Tomcat.
///
///     2026-11-23 06:58:17,081 INFO  [main] o.a.z.Server - text           (log4j, WildFly)
///     2026-11-23 06:58:17.081 [main] INFO  o.a.z.Server - text           (logback)
///     2026-11-23T06:58:17.081Z  INFO 123 --- [main] c.e.App : text       (Spring Boot)
///     2026-11-23 06:58:17,081 INFO org.apache.hadoop.Server: text        (Hadoop)
///     [2026-11-23 06:58:17,081] INFO text (kafka.server.KafkaServer)     (Kafka)
///     [2026-11-23T06:58:17,081][INFO ][o.e.n.Node] [es-1] text           (Elasticsearch)
///     26/11/23 06:58:17 INFO executor.Executor: text                     (Spark)
///     23-Nov-2026 06:58:17.081 INFO [main] org.apache.catalina.Server text
///     261123 065817 148 INFO dfs.DataNode: text                          (Hadoop, older)
///
/// Stack traces go on with the line before. Sources: the default patterns of these projects;
/// log4j 2 manual, "Pattern Layout".
package struct Log4jLog: LogFormat {
    package let name = "log4j"
    package let summary = "the usual layouts of log4j, logback and other libraries of Java"

    /// Parts between a time and a level at most.
    private static let reach = 4

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let isBracketed = line.has("[", at: 0)
        guard let stamp = Self.stamp(line, at: isBracketed ? 1 : 0),
            !isBracketed || line.has("]", at: stamp.next)
        else { return ParsedLine(shape: StackTrace.isJava(line) ? .continuation : .unknown) }
        var index = isBracketed ? stamp.next + 1 : stamp.next
        guard line.has(" ", at: index) || line.has("[", at: index) else {
            return ParsedLine(shape: .unknown)
        }
        var head = Head()
        guard let level = head.readLevel(line, &index) else { return ParsedLine(shape: .unknown) }
        let message = head.readOrigin(line, from: index, isBracketed: isBracketed)
        if fields.isWanted { head.add(to: &fields) }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: min(message, line.byteCount),
            step: stamp.step
        )
    }

    private static func stamp(_ line: RawSpan, at start: Int) -> Stamp? {
        if let stamp = line.stamp(at: start) { return stamp }
        guard start == 0, line.byteCount > 21 else { return nil }
        if line.has("/", at: 2), line.has("/", at: 5), line.has(" ", at: 8),
            let time = line.instant(
                year: 2_000 + line.twoDigits(0),
                month: line.twoDigits(3),
                day: line.twoDigits(6),
                clock: 9
            ), line.twoDigits(0) < 100
        {
            return Stamp(asUTC: time, isFine: false, next: 17)
        }
        if line.has(" ", at: 6), line.has(" ", at: 13) { return packed(line) }
        guard line.has("-", at: 2), let month = line.month(at: 3), line.has("-", at: 6),
            line.has(" ", at: 11), let year = line.number(at: 7, digits: 4),
            let time = line.instant(year: year, month: month, day: line.twoDigits(0), clock: 12)
        else { return nil }
        let (nanosecond, next) = line.fraction(at: 20)
        let fine = time + Span(nanoseconds: Int64(nanosecond))
        return Stamp(asUTC: fine, isFine: next > 20, next: next)
    }

    /// `261123 065817`.
    private static func packed(_ line: RawSpan) -> Stamp? {
        let civil = Civil(
            year: 2_000 + line.twoDigits(0),
            month: line.twoDigits(2),
            day: line.twoDigits(4),
            hour: line.twoDigits(7),
            minute: line.twoDigits(9),
            second: line.twoDigits(11)
        )
        guard civil.isReal, civil.year < 2_100, let time = Instant(civil) else { return nil }
        return Stamp(asUTC: time, isFine: false, next: 13)
    }

    /// What stands between a time and a message.
    private struct Head {
        var thread: Range<Int>?
        var pid: Range<Int>?
        var logger: Range<Int>?
        var line: Range<Int>?

        func add(to fields: inout FieldList) {
            if let pid { fields.add(.pid, pid, .number) }
            if let thread { fields.add(.thread, thread) }
            if let logger { fields.add(.logger, logger) }
            if let line { fields.add(.line, line, .number) }
        }

        /// Moves behind the level; before it may stand a thread in brackets and a number.
        mutating func readLevel(_ line: RawSpan, _ index: inout Int) -> Level? {
            for _ in 0..<Log4jLog.reach {
                while index < line.byteCount, Self.isBetween(line.byte(index)) { index += 1 }
                guard index < line.byteCount else { return nil }
                if line.byte(index) == 0x5B {
                    guard let close = Self.closingBracket(line, from: index) else { return nil }
                    let word = line.trimmed(index + 1..<close)
                    index = close + 1
                    if let level = line.level(named: word) { return level }
                    if thread == nil { thread = word }
                    continue
                }
                let end = SyslogHead.wordEnd(line, from: index)
                let word = index..<end
                index = end
                if let level = line.level(named: word) { return level }
                guard pid == nil, line.isNumber(word) else { return nil }
                pid = word
            }
            return nil
        }

        /// Where the message begins: behind threads in brackets and the name of a logger.
        mutating func readOrigin(_ line: RawSpan, from start: Int, isBracketed: Bool) -> Int {
            var index = line.skipBlanks(from: start)
            if let end = springEnd(line, from: index) { index = end }
            var brackets = 0
            while brackets < 2, line.has("[", at: index),
                let close = Self.closingBracket(line, from: index)
            {
                let word = line.trimmed(index + 1..<close)
                // Elasticsearch names the logger there, glued to the level.
                if isBracketed, brackets == 0, index == start {
                    logger = word
                } else if thread == nil {
                    thread = word
                }
                index = line.skipBlanks(from: close + 1)
                brackets += 1
            }
            if logger != nil { return index }
            if isBracketed, let name = lastInBrackets(line, from: index) {
                logger = name
                return index
            }
            return named(line, from: index)
        }

        /// `123 --- `, which Spring Boot has behind its level.
        private mutating func springEnd(_ line: RawSpan, from start: Int) -> Int? {
            let end = line.endOfDigits(from: start)
            guard end > start, line.hasPrefix(" --- ", at: end) else { return nil }
            pid = start..<end
            return line.skipBlanks(from: end + 5)
        }

        /// `o.a.z.Server - `, `c.e.App : `, `dfs.DataNode: `, `(Server.java:7) `, or nothing.
        private mutating func named(_ line: RawSpan, from start: Int) -> Int {
            if line.hasPrefix("- ", at: start) { return start + 2 }
            let end = SyslogHead.wordEnd(line, from: start)
            let next = line.skipBlanks(from: end)
            if end > start, line.hasPrefix("- ", at: next) || line.hasPrefix(": ", at: next) {
                setLogger(line, start..<end)
                return next + 2
            }
            guard end - 1 > start, line.has(":", at: end - 1),
                line.index(of: 0x2E, in: start..<end - 1) != nil
            else { return start }
            setLogger(line, start..<end - 1)
            return next
        }

        /// A name; a line of a source file may follow: `Server:77`, `Server@77`.
        private mutating func setLogger(_ text: RawSpan, _ word: Range<Int>) {
            let colon = text.lastIndex(of: 0x3A, in: word) ?? text.lastIndex(of: 0x40, in: word)
            guard let colon, text.isNumber(colon + 1..<word.upperBound) else {
                logger = word
                return
            }
            logger = word.lowerBound..<colon
            line = colon + 1..<word.upperBound
        }

        /// `(kafka.server.KafkaServer)` at the end.
        private func lastInBrackets(_ line: RawSpan, from start: Int) -> Range<Int>? {
            let close = line.byteCount - 1
            guard close > start, line.has(")", at: close),
                let open = line.lastIndex(of: 0x28, in: max(start, close - 200)..<close),
                open + 1 < close, line.index(of: 0x20, in: open + 1..<close) == nil
            else { return nil }
            return open + 1..<close
        }

        private static func isBetween(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x2D || byte == 0x7C || byte == 0x09
        }

        /// Threads have names with brackets in them: `[QuorumPeer[myid=1]]`.
        private static func closingBracket(_ line: RawSpan, from open: Int) -> Int? {
            var depth = 0
            for index in open..<min(line.byteCount, open + 512) {
                switch line.byte(index) {
                case 0x5B: depth += 1
                case 0x5D:
                    depth -= 1
                    if depth == 0 { return index }
                default: continue
                }
            }
            return nil
        }
    }
}
