/// How well something is.
///
/// Ordered from good to bad, so that `max` is the worst.
///
/// "No data" is a state of its own: silence must not look like health.
package enum Health: String, Codable, Hashable, Sendable, CaseIterable {
    /// Not deployed here: nothing to tell.
    case absent
    case ok
    /// Taken out of service on purpose.
    case maintenance
    /// Nothing heard for three periods, or never asked.
    case noData = "no-data"
    case warn
    /// Failing over, or coming back.
    case moving
    case down
}

extension Health: Comparable {
    private var rank: Int {
        switch self {
        case .absent: 0
        case .ok: 1
        case .maintenance: 2
        case .noData: 3
        case .warn: 4
        case .moving: 5
        case .down: 6
        }
    }

    package static func < (left: Health, right: Health) -> Bool { left.rank < right.rank }
}
