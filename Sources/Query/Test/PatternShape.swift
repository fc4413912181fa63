/// What can be told of a regular expression without trying it.
///
/// Read byte by byte, as PCRE2 does where it sees bytes. What is not understood here tells nothing,
/// and the expression is tried on each line.
struct PatternShape: Equatable {
    /// Bytes that every match holds one behind the other; empty when none are certain.
    private(set) var literal: [UInt8] = []
    /// True when a match in a line is one in lines that stand side by side as well, and is found
    /// there as quickly: no anchor, no look around, nothing that takes all it can get, and at least
    /// one byte long.
    private(set) var isSeamless = true

    private var run: [UInt8] = []
    private var depth = 0
    private var hasAlternatives = false
    /// The alternative that is read cannot be empty.
    private var takesBytes = false

    /// What a quantifier behind it repeats.
    private enum Atom {
        case byte(UInt8)
        /// A class of few bytes.
        case narrow
        /// Any byte, or nearly any.
        case wide
        case group
        case nothing
    }

    init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        guard read(bytes) else {
            self.literal = []
            isSeamless = false
            return
        }
        endRun()
        if hasAlternatives { literal = [] }
        if !takesBytes { isSeamless = false }
    }

    /// False where something is not understood.
    private mutating func read(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            guard let atom = atom(bytes, &index), repeats(atom, bytes, &index) else { return false }
        }
        return depth == 0
    }

    private mutating func endRun() {
        if depth == 0, run.count > literal.count { literal = run }
        run = []
    }

    private mutating func atom(_ bytes: [UInt8], _ index: inout Int) -> Atom? {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\\"): return escape(bytes, &index)
        case UInt8(ascii: "["): return characterClass(bytes, &index)
        case UInt8(ascii: "."): return .wide
        case UInt8(ascii: "("):
            endRun()
            depth += 1
            guard index < bytes.count else { return nil }
            if bytes[index] == UInt8(ascii: "*") { return nil }
            if bytes[index] == UInt8(ascii: "?") {
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: ":") else {
                    return nil
                }
                index += 2
            }
            return .nothing
        case UInt8(ascii: ")"):
            run = []
            depth -= 1
            return depth >= 0 ? .group : nil
        case UInt8(ascii: "|"):
            endRun()
            guard depth == 0 else { return .nothing }
            hasAlternatives = true
            if !takesBytes { isSeamless = false }
            takesBytes = false
            return .nothing
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            isSeamless = false
            return .nothing
        default: return .byte(byte)
        }
    }

    private mutating func escape(_ bytes: [UInt8], _ index: inout Int) -> Atom? {
        guard index < bytes.count else { return nil }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "d"), UInt8(ascii: "w"), UInt8(ascii: "s"), UInt8(ascii: "h"):
            return .narrow
        case UInt8(ascii: "D"), UInt8(ascii: "W"), UInt8(ascii: "S"), UInt8(ascii: "H"):
            return .wide
        case UInt8(ascii: "t"): return .byte(9)
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            isSeamless = false
            return .nothing
        default:
            let isLetter = (97...122).contains(byte | 0x20)
            return isLetter || (48...57).contains(byte) || byte >= 128 ? nil : .byte(byte)
        }
    }

    /// A negated one, or one with a negated class inside, is wide.
    private func characterClass(_ bytes: [UInt8], _ index: inout Int) -> Atom? {
        var isWide = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "^") {
            isWide = true
            index += 1
        }
        var isFirst = true
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "]"), !isFirst { return isWide ? .wide : .narrow }
            isFirst = false
            if byte == UInt8(ascii: "\\") {
                guard index < bytes.count else { return nil }
                // Of letters some negate, some are bytes by their numbers, `Q` quotes.
                if (65...90).contains(bytes[index]) { return nil }
                index += 1
            } else if byte == UInt8(ascii: "["), index < bytes.count,
                bytes[index] == UInt8(ascii: ":")
            {
                // [:alpha:], whose bracket does not end the class.
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "]")),
                    bytes[end - 1] == UInt8(ascii: ":")
                else { return nil }
                if bytes[index...end].contains(UInt8(ascii: "^")) { isWide = true }
                index = end + 1
            }
        }
        return nil
    }

    /// Takes in an atom and the quantifier behind it; false where that is not understood.
    private mutating func repeats(_ atom: Atom, _ bytes: [UInt8], _ index: inout Int) -> Bool {
        guard let quantifier = quantifier(bytes, &index) else { return false }
        let (least, most) = (quantifier.least, quantifier.most)
        if case .nothing = atom { return !quantifier.isWritten }
        if least > 0, depth == 0 {
            if case .group = atom {} else { takesBytes = true }
        }
        switch atom {
        case .byte(let byte):
            if least > 0 { run.append(byte) }
            if quantifier.isWritten { endRun() }
        case .wide, .group:
            endRun()
            if most == nil { isSeamless = false }
        case .narrow, .nothing: endRun()
        }
        guard quantifier.isWritten, index < bytes.count else { return true }
        if bytes[index] == UInt8(ascii: "+") { isSeamless = false }
        if bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "?") { index += 1 }
        return true
    }

    private struct Quantifier {
        var least = 1
        /// Nil for any number.
        var most: Int? = 1
        var isWritten = true
    }

    /// Once where none is written; nil where it is not understood.
    private func quantifier(_ bytes: [UInt8], _ index: inout Int) -> Quantifier? {
        guard index < bytes.count else { return Quantifier(isWritten: false) }
        switch bytes[index] {
        case UInt8(ascii: "*"):
            index += 1
            return Quantifier(least: 0, most: nil)
        case UInt8(ascii: "+"):
            index += 1
            return Quantifier(least: 1, most: nil)
        case UInt8(ascii: "?"):
            index += 1
            return Quantifier(least: 0, most: 1)
        case UInt8(ascii: "{"):
            // With a letter behind it, it is a byte as any other.
            guard index + 1 < bytes.count,
                [32, 44].contains(bytes[index + 1])
                    || (48...57).contains(bytes[index + 1])
            else { return Quantifier(isWritten: false) }
            return bounds(bytes, &index)
        default: return Quantifier(isWritten: false)
        }
    }

    /// `{2}`, `{2,}` or `{2,3}`.
    private func bounds(_ bytes: [UInt8], _ index: inout Int) -> Quantifier? {
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let parts = bytes[(index + 1)..<end]
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        index = end + 1
        let areNumbers = parts.allSatisfy { part in
            part.count < 6 && part.allSatisfy { (48...57).contains($0) }
        }
        guard areNumbers, (1...2).contains(parts.count) else { return nil }
        let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
        guard let least = numbers[0] else { return nil }
        return Quantifier(least: least, most: numbers.count == 1 ? least : numbers[1])
    }
}
