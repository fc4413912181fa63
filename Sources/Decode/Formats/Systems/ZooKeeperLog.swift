internal import Atlas

/// ZooKeeper's log, as its own configuration of log4j and logback has it.
///
///     2026-11-23 06:57:31,517 [myid:1] - INFO  [main:o.a.z.s.DatadirCleanupManager@78] - text
///     └ local time            └ server   └ level └ thread └ class               line └ message
///
/// Stack traces go on with the line before. Source: conf/log4j.properties and conf/logback.xml of
/// ZooKeeper 3.4 to 3.9; Debian's package leaves the server out.
package struct ZooKeeperLog: LogFormat {
    package let name = "zookeeper"
    package let summary = "ZooKeeper's log"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let stamp = line.stamp(at: 0), stamp.isFine, line.hasPrefix(" ", at: stamp.next)
        else {
            return ParsedLine(shape: StackTrace.isJava(line) ? .continuation : .unknown)
        }
        var index = stamp.next + 1
        var server: Range<Int>?
        if line.hasPrefix("[myid:", at: index) {
            let close = line.next(0x5D, from: index)
            server = (index + 6)..<max(index + 6, close)
            index = close + 1
        }
        guard line.hasPrefix(server == nil ? "- " : " - ", at: index) else {
            return ParsedLine(shape: .unknown)
        }
        let word = line.skipBlanks(from: index)
        let levelWord = line.skipBlanks(from: word + 1)
        let levelEnd = line.lettersEnd(from: levelWord)
        let open = line.skipBlanks(from: levelEnd)
        guard let level = line.level(named: levelWord..<max(levelWord, levelEnd)),
            line.has("[", at: open), let close = line.find("] - ", from: open + 1)
        else { return ParsedLine(shape: .unknown) }
        if fields.isWanted {
            if let server, !server.isEmpty {
                fields.add(named: (server.lowerBound - 5)..<(server.lowerBound - 1), server)
            }
            addOrigin(line, (open + 1)..<close, to: &fields)
        }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: close + 4
        )
    }

    /// `QuorumPeer[myid=1](plain=127.0.0.1:22181):o.a.z.s.q.Leader@1001`.
    private func addOrigin(_ line: RawSpan, _ range: Range<Int>, to fields: inout FieldList) {
        guard let at = line.lastIndex(of: 0x40, in: range),
            line.isNumber((at + 1)..<range.upperBound)
        else {
            return fields.add(.thread, range)
        }
        if let colon = line.lastIndex(of: 0x3A, in: range.lowerBound..<at) {
            fields.add(.thread, range.lowerBound..<colon)
            fields.add(.logger, (colon + 1)..<at)
        } else {
            fields.add(.logger, range.lowerBound..<at)
        }
        fields.add(.line, (at + 1)..<range.upperBound, .number)
    }
}
