/// Finds the end of a JSON array or object in bytes that come in pieces of any size.
///
/// It knows brackets and strings and nothing else: what is between them is for who reads it.
package struct JSONSkipper {
    static let depthLimit = MessagePackSkipper.depthLimit

    /// Where the values begin that an outermost array holds, at most eight.
    package private(set) var parts: [Int] = []
    package private(set) var partCount = 0

    private var offset: Int
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isBeforePart = false

    /// `offset` is where the array or object begins.
    package init(at offset: Int = 0) {
        self.offset = offset
    }

    /// As `MessagePackSkipper.advance`.
    package mutating func advance(_ bytes: RawSpan, limit: Int) -> MessagePackSkipper.Progress {
        while offset < bytes.byteCount {
            let byte = bytes.byte(offset)
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInString = false
                }
            } else {
                if isBeforePart, !byte.isJSONBlank, byte != 0x5D {
                    isBeforePart = false
                    partCount += 1
                    if parts.count < 8 { parts.append(offset) }
                }
                switch byte {
                case 0x22: isInString = true
                case 0x7B, 0x5B:
                    guard depth < Self.depthLimit else {
                        return .refused("messages of more than \(Self.depthLimit) levels")
                    }
                    if depth == 0 { isBeforePart = byte == 0x5B }
                    depth += 1
                case 0x7D, 0x5D:
                    depth -= 1
                    if depth <= 0 { return .whole(offset + 1) }
                case 0x2C where depth == 1: isBeforePart = true
                default: break
                }
            }
            offset += 1
            if offset > limit { return .refused("messages longer than \(limit >> 20) MiB") }
        }
        return .unfinished
    }
}

extension UInt8 {
    /// Between the tokens of JSON: RFC 8259 section 2.
    package var isJSONBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
