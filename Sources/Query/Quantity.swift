/// A number with what it counts, as queries and logs write it: `5`, `-0.5`, `12ms`, `1m30s`, `10k`,
/// `4MiB`, `97%`.
package struct Quantity: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        case plain
        /// In nanoseconds: ns us µs ms s m min h d w.
        case duration
        /// In bytes: B, and k M G T P with or without B by 1,000, with i by 1,024.
        case size
        case percent
    }

    package var kind: Kind
    /// In the unit of its kind.
    package var value: Double
    /// As written before its unit; nil for a sum such as `1m30s`.
    package var number: Double?

    package init(kind: Kind, value: Double, number: Double?) {
        self.kind = kind
        self.value = value
        self.number = number
    }

    private static let mostBytes = 40

    /// Nil for what is no number with a known unit, and for more than 40 bytes.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, bytes.count <= Self.mostBytes else { return nil }
        var index = 0
        var isNegative = false
        if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
            isNegative = bytes[0] == UInt8(ascii: "-")
            index = 1
        }
        guard let first = Self.part(bytes, &index) else { return nil }
        kind = first.kind
        value = first.value
        number = isNegative ? -first.number : first.number
        while index < bytes.count {
            guard kind == .duration, let next = Self.part(bytes, &index), next.kind == .duration
            else { return nil }
            value += next.value
            number = nil
        }
        if isNegative { value = -value }
    }

    package init?(_ text: String) {
        var text = text
        guard let read = text.withUTF8({ Quantity(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = read
    }

    /// What a field has against what a query asks for; nil where the two cannot be compared.
    ///
    /// Without a unit in the query the number counts as the field has it. A size is compared with
    /// bytes, whether or not the field says so.
    func compared(
        _ comparison: LogCondition.Comparison,
        to bound: Quantity
    ) -> Bool? {
        switch bound.kind {
        case .plain: number.map { comparison.holds($0, bound.value) }
        case .duration where kind == .duration, .size where kind == .size || kind == .plain,
            .percent where kind == .percent || kind == .plain:
            comparison.holds(value, bound.value)
        default: nil
        }
    }

    private static func part(
        _ bytes: UnsafeRawBufferPointer,
        _ index: inout Int
    ) -> (kind: Kind, value: Double, number: Double)? {
        guard let number = digits(bytes, &index) else { return nil }
        let start = index
        while index < bytes.count, bytes[index] &- 48 >= 10 { index += 1 }
        guard start < index else { return (.plain, number, number) }
        let unit = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
        guard let (kind, scale) = scale(of: unit) else { return nil }
        return (kind, number * scale, number)
    }

    /// Digits with a fraction and an exponent; an `e` that no digit follows is none.
    private static func digits(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Double? {
        var value = 0.0
        var scale = 1.0
        var count = 0
        var isFraction = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 48 < 10 {
                value = value * 10 + Double(byte &- 48)
                if isFraction { scale *= 10 }
                count += 1
            } else if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        guard count > 0 else { return nil }
        return value / scale * power(bytes, &index)
    }

    private static func power(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Double {
        guard index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") else { return 1 }
        var next = index + 1
        var isNegative = false
        if next < bytes.count, bytes[next] == UInt8(ascii: "-") || bytes[next] == UInt8(ascii: "+")
        {
            isNegative = bytes[next] == UInt8(ascii: "-")
            next += 1
        }
        let start = next
        var exponent = 0
        while next < bytes.count, bytes[next] &- 48 < 10, next - start < 3 {
            exponent = exponent * 10 + Int(bytes[next] &- 48)
            next += 1
        }
        guard next > start else { return 1 }
        index = next
        var power = 1.0
        for _ in 0..<exponent { power *= 10 }
        return isNegative ? 1 / power : power
    }

    private static func scale(of unit: UnsafeRawBufferPointer) -> (Kind, Double)? {
        guard unit.count <= 3 else { return nil }
        var code: UInt32 = 0
        for byte in unit { code = code << 8 | UInt32(byte) }
        return units[code]
    }

    private static let units: [UInt32: (Kind, Double)] = {
        var units: [String: (Kind, Double)] = [
            "ns": (.duration, 1), "us": (.duration, 1e3), "µs": (.duration, 1e3),
            "μs": (.duration, 1e3), "ms": (.duration, 1e6), "s": (.duration, 1e9),
            "m": (.duration, 60e9), "min": (.duration, 60e9), "h": (.duration, 3_600e9),
            "d": (.duration, 86_400e9), "w": (.duration, 604_800e9), "%": (.percent, 1),
            "B": (.size, 1), "b": (.size, 1), "k": (.size, 1e3), "kB": (.size, 1e3),
        ]
        var (decimal, binary) = (1.0, 1.0)
        for letter in ["K", "M", "G", "T", "P"] {
            decimal *= 1_000
            binary *= 1_024
            units[letter] = (.size, decimal)
            units[letter + "B"] = (.size, decimal)
            units[letter + "i"] = (.size, binary)
            units[letter + "iB"] = (.size, binary)
        }
        var codes: [UInt32: (Kind, Double)] = [:]
        for (unit, scale) in units {
            codes[unit.utf8.reduce(0) { $0 << 8 | UInt32($1) }] = scale
        }
        return codes
    }()
}
