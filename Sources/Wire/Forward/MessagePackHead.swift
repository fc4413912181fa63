/// The first bytes of a MessagePack value: how long it is, and what follows.
///
/// Source: the MessagePack specification, section "Formats"
/// (github.com/msgpack/msgpack/blob/master/spec.md).
struct MessagePackHead {
    enum Kind {
        case null
        case flag(Bool)
        case unsigned(UInt64)
        case negative(Int64)
        case float(Float)
        case double(Double)
        /// Text, or bytes that senders use for text.
        case text
        /// An application's own type; -1 is a timestamp, 0 the Forward protocol's EventTime.
        case ext(Int8)
        /// Values follow: `children` of them.
        case array
        /// Keys and values follow in turn: `children` counts both.
        case map
    }

    var kind: Kind
    /// Bytes before the payload.
    var length: Int
    /// Bytes of the value itself, behind the head; 0 for what has children.
    var payload = 0
    var children = 0

    var isContainer: Bool {
        switch kind {
        case .array, .map: true
        default: false
        }
    }

    private init(_ kind: Kind, _ length: Int = 1, payload: Int = 0, children: Int = 0) {
        self.kind = kind
        self.length = length
        self.payload = payload
        self.children = children
    }

    /// Reads the head at an offset; nil where it is not all there, or is none.
    @inline(__always)
    static func read(_ bytes: RawSpan, at offset: Int) -> MessagePackHead? {
        let left = bytes.byteCount - offset
        guard left > 0 else { return nil }
        let first = bytes.byte(offset)
        switch first {
        case 0x00...0x7F: return MessagePackHead(.unsigned(UInt64(first)))
        case 0x80...0x8F: return MessagePackHead(.map, children: Int(first & 0x0F) * 2)
        case 0x90...0x9F: return MessagePackHead(.array, children: Int(first & 0x0F))
        case 0xA0...0xBF: return MessagePackHead(.text, payload: Int(first & 0x1F))
        case 0xE0...0xFF: return MessagePackHead(.negative(Int64(Int8(bitPattern: first))))
        default: return readLong(bytes, offset, first, left)
        }
    }

    /// Bytes of the heads 0xc0 to 0xdf; 0 for the one that is unused.
    private static let lengths: [UInt8] = [
        1, 0, 1, 1, 2, 3, 5, 3, 4, 6, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 2, 2, 2, 2, 2, 2, 3, 5, 3, 5,
        3, 5,
    ]

    private static func readLong(
        _ bytes: RawSpan,
        _ offset: Int,
        _ first: UInt8,
        _ left: Int
    ) -> MessagePackHead? {
        let length = Int(lengths[Int(first) - 0xC0])
        guard length > 0, length <= left else { return nil }
        let at = offset + 1
        func size8() -> Int { Int(bytes.byte(at)) }
        func size16() -> Int { Int(bytes.big(at, as: UInt16.self)) }
        func size32() -> Int { Int(bytes.big(at, as: UInt32.self)) }
        func type(_ at: Int) -> Kind { .ext(Int8(bitPattern: bytes.byte(at))) }
        return switch first {
        case 0xC0: MessagePackHead(.null)
        case 0xC2: MessagePackHead(.flag(false))
        case 0xC3: MessagePackHead(.flag(true))
        case 0xC4, 0xD9: MessagePackHead(.text, length, payload: size8())
        case 0xC5, 0xDA: MessagePackHead(.text, length, payload: size16())
        case 0xC6, 0xDB: MessagePackHead(.text, length, payload: size32())
        case 0xC7: MessagePackHead(type(at + 1), length, payload: size8())
        case 0xC8: MessagePackHead(type(at + 2), length, payload: size16())
        case 0xC9: MessagePackHead(type(at + 4), length, payload: size32())
        case 0xCA: MessagePackHead(.float(Float(bitPattern: bytes.big(at))), length)
        case 0xCB: MessagePackHead(.double(Double(bitPattern: bytes.big(at))), length)
        case 0xCC: MessagePackHead(.unsigned(UInt64(bytes.byte(at))), length)
        case 0xCD: MessagePackHead(.unsigned(UInt64(bytes.big(at, as: UInt16.self))), length)
        case 0xCE: MessagePackHead(.unsigned(UInt64(bytes.big(at, as: UInt32.self))), length)
        case 0xCF: MessagePackHead(.unsigned(bytes.big(at)), length)
        case 0xD0: signed(Int64(Int8(bitPattern: bytes.byte(at))), length)
        case 0xD1: signed(Int64(bytes.big(at, as: Int16.self)), length)
        case 0xD2: signed(Int64(bytes.big(at, as: Int32.self)), length)
        case 0xD3: signed(bytes.big(at), length)
        case 0xD4...0xD8: MessagePackHead(type(at), length, payload: 1 << (Int(first) - 0xD4))
        case 0xDC: MessagePackHead(.array, length, children: size16())
        case 0xDD: MessagePackHead(.array, length, children: size32())
        case 0xDE: MessagePackHead(.map, length, children: size16() * 2)
        default: MessagePackHead(.map, length, children: size32() * 2)
        }
    }

    private static func signed(_ value: Int64, _ length: Int) -> MessagePackHead {
        MessagePackHead(value < 0 ? .negative(value) : .unsigned(UInt64(value)), length)
    }
}
