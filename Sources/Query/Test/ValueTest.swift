internal import Atlas

/// A condition about one value: of a field, or the name of a source or resource.
enum ValueTest: Sendable {
    case exists
    case equals([UInt8], ignoresCase: Bool)
    case like([UInt8], ignoresCase: Bool)
    case holds(LiteralFinder)
    case matches(LineRegex)
    case number(LogCondition.Comparison, Quantity)

    init(_ test: LogCondition.FieldTest) {
        switch test {
        case .exists: self = .exists
        case .equals(let text):
            self = .equals(Self.folded(text), ignoresCase: text.ignoresCase)
        case .like(let text): self = .like(Self.folded(text), ignoresCase: text.ignoresCase)
        case .holds(let text):
            self = .holds(LiteralFinder(text.text, ignoresCase: text.ignoresCase))
        case .matches(let pattern): self = .matches(LineRegex(pattern))
        case .number(let comparison, let bound): self = .number(comparison, bound)
        }
    }

    private static func folded(_ text: LogCondition.Text) -> [UInt8] {
        text.text.utf8.map { text.ignoresCase ? fold($0) : $0 }
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte + 32 : byte
    }

    /// Nil where a regular expression gave up.
    func holds(_ value: UnsafeRawBufferPointer) -> Bool? {
        switch self {
        case .exists: return true
        case .equals(let wanted, let ignoresCase):
            guard wanted.count == value.count else { return false }
            return value.indices.allSatisfy { index in
                wanted[index] == (ignoresCase ? Self.fold(value[index]) : value[index])
            }
        case .like(let pattern, let ignoresCase):
            return Self.isLike(value, pattern, ignoresCase: ignoresCase)
        case .holds(let finder): return finder.isIn(value, 0..<value.count)
        case .matches(let regex): return regex.matches(value)
        case .number(let comparison, let bound):
            return Quantity(value)?.compared(comparison, to: bound) ?? false
        }
    }

    func holds(_ text: String) -> Bool? {
        var text = text
        return text.withUTF8 { holds(UnsafeRawBufferPointer($0)) }
    }

    /// Of two stars the later one decides: linear but for what stands between stars.
    private static func isLike(
        _ text: UnsafeRawBufferPointer,
        _ pattern: [UInt8],
        ignoresCase: Bool
    ) -> Bool {
        var (index, place) = (0, 0)
        /// The last star, and where the text goes on behind it.
        var star: (index: Int, place: Int)?
        while place < text.count {
            let byte = ignoresCase ? fold(text[place]) : text[place]
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                star = (index, place)
                index += 1
            } else if index < pattern.count, pattern[index] == byte {
                index += 1
                place += 1
            } else if let last = star {
                star = (last.index, last.place + 1)
                index = last.index + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
