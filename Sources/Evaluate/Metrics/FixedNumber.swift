/// A decimal number with nine places, exact: sums of it do not depend on their order.
package struct FixedNumber: Hashable, Comparable, Sendable {
    /// Billionths.
    package var units: Int128

    package init(units: Int128) {
        self.units = units
    }

    package static let zero = FixedNumber(units: 0)

    package static func < (left: FixedNumber, right: FixedNumber) -> Bool {
        left.units < right.units
    }

    package static func + (left: FixedNumber, right: FixedNumber) -> FixedNumber {
        let (sum, overflow) = left.units.addingReportingOverflow(right.units)
        return FixedNumber(units: overflow ? (right.units < 0 ? .min : .max) : sum)
    }

    /// Reads `17`, `-0.25`, `+3`, `1.5e3`; nil for anything else, such as `-` or `12ms`.
    ///
    /// Places behind the ninth are cut; up to 18 digits before the point.
    package init?(_ text: UnsafeRawBufferPointer) {
        self.init(ShortText(text), text)
    }

    /// The same for a part of some bytes.
    package init?(in bytes: UnsafeRawBufferPointer, from start: Int, count: Int) {
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
        self.init(ShortText(bytes, from: start, count: count), text)
    }

    private init?(_ short: ShortText, _ text: UnsafeRawBufferPointer) {
        if let units = short.units {
            self.init(units: Int128(units))
        } else {
            self.init(long: text)
        }
    }

    private init?(long text: UnsafeRawBufferPointer) {
        var index = 0
        let isNegative = text.first == 0x2D
        if isNegative || text.first == 0x2B { index = 1 }
        let first = index
        var whole: Int64 = 0
        while index < text.count, text[index] &- 48 < 10 {
            guard index - first < 18 else { return nil }
            whole = whole &* 10 &+ Int64(text[index] &- 48)
            index += 1
        }
        var hasDigits = index > first
        var units = Int128(whole) * 1_000_000_000
        if index < text.count, text[index] == 0x2E {
            index += 1
            var unit: Int64 = 100_000_000
            var part: Int64 = 0
            while index < text.count, text[index] &- 48 < 10 {
                part &+= Int64(text[index] &- 48) &* unit
                unit /= 10
                index += 1
                hasDigits = true
            }
            units += Int128(part)
        }
        guard hasDigits else { return nil }
        if index < text.count {
            guard let scaled = Self.scaled(units, text, from: index) else { return nil }
            units = scaled
        }
        self.units = isNegative ? -units : units
    }

    /// What an exponent makes of it; nil where something else stands there.
    private static func scaled(
        _ units: Int128,
        _ text: UnsafeRawBufferPointer,
        from start: Int
    ) -> Int128? {
        guard text[start] | 0x20 == 0x65 else { return nil }
        var index = start + 1
        let isNegative = index < text.count && text[index] == 0x2D
        if isNegative || (index < text.count && text[index] == 0x2B) { index += 1 }
        guard index < text.count, text.count - index <= 2 else { return nil }
        var exponent = 0
        while index < text.count {
            guard text[index] &- 48 < 10 else { return nil }
            exponent = exponent * 10 + Int(text[index] &- 48)
            index += 1
        }
        var units = units
        for _ in 0..<exponent where units != 0 {
            if isNegative {
                units /= 10
            } else {
                let (product, overflow) = units.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                units = product
            }
        }
        return units
    }
}

extension FixedNumber: CustomStringConvertible {
    /// With as few places as are exact.
    package var description: String {
        let magnitude = units.magnitude
        let whole = magnitude / 1_000_000_000
        let places = String(magnitude % 1_000_000_000 + 1_000_000_000).dropFirst()
        let end = places.lastIndex { $0 != "0" }
        return (units < 0 ? "-" : "") + "\(whole)" + (end.map { "." + places[...$0] } ?? "")
    }
}
