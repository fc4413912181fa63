import Atlas
import History

/// Lines for a test: what makes one, and a log that holds them.
struct KeptLine {
    var text: String
    var level = Level.info
    /// 0 writes for `orders-a`, 1 for `orders-b`, 2 for nobody.
    var source: UInt16 = 0
    /// Of the head that stands before the message.
    var messageStart: UInt32 = 0
    /// When it arrived, and its own time.
    var second: Int64 = 0

    static let sources = [
        LogSource(name: "a.log", path: "a.log", format: "plain", resource: "orders-a"),
        LogSource(name: "b.log", path: "b.log", format: "plain", resource: "orders-b"),
        LogSource(name: "c.log", path: "c.log", format: "plain"),
    ]
}

extension LogChunk {
    convenience init(_ lines: [KeptLine], firstLine: UInt64, receipts: [UInt64] = []) {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for line in lines {
            bytes += Array(line.text.utf8)
            ends.append(UInt32(bytes.count))
        }
        self.init(
            firstLine: firstLine,
            bytes: bytes,
            ends: ends,
            sources: lines.map(\.source),
            arrivals: lines.map { Instant(seconds: $0.second) },
            times: lines.map { Instant(seconds: $0.second) },
            levels: lines.map(\.level),
            messageStarts: lines.map(\.messageStart),
            positions: [],
            receipts: receipts
        )
    }
}

extension LineLog {
    /// Numbered from 1, in chunks of `chunk` lines.
    static func of(_ lines: [KeptLine], chunk: Int = 10, capacity: Int = 100_000) -> LineLog {
        let log = LineLog(sources: KeptLine.sources, capacity: capacity)
        for start in stride(from: 0, to: lines.count, by: chunk) {
            let part = lines[start..<min(start + chunk, lines.count)]
            log.add(LogChunk(Array(part), firstLine: UInt64(start + 1)))
        }
        return log
    }
}
