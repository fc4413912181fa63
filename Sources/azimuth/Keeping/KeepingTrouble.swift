import Atlas
import History
import Synchronization

/// The history takes nothing.
struct KeepingTrouble: Sendable {
    /// Of its finding.
    static let key = "history:keeping"

    var error: HistoryError
    /// The fold's time at which it began.
    var since: Instant
    /// Lines wait where they come from.
    var isHolding = true
    var lostLines = 0
    var lostInputs = 0
    /// Of metrics: seconds of series.
    var lostSamples = 0

    /// For the one who looks at a screen.
    var notice: String {
        isHolding
            ? "not kept, lines wait: \(error.what)"
            : "not kept: \(lostText) so far; \(error.what)"
    }

    var hasLost: Bool { lostLines + lostInputs + lostSamples > 0 }

    var lostText: String {
        var parts = [Self.count(lostLines, "line")]
        if lostInputs > 0 { parts.append(Self.count(lostInputs, "other input")) }
        if lostSamples > 0 { parts.append(Self.count(lostSamples, "sample") + " of metrics") }
        let last = parts.removeLast()
        return parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last
    }

    private static func count(_ number: Int, _ name: String) -> String {
        "\(number) \(name)\(number == 1 ? "" : "s")"
    }

    /// Without counts and ages, so that it stays the same while it lasts.
    var finding: Finding {
        Finding(
            key: Self.key,
            health: isHolding ? .warn : .down,
            subject: "history",
            place: nil,
            title: isHolding
                ? "the history takes nothing, lines wait" : "the history takes nothing",
            detail: "\(error.what); \(error.remedy)",
            since: since
        )
    }
}

extension Picture {
    /// With what the writer of the history says of itself, and no older word of it.
    func telling(_ trouble: Finding?) -> Picture {
        var picture = self
        picture.findings.removeAll { $0.key == KeepingTrouble.key }
        if let trouble { picture.findings.insert(trouble, at: 0) }
        return picture
    }
}

/// What the fold tells of the store.
final class TroubleBox: Sendable {
    private let trouble = Mutex<KeepingTrouble?>(nil)

    var findings: [Finding] { trouble.withLock { $0.map { [$0.finding] } ?? [] } }

    func put(_ now: KeepingTrouble?) { trouble.withLock { $0 = now } }
}
