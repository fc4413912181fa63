/// What is written in a line, as people and rules read it: without its escapes.
///
/// Never fails: an escape that is none (`\q`, half a surrogate pair, one cut off) stays as it is
/// written, and bytes that are no UTF-8 stay as they are.
package enum FieldText {
    /// Adds the value of a field to `text`; numbers, `true`, `null` and whole objects as written.
    ///
    /// A `true` without a place (a bare key of logfmt) is the word.
    package static func append(_ field: Field, of line: RawSpan, to text: inout [UInt8]) {
        append(field.value.range, field.kind, of: line, to: &text)
    }

    /// Adds the part of a line that is written in the way of `kind`.
    package static func append(
        _ range: Range<Int>,
        _ kind: Field.Kind,
        of line: RawSpan,
        to text: inout [UInt8]
    ) {
        line.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)])
            switch kind {
            case .json: unescape(part, isJSON: true, &text)
            case .backslashed: unescape(part, isJSON: false, &text)
            case .doubled: undouble(part, &text)
            case .facility, .severity: appendName(kind, part, &text)
            case .true where part.isEmpty: text.append(contentsOf: "true".utf8)
            default: text.append(contentsOf: part)
            }
        }
    }

    /// True when the value's bytes are its text already, so that nothing has to be copied.
    package static func isWritten(_ field: Field, in line: RawSpan) -> Bool {
        let mark: UInt8
        switch field.kind {
        case .json, .backslashed: mark = 0x5C
        case .doubled: mark = 0x22
        case .facility, .severity: return false
        case .true: return field.value.count > 0
        default: return true
        }
        let range = field.value.range
        return line.withUnsafeBytes { bytes in
            !bytes[range.clamped(to: 0..<bytes.count)].contains(mark)
        }
    }

    /// What a syslog priority says by its name; the number where there is none.
    private static func appendName(
        _ kind: Field.Kind,
        _ digits: UnsafeRawBufferPointer,
        _ text: inout [UInt8]
    ) {
        let number = digits.bytes.decimal(0..<digits.count)
        let name = number.flatMap {
            kind == .facility ? SyslogPriority.facility($0) : SyslogPriority.severity($0)
        }
        guard let name else { return text.append(contentsOf: digits) }
        text.append(
            contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        )
    }

    /// RFC 4180: two quotes are one.
    private static func undouble(_ bytes: UnsafeRawBufferPointer, _ text: inout some TextSink) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            text.add(byte)
            let isPair = byte == 0x22 && index + 1 < bytes.count && bytes[index + 1] == 0x22
            index += isPair ? 2 : 1
        }
    }

    /// What is added is never longer than what is read.
    static func unescape(
        _ bytes: UnsafeRawBufferPointer,
        isJSON: Bool,
        _ text: inout some TextSink
    ) {
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x5C else {
                index += 1
                continue
            }
            text.add(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            var escape = Escape(bytes, at: index + 1, isJSON: isJSON)
            escape.read()
            if let byte = escape.byte {
                text.add(byte)
            } else if let scalar = escape.scalar, let encoded = UTF8.encode(scalar) {
                for byte in encoded { text.add(byte) }
            } else {
                // The backslash, and what it may have been meant for.
                escape.next = min(index + 2, bytes.count)
                text.add(UnsafeRawBufferPointer(rebasing: bytes[index..<escape.next]))
            }
            index = escape.next
            start = index
        }
        text.add(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
}

/// Where a text is put.
protocol TextSink {
    mutating func add(_ byte: UInt8)
    mutating func add(_ bytes: UnsafeRawBufferPointer)
}

extension [UInt8]: TextSink {
    mutating func add(_ byte: UInt8) { append(byte) }
    mutating func add(_ bytes: UnsafeRawBufferPointer) { append(contentsOf: bytes) }
}

/// Memory of a fixed size; what does not fit is left out.
struct FixedSink: TextSink {
    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    mutating func add(_ byte: UInt8) {
        guard count < memory.count else { return }
        memory[count] = byte
        count += 1
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes.prefix(memory.count - count) { add(byte) }
    }
}

/// What stands behind a backslash.
///
/// JSON (RFC 8259 section 7) knows `"` `\` `/` `b` `f` `n` `r` `t` `uHHHH`. The others are those of
/// Go's strconv.Quote, of nginx (`\x22`) and of Apache: `a` `v` `xHH` `UHHHHHHHH` too, and any
/// ASCII punctuation stands for itself.
private struct Escape {
    private let bytes: UnsafeRawBufferPointer
    private let isJSON: Bool
    /// Behind the escape.
    var next: Int
    private(set) var byte: UInt8?
    private(set) var scalar: Unicode.Scalar?

    init(_ bytes: UnsafeRawBufferPointer, at index: Int, isJSON: Bool) {
        self.bytes = bytes
        self.isJSON = isJSON
        next = index
    }

    mutating func read() {
        guard next < bytes.count else { return }
        let mark = bytes[next]
        next += 1
        switch mark {
        case 0x22, 0x5C, 0x2F: byte = mark
        case 0x62: byte = 0x08
        case 0x66: byte = 0x0C
        case 0x6E: byte = 0x0A
        case 0x72: byte = 0x0D
        case 0x74: byte = 0x09
        case 0x75: readPair()
        case _ where isJSON: return
        case 0x61: byte = 0x07
        case 0x76: byte = 0x0B
        case 0x78: byte = hex(2).map { UInt8(truncatingIfNeeded: $0) }
        case 0x55: scalar = hex(8).flatMap(Unicode.Scalar.init)
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: byte = mark
        default: return
        }
    }

    /// `XXXX`, or the two halves of a character beyond them: `D83D\uDE00`.
    private mutating func readPair() {
        guard let first = hex(4) else { return }
        scalar = Unicode.Scalar(first)
        guard (0xD800..<0xDC00).contains(first), next + 1 < bytes.count,
            bytes[next] == 0x5C, bytes[next + 1] == 0x75
        else { return }
        next += 2
        guard let second = hex(4), (0xDC00..<0xE000).contains(second) else { return }
        scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hex(_ digits: Int) -> UInt32? {
        guard next + digits <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in next..<(next + digits) {
            let digit: UInt8
            switch bytes[index] {
            case 0x30...0x39: digit = bytes[index] - 0x30
            case 0x41...0x46: digit = bytes[index] - 0x37
            case 0x61...0x66: digit = bytes[index] - 0x57
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        next += digits
        return value
    }
}
