import Atlas
import Collect

/// What was not kept: counted at once, told once a second, said to the operator once a minute.
///
/// So a flood of bad messages makes neither a flood of events nor one of the program's own lines.
struct DropLedger {
    private struct Key: Hashable {
        var source: Int
        var reason: String
        var kind = SourceEvent.Kind.dropped
    }

    private struct Saying {
        var since: Monotonic
        var unsaid = 0
    }

    /// More reasons than this are told as `other`: a reason may hold a sender's words.
    private static let reasonLimit = 64

    private var order: [Key] = []
    private var counts: [Key: Int] = [:]
    private var said: [Key: Saying] = [:]

    var isEmpty: Bool { counts.isEmpty }

    mutating func add(
        _ count: Int,
        source: Int,
        reason: String,
        kind: SourceEvent.Kind = .dropped
    ) {
        var key = Key(source: source, reason: reason, kind: kind)
        if counts[key] == nil, counts.count >= Self.reasonLimit {
            key.reason = "for other reasons"
        }
        if counts[key] == nil { order.append(key) }
        counts[key, default: 0] += count
    }

    /// The events of what was counted since; those that `offer` refuses stay.
    mutating func tell(_ offer: (SourceEvent) -> Bool) -> [(
        source: Int, reason: String, count: Int
    )] {
        var told: [(source: Int, reason: String, count: Int)] = []
        while let key = order.first, let count = counts[key] {
            let event = SourceEvent(
                source: UInt16(key.source),
                kind: key.kind,
                detail: key.reason,
                count: count
            )
            guard offer(event) else { break }
            told.append((key.source, key.reason, count))
            order.removeFirst()
            counts[key] = nil
        }
        return told
    }

    /// How many were not said so far; nil while it is too early to say it again.
    mutating func toSay(_ count: Int, source: Int, reason: String, at now: Monotonic) -> Int? {
        let key = Key(source: source, reason: reason)
        guard let before = said[key], now - before.since < .seconds(60) else {
            let unsaid = said[key]?.unsaid ?? 0
            if said.count >= Self.reasonLimit * 4 { said = [:] }
            said[key] = Saying(since: now)
            return unsaid + count
        }
        said[key]?.unsaid += count
        return nil
    }
}
