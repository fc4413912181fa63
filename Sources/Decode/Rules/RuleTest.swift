internal import Atlas
internal import Patterns

/// A condition of a rule about one line; those about its source are settled before.
enum RuleTest: Sendable {
    case atLeast(Level)
    case below(Level)
    case equals(FieldName, [[UInt8]])
    case matches(FieldName, RegexCode)
    case exists(FieldName, Bool)
    case number(FieldName, LineRule.Comparison, LineRule.Bound)

    /// Nil for a condition that never holds: a pattern that is none.
    init?(_ condition: LineRule.Condition, _ names: inout FieldNames) {
        switch condition {
        case .source, .format: return nil
        case .level(let level): self = .atLeast(level)
        case .levelBelow(let level): self = .below(level)
        case .field(let name, .equals(let texts)):
            self = .equals(names.name(name), texts.map { Array($0.utf8) })
        case .field(let name, .matches(let pattern)):
            guard case .code(let code) = RegexCode.compile(pattern, isAnchored: false) else {
                return nil
            }
            self = .matches(names.name(name), code)
        case .field(let name, .exists(let isThere)): self = .exists(names.name(name), isThere)
        case .field(let name, .number(let comparison, let bound)):
            self = .number(names.name(name), comparison, bound)
        }
    }

    /// The field that is asked for; nil where it is about none.
    var name: FieldName? {
        switch self {
        case .atLeast, .below: nil
        case .equals(let name, _), .matches(let name, _), .exists(let name, _),
            .number(let name, _, _):
            name
        }
    }

    /// A regular expression that gives up counts as one that does not match.
    func holds(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .atLeast, .below: return false
        case .exists(_, let isThere): return isThere
        case .equals(_, let texts):
            return texts.contains { text in
                text.count == bytes.count && text.indices.allSatisfy { text[$0] == bytes[$0] }
            }
        case .matches(_, let code):
            if case .matched = code.search(bytes) { return true }
            return false
        case .number(_, let comparison, let bound):
            let read =
                bound.isDuration
                ? DurationText.nanoseconds(bytes) : NumberText.value(bytes)
            guard let value = read else { return false }
            return switch comparison {
            case .above: value > bound.value
            case .below: value < bound.value
            case .least: value >= bound.value
            case .most: value <= bound.value
            }
        }
    }
}

/// Numbers as logs write them: `12`, `-0.5`, `1e3`.
enum NumberText {
    /// Nil for anything else, and for more than 40 bytes.
    static func value(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var index = 0
        let isNegative = bytes.first == 0x2D
        if isNegative { index = 1 }
        var value = 0.0
        var scale = 1.0
        var digits = 0
        var isFraction = false
        guard bytes.count <= 40 else { return nil }
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 48 < 10 {
                value = value * 10 + Double(byte &- 48)
                if isFraction { scale *= 10 }
                digits += 1
            } else if byte == 0x2E, !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        value /= scale
        if index < bytes.count {
            guard bytes[index] | 0x20 == 0x65, let power = power(bytes, from: index + 1) else {
                return nil
            }
            for _ in 0..<abs(power) { value = power < 0 ? value / 10 : value * 10 }
        }
        return isNegative ? -value : value
    }

    private static func power(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        var isNegative = false
        if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        guard index < bytes.count, bytes.count - index <= 3 else { return nil }
        var value = 0
        while index < bytes.count {
            let digit = bytes[index] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            index += 1
        }
        return isNegative ? -value : value
    }
}
