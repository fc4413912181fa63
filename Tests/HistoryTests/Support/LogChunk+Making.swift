import Atlas
import Chance

extension LogChunk {
    /// Lines that arrived at one moment, of these sources and levels in turn.
    static func plain(
        _ lines: [[UInt8]],
        from first: UInt64,
        at: Instant,
        of sources: [UInt16] = [0],
        levels: [Level] = [.info],
        placed: [PlacedSource] = []
    ) -> LogChunk {
        var end: UInt32 = 0
        return LogChunk(
            firstLine: first,
            bytes: Array(lines.joined()),
            ends: lines.map {
                end += UInt32($0.count)
                return end
            },
            sources: lines.indices.map { sources[$0 % sources.count] },
            arrivals: lines.map { _ in at },
            times: lines.map { _ in at },
            levels: lines.indices.map { levels[$0 % levels.count] },
            messageStarts: lines.map { _ in 0 },
            positions: [],
            placed: placed
        )
    }

    /// A line that does not pack.
    static func noise(_ count: Int, from first: UInt64, _ dice: inout Dice) -> LogChunk {
        plain([dice.bytes(count)], from: first, at: Instant(seconds: 1))
    }
}
