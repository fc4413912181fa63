/// How grave a log line is, on one scale for every format (RFC 5424 section 6.2.1, condensed).
package enum Level: UInt8, Codable, Hashable, Sendable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warn
    case error
    case fatal

    package var name: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warn: "warn"
        case .error: "error"
        case .fatal: "fatal"
        }
    }
}

extension Level: Comparable {
    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// A set of levels, one bit each: what a chunk holds, so that a query can pass it by.
package struct LevelMask: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package init(_ level: Level) {
        self.rawValue = 1 << level.rawValue
    }

    package static func atLeast(_ level: Level) -> LevelMask {
        LevelMask(rawValue: ~(LevelMask(level).rawValue &- 1) & 0x7F)
    }
}
