package import Atlas

/// Reads back a number, or writes it as a member of a sorted set: `ZADD KEY NUMBER NUMBER`.
///
/// The table of a write canary is the key of that set. A replica answers READONLY: a bad try.
package struct RedisCanary: CanaryClient {
    package init() {}

    package func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest {
        let command =
            switch mode {
            case .read: "PING \(attempt)"
            case .write: "ZADD \(Self.quoted(table)) \(attempt) \(attempt)"
            }
        return Redis.request(command, number: number)
    }

    /// A read brings its number back, a write how many members are new: 1, or 0 where a
    /// redis-cli before version 7 lost its connection and sent the command once more.
    package func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure? {
        if let failure = RedisFailure.refusal(in: reply.text) { return failure }
        let lines = reply.text.split(whereSeparator: \.isNewline)
        return lines.count == 1 && ["\(attempt)", "1", "0"].contains(lines[0])
            ? nil : ProbeFailure(.refused, words: "the answer is not the one that was asked for")
    }

    package func writes(
        table: String,
        first: Int64,
        last: Int64,
        number: UInt64
    ) -> SessionRequest {
        Redis.request("ZRANGEBYSCORE \(Self.quoted(table)) \(first) \(last)", number: number)
    }

    package func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] {
        var islands: [ClosedRange<Int64>] = []
        for line in reply.split(whereSeparator: \.isNewline) {
            let before = islands.last
            guard let number = Int64(line), before.map({ $0.upperBound < number }) ?? true else {
                throw .unreadable(probe: Redis().name, line: String(line))
            }
            if let before, before.upperBound == number - 1 {
                islands[islands.count - 1] = before.lowerBound...number
            } else {
                islands.append(number...number)
            }
        }
        return islands
    }

    package func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        Redis.request("ZREMRANGEBYSCORE \(Self.quoted(table)) \(first) \(last)", number: number)
    }

    /// A key as redis-cli reads it: in quotes, all but plain characters as `\xHH`.
    static func quoted(_ key: String) -> String {
        var quoted = "\""
        for byte in key.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F:
                quoted.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                quoted += "\\x" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return quoted + "\""
    }
}
