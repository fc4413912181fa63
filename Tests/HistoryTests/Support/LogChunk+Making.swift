import Atlas

extension LogChunk {
    /// Lines of the first source that arrived at one moment.
    static func plain(_ lines: [[UInt8]], from first: UInt64, at: Instant) -> LogChunk {
        var end: UInt32 = 0
        return LogChunk(
            firstLine: first,
            bytes: Array(lines.joined()),
            ends: lines.map {
                end += UInt32($0.count)
                return end
            },
            sources: lines.map { _ in 0 },
            arrivals: lines.map { _ in at },
            times: lines.map { _ in at },
            levels: lines.map { _ in .info },
            messageStarts: lines.map { _ in 0 },
            positions: []
        )
    }

    /// A line that does not pack.
    static func noise(_ count: Int, from first: UInt64, _ dice: inout Dice) -> LogChunk {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: dice.next()) { bytes.append(contentsOf: $0) }
        }
        return plain([bytes], from: first, at: Instant(seconds: 1))
    }
}
