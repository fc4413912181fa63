/// The time of an event, in every shape that senders use.
///
///     EventTime, as fixext8 or ext8 of type 0:   seconds (4 bytes) | nanoseconds (4 bytes)
///
/// Source: Forward Protocol Specification v1, "EventTime Ext Format"; the array
/// `[EventTime, metadata]` is what Fluent Bit sends since 2.1.
struct ForwardTime {
    /// Since 1970; nil where the sender states none, or zero.
    var value: (seconds: Int64, nanoseconds: Int)?
    /// Where its metadata stand, if there are any.
    var metadata: Range<Int>?

    /// Reads the time at an offset and goes behind it; nil for what is none.
    init?(_ bytes: RawSpan, at offset: inout Int) {
        value = nil
        metadata = nil
        // What nearly all send is looked at first.
        if offset + 10 <= bytes.byteCount, bytes.big(offset, as: UInt16.self) == 0xD700 {
            let nanoseconds = Int(bytes.big(offset + 6, as: UInt32.self))
            let seconds = Int64(bytes.big(offset + 2, as: UInt32.self))
            if seconds > 0, nanoseconds < 1_000_000_000 {
                value = (seconds, nanoseconds)
                offset += 10
                return
            }
        }
        guard let head = MessagePackHead.read(bytes, at: offset) else { return nil }
        let payload = offset + head.length
        switch head.kind {
        case .array:
            guard head.children == 2 else { return nil }
            offset = payload
            guard let inner = ForwardTime(scalar: bytes, at: &offset) else { return nil }
            value = inner.value
            var skipper = MessagePackSkipper(at: offset)
            guard let map = MessagePackHead.read(bytes, at: offset), case .map = map.kind,
                case .whole(let end) = skipper.advance(bytes, limit: bytes.byteCount)
            else { return nil }
            if map.children > 0 { metadata = offset..<end }
            offset = end
        default:
            guard let scalar = ForwardTime(scalar: bytes, at: &offset) else { return nil }
            self = scalar
        }
    }

    private init?(scalar bytes: RawSpan, at offset: inout Int) {
        guard let head = MessagePackHead.read(bytes, at: offset) else { return nil }
        let payload = offset + head.length
        guard payload + head.payload <= bytes.byteCount else { return nil }
        switch head.kind {
        case .ext(0) where head.payload == 8:
            let nanoseconds = bytes.big(payload + 4, as: UInt32.self)
            let (more, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let seconds = Int64(bytes.big(payload, as: UInt32.self)) + Int64(more)
            if seconds != 0 || rest != 0 { value = (seconds, Int(rest)) }
        case .unsigned(let seconds):
            guard seconds < 1 << 40 else { return nil }
            if seconds != 0 { value = (Int64(seconds), 0) }
        case .float(let seconds):
            guard let split = Self.split(Double(seconds)) else { return nil }
            value = split.seconds == 0 && split.nanoseconds == 0 ? nil : split
        case .double(let seconds):
            guard let split = Self.split(seconds) else { return nil }
            value = split.seconds == 0 && split.nanoseconds == 0 ? nil : split
        case .null: break
        default: return nil
        }
        offset = payload + head.payload
    }

    private static func split(_ time: Double) -> (seconds: Int64, nanoseconds: Int)? {
        guard time >= 0, time < 1e12 else { return nil }
        let seconds = time.rounded(.down)
        let rest = Int(((time - seconds) * 1e9).rounded())
        return rest < 1_000_000_000 ? (Int64(seconds), rest) : (Int64(seconds) + 1, 0)
    }
}
