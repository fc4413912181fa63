/// What lines are told apart by.
package enum LogKey: Codable, Hashable, Sendable {
    case level
    /// The name of the source.
    case source
    /// The resource that the source belongs to.
    case resource
    /// The first field of a name that the line's format tells.
    case field(String)
}

/// What the lines of a bucket are counted by.
package enum LogGrouping: Codable, Hashable, Sendable {
    /// A count for each level, the least grave first.
    case level
    /// A count for each of the values, in their order; then one for all others, and one for lines
    /// that have none.
    case values(LogKey, [[UInt8]])

    package var key: LogKey {
        switch self {
        case .level: .level
        case .values(let key, _): key
        }
    }

    var size: Int {
        switch self {
        case .level: 7
        case .values(_, let values): values.count + 2
        }
    }
}
