/// A value of MessagePack, written as senders do.
indirect enum Pack {
    case null
    case flag(Bool)
    case int(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// str32, as fluentd writes its entries.
    case longText([UInt8])
    case array([Pack])
    case map([(Pack, Pack)])
    case ext(Int8, [UInt8])
    /// EventTime as fixext8.
    case time(UInt32, UInt32)

    static func record(_ pairs: KeyValuePairs<String, Pack>) -> Pack {
        .map(pairs.map { (.text($0), $1) })
    }

    var packed: [UInt8] {
        switch self {
        case .null: [0xC0]
        case .flag(let flag): [flag ? 0xC3 : 0xC2]
        case .int(let value):
            switch value {
            case 0...127: [UInt8(value)]
            case 128...Int64(UInt32.max): [0xCE] + Self.big(UInt64(value), 4)
            default: [0xD3] + Self.big(UInt64(bitPattern: value), 8)
            }
        case .double(let value): [0xCB] + Self.big(value.bitPattern, 8)
        case .text(let text):
            text.utf8.count < 32
                ? [0xA0 | UInt8(text.utf8.count)] + Array(text.utf8)
                : [0xDA] + Self.big(UInt64(text.utf8.count), 2) + Array(text.utf8)
        case .bytes(let bytes): [0xC6] + Self.big(UInt64(bytes.count), 4) + bytes
        case .longText(let bytes): [0xDB] + Self.big(UInt64(bytes.count), 4) + bytes
        case .array(let items):
            (items.count < 16
                ? [0x90 | UInt8(items.count)] : [0xDC] + Self.big(UInt64(items.count), 2))
                + items.flatMap(\.packed)
        case .map(let pairs):
            [0x80 | UInt8(pairs.count)] + pairs.flatMap { $0.packed + $1.packed }
        case .ext(let type, let bytes):
            [0xC7, UInt8(bytes.count), UInt8(bitPattern: type)] + bytes
        case .time(let seconds, let nanoseconds):
            [0xD7, 0] + Self.big(UInt64(seconds), 4) + Self.big(UInt64(nanoseconds), 4)
        }
    }

    static func big(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
    }
}
