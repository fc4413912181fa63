package import Atlas
package import Canvas

extension Health {
    /// Each of another shape, for eyes and terminals without colour.
    package var glyph: Unicode.Scalar {
        switch self {
        case .absent: "·"
        case .ok: "●"
        case .maintenance: "■"
        case .noData: "◌"
        case .warn: "▲"
        case .moving: "↻"
        case .down: "✖"
        }
    }

    package var role: Role {
        switch self {
        case .absent: .faint
        case .ok: .ok
        case .maintenance: .maintenance
        case .noData: .noData
        case .warn: .warn
        case .moving: .moving
        case .down: .down
        }
    }

    package var word: String {
        switch self {
        case .absent: "not there"
        case .ok: "ok"
        case .maintenance: "maintenance"
        case .noData: "no data"
        case .warn: "warn"
        case .moving: "failing over"
        case .down: "down"
        }
    }

    /// Of the figures beside the glyph: calm while nothing is wrong.
    package var figureRole: Role {
        switch self {
        case .absent: .faint
        case .ok: .dim
        default: role
        }
    }
}

extension Mark.Kind {
    package var glyph: Unicode.Scalar {
        switch self {
        case .down: "✖"
        case .warn: "▲"
        case .failover: "↻"
        case .verified: "●"
        case .note: "◆"
        }
    }

    package var role: Role {
        switch self {
        case .down: .down
        case .warn: .warn
        case .failover: .moving
        case .verified: .ok
        case .note: .strong
        }
    }

    /// Who is seen where several share a column: the greatest.
    package var weight: Int {
        switch self {
        case .verified: 0
        case .note: 1
        case .warn: 2
        case .failover: 3
        case .down: 4
        }
    }
}
