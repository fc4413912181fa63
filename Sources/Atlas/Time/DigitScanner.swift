/// Reads the pieces of a written time from ASCII bytes, front to back.
package struct DigitScanner<Bytes: Collection> where Bytes.Element == UInt8 {
    private let bytes: Bytes
    private var index: Bytes.Index

    package init(_ bytes: Bytes) {
        self.bytes = bytes
        self.index = bytes.startIndex
    }

    package var isAtEnd: Bool { index == bytes.endIndex }

    /// The bytes not read so far.
    package var rest: Bytes.SubSequence { bytes[index...] }

    /// Exactly `count` digits, or nil (the position is then not defined).
    package mutating func number(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Passes over one ASCII character if it is next.
    package mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index != bytes.endIndex, UInt32(bytes[index]) == character.value else { return false }
        index = bytes.index(after: index)
        return true
    }

    /// Digits of a second after the point, as nanoseconds; nil when there are none.
    package mutating func fraction() -> Int? {
        var value = 0
        var places = 0
        while let digit = digit() {
            if places < 9 { value = value * 10 + digit }
            places += 1
        }
        guard places > 0 else { return nil }
        for _ in 0..<max(0, 9 - places) { value *= 10 }
        return value
    }

    /// `Z`, `+09:00`, `+0900` or `+09`: the offset from UTC.
    package mutating func zone() -> Span? {
        if skip("Z") || skip("z") { return .zero }
        let east = skip("+")
        guard east || skip("-"), let hours = number(2) else { return nil }
        var minutes = 0
        if skip(":") || !isAtEnd {
            guard let read = number(2) else { return nil }
            minutes = read
        }
        let span = Span.seconds(Int64(hours * 3_600 + minutes * 60))
        return east ? span : Span(nanoseconds: -span.nanoseconds)
    }

    private mutating func digit() -> Int? {
        guard index != bytes.endIndex, (48...57).contains(bytes[index]) else { return nil }
        defer { index = bytes.index(after: index) }
        return Int(bytes[index]) - 48
    }
}
