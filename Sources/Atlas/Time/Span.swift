/// A length of time in nanoseconds, negative allowed.
///
/// Encoded as a number of seconds; exact to the nanosecond up to 104 days.
package struct Span: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static let zero = Span(nanoseconds: 0)

    package static func seconds(_ count: Int64) -> Span {
        Span(nanoseconds: count &* 1_000_000_000)
    }

    package static func milliseconds(_ count: Int64) -> Span {
        Span(nanoseconds: count &* 1_000_000)
    }

    package var seconds: Double { Double(nanoseconds) / 1e9 }
    package var milliseconds: Double { Double(nanoseconds) / 1e6 }

    package static func < (left: Span, right: Span) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func + (left: Span, right: Span) -> Span {
        Span(nanoseconds: left.nanoseconds &+ right.nanoseconds)
    }

    package static func - (left: Span, right: Span) -> Span {
        Span(nanoseconds: left.nanoseconds &- right.nanoseconds)
    }

    package static func * (left: Span, right: Int64) -> Span {
        Span(nanoseconds: left.nanoseconds &* right)
    }

    package static func / (left: Span, right: Int64) -> Span {
        Span(nanoseconds: left.nanoseconds / right)
    }
}

extension Span: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let seconds = try container.decode(Double.self)
        guard abs(seconds) < 9e9 else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(seconds) seconds are out of range"
            )
        }
        self.init(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

extension Span {
    /// Reads `250ms`, `2s`, `1.5m`, `15m`, `2h`, `7d`, and sums such as `1h30m`.
    ///
    /// Units: ns us ms s m h d w. A bare number, a sign or a space gives nil: the unit is the
    /// point.
    package init?(_ text: some StringProtocol) {
        var total = 0.0
        var digits = ""
        var unit = ""
        var parts = 0
        func take() -> Double? {
            guard let number = Double(digits), let scale = Self.scale(of: unit) else { return nil }
            return number * scale
        }
        for character in text {
            if character.isASCII, character.isNumber || character == "." {
                if !unit.isEmpty {
                    guard let part = take() else { return nil }
                    total += part
                    parts += 1
                    digits = ""
                    unit = ""
                }
                digits.append(character)
            } else {
                unit.append(character)
            }
        }
        guard let part = take() else { return nil }
        total += part
        guard total.isFinite, total < 9e18 else { return nil }
        self.init(nanoseconds: Int64(total.rounded()))
    }

    private static func scale(of unit: String) -> Double? {
        switch unit {
        case "ns": 1
        case "us": 1e3
        case "ms": 1e6
        case "s": 1e9
        case "m", "min": 60e9
        case "h": 3_600e9
        case "d": 86_400e9
        case "w": 604_800e9
        default: nil
        }
    }
}

extension Span: CustomStringConvertible {
    /// What a person reads: two to three digits and one unit, such as `40 ms`, `8.1 s`, `22 min`.
    package var description: String {
        let magnitude = abs(seconds)
        let sign = nanoseconds < 0 ? "-" : ""
        return switch magnitude {
        case 0: "0 s"
        case ..<0.001: sign + "\(Int((magnitude * 1e6).rounded())) us"
        case ..<0.9995: sign + "\(Int((magnitude * 1e3).rounded())) ms"
        case ..<9.95: sign + Self.tenths(magnitude) + " s"
        case ..<99.5:
            sign + (magnitude < 30 ? Self.tenths(magnitude) : "\(Int(magnitude.rounded()))") + " s"
        case ..<5_970: sign + Self.tenths(magnitude / 60, below: 10) + " min"
        case ..<172_800: sign + Self.tenths(magnitude / 3_600, below: 10) + " h"
        default: sign + "\(Int((magnitude / 86_400).rounded())) d"
        }
    }

    private static func tenths(_ value: Double, below limit: Double = .infinity) -> String {
        guard value < limit else { return "\(Int(value.rounded()))" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 && limit != .infinity
            ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
