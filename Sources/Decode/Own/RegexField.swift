internal import Atlas

/// A named group of an operator's format, and what its text is.
struct RegexField: Sendable {
    var group: Int
    /// Index into the format's names.
    var name: UInt8
    var type: UserFormat.FieldType

    /// What is not of the type stays a text.
    func kind(of bytes: UnsafeRawBufferPointer) -> Field.Kind {
        switch type {
        case .text: .text
        case .integer: Self.isNumber(bytes, isWhole: true) ? .number : .text
        case .number: Self.isNumber(bytes, isWhole: false) ? .number : .text
        case .duration: DurationText.nanoseconds(bytes) == nil ? .text : .duration
        case .boolean: Self.truth(bytes).map { $0 ? .true : .false } ?? .text
        }
    }

    /// As JSON writes numbers (RFC 8259 section 6), leading zeros allowed.
    private static func isNumber(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) -> Bool {
        var index = bytes.first == 0x2D ? 1 : 0
        func digits() -> Bool {
            let start = index
            while index < bytes.count, bytes[index] &- 48 < 10 { index += 1 }
            return index > start
        }
        guard digits() else { return false }
        if !isWhole, index < bytes.count, bytes[index] == 0x2E {
            index += 1
            guard digits() else { return false }
        }
        if !isWhole, index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard digits() else { return false }
        }
        return index == bytes.count
    }

    private static func truth(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        for (word, value) in Self.words where word.utf8CodeUnitCount == bytes.count {
            if bytes.indices.allSatisfy({ bytes[$0] | 0x20 == word.utf8Start[$0] | 0x20 }) {
                return value
            }
        }
        return nil
    }

    private static let words: [(StaticString, Bool)] = [
        ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true),
        ("off", false), ("1", true), ("0", false),
    ]
}

/// Lengths of time as logs write them: `12ms`, `1.5s`, `250us`, `1h2m`, `2m10.5s`.
package enum DurationText {
    /// Nil for anything else; a number without a unit is none.
    package static func nanoseconds(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var index = 0
        var total = 0.0
        guard !bytes.isEmpty else { return nil }
        while index < bytes.count {
            var value = 0.0
            var scale = 1.0
            var digits = 0
            var isFraction = false
            while index < bytes.count, bytes[index] &- 48 < 10 || bytes[index] == 0x2E {
                if bytes[index] == 0x2E {
                    guard !isFraction else { return nil }
                    isFraction = true
                } else {
                    value = value * 10 + Double(bytes[index] &- 48)
                    if isFraction { scale *= 10 }
                    digits += 1
                }
                index += 1
            }
            guard digits > 0, digits < 19, let unit = unit(bytes, &index) else { return nil }
            total += value / scale * unit
        }
        return total
    }

    private static func unit(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Double? {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        guard index < bytes.count else { return nil }
        let unit: (Double, Int)? =
            switch (bytes[index], next) {
            case (0x6E, 0x73): (1, 2)  // ns
            case (0x75, 0x73): (1e3, 2)  // us
            case (0xC2, 0xB5), (0xCE, 0xBC): (1e3, 3)  // the micro sign, or the letter mu
            case (0x6D, 0x73): (1e6, 2)  // ms
            case (0x73, _): (1e9, 1)  // s
            case (0x6D, _): (60e9, 1)  // m
            case (0x68, _): (3_600e9, 1)  // h
            case (0x64, _): (86_400e9, 1)  // d
            default: nil
            }
        guard let unit, index + unit.1 <= bytes.count else { return nil }
        index += unit.1
        // `sec`, `min`, `days`, ...
        guard index >= bytes.count || bytes[index] &- 48 < 10 || bytes[index] == 0x2E else {
            return nil
        }
        return unit.0
    }
}
