import Atlas
import Chance
import History

/// Lines of a busy estate, made once and sent again and again with the time of each second.
struct SoakLoad {
    static let sources = ["edge-1 syslog", "edge-2 syslog", "orders log"]

    /// A part of a second: bytes of lines, and what was read out of them.
    private struct Part {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var sources: [UInt16] = []
        var levels: [Level] = []
        var starts: [UInt32] = []
    }

    private let parts: [Part]
    private let rate: Int
    private let partsOfSecond: Int
    private var next = 0

    /// - Parameters:
    ///   - rate: lines a second.
    ///   - commits: into so many batches they are cut.
    init(rate: Int, commits: Int) {
        self.rate = rate
        partsOfSecond = commits
        var dice = Dice(20_261_126)
        // Another text each second, over half a minute.
        parts = (0..<32 * commits).map { _ in Self.part(rate / commits, &dice) }
    }

    private static let words = [
        "Accepted publickey for deploy from", "Connection closed by", "session opened for user",
        "GET /api/v1/orders/", "POST /api/v1/payments/", "cache miss for key", "flushed segment",
        "checkpoint complete: wrote", "slow query took", "retrying upstream",
    ]

    private static func part(_ count: Int, _ dice: inout Dice) -> Part {
        var part = Part()
        for _ in 0..<count {
            let source = Int(dice.below(3))
            let level: Level = dice.below(200) == 0 ? .error : dice.below(20) == 0 ? .warn : .info
            let word = words[Int(dice.below(UInt64(words.count)))]
            let program = dice.below(50) == 0 ? "keepalived" : "app-\(dice.below(12))"
            let head = "Nov 26 08:15:42 host-\(source) \(program)[\(1_000 + dice.below(400))]: "
            let address = "10.0.\(dice.below(256)).\(dice.below(256))"
            let line = "\(head)\(word) \(address) id=\(dice.below(1 << 30))"
            part.bytes += Array(line.utf8)
            part.ends.append(UInt32(part.bytes.count))
            part.sources.append(UInt16(source))
            part.levels.append(level)
            part.starts.append(UInt32(head.utf8.count))
        }
        return part
    }

    /// The batches of a second, cut into chunks as the fold seals them.
    mutating func second(_ second: Int64, firstLine: UInt64) -> [HistoryBatch] {
        var line = firstLine
        return (0..<partsOfSecond).map { index in
            let part = parts[next]
            next = (next + 1) % parts.count
            let at = Instant(
                nanoseconds: second * 1_000_000_000
                    + Int64(index + 1) * 1_000_000_000 / Int64(partsOfSecond)
            )
            let chunks = Self.chunks(part, firstLine: line, second: second, at: at)
            line += UInt64(part.ends.count)
            var intake = Intake()
            intake.lines = Int(line) - 1
            return HistoryBatch(
                at: at,
                chunks: chunks,
                observations: [JournalEntry(line: line, input: Input(at: at, event: .tick))],
                parts: index == 0 ? [.intake(intake), .clock(at)] : []
            )
        }
    }

    private static func chunks(
        _ part: Part,
        firstLine: UInt64,
        second: Int64,
        at: Instant
    ) -> [LogChunk] {
        var chunks: [LogChunk] = []
        var from = 0
        var start: UInt32 = 0
        while from < part.ends.count {
            var to = from
            while to < part.ends.count, part.ends[to] - start <= 262_144 { to += 1 }
            to = max(to, from + 1)
            let end = part.ends[to - 1]
            let count = to - from
            chunks.append(
                LogChunk(
                    firstLine: firstLine + UInt64(from),
                    bytes: Array(part.bytes[Int(start)..<Int(end)]),
                    ends: part.ends[from..<to].map { $0 - start },
                    sources: Array(part.sources[from..<to]),
                    arrivals: [Instant](repeating: at, count: count),
                    times: [Instant](repeating: Instant(seconds: second), count: count),
                    levels: Array(part.levels[from..<to]),
                    messageStarts: Array(part.starts[from..<to]),
                    positions: []
                )
            )
            (from, start) = (to, end)
        }
        return chunks
    }
}

extension Dice {
    fileprivate mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }
}
