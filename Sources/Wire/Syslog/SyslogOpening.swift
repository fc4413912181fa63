/// What the first bytes of a connection or of a datagram say of the rest.
enum SyslogOpening: Equatable {
    /// MSG-LEN SP MSG: RFC 6587 section 3.4.1.
    case octets
    /// MSG, and a byte that ends it: RFC 6587 section 3.4.2.
    case lines
    /// A byte that belongs to no message.
    case blank
    case refused(SyslogRefusal)
    /// More bytes have to come.
    case incomplete

    /// Digits of a MSG-LEN that are believed: up to 999,999,999 bytes.
    static let lengthDigits = 9

    init(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else {
            self = .incomplete
            return
        }
        switch first {
        case 0x31...0x39: self = Self.counted(bytes)
        case 0x0A, 0x0D: self = .blank
        case 0x00: self = Self.pickled(bytes)
        // A record of TLS: ContentType handshake, ProtocolVersion 3.x (RFC 8446 section 5.1).
        case 0x16: self = Self.next(bytes, isRefused: { $0 == 0x03 }, .tls)
        // RFC 1952 section 2.3.1.
        case 0x1F: self = Self.next(bytes, isRefused: { $0 == 0x8B }, .compressed)
        case 0x78: self = Self.deflated(bytes)
        default: self = .lines
        }
    }

    private static func next(
        _ bytes: UnsafeRawBufferPointer,
        isRefused: (UInt8) -> Bool,
        _ refusal: SyslogRefusal
    ) -> SyslogOpening {
        guard bytes.count > 1 else { return .incomplete }
        return isRefused(bytes[1]) ? .refused(refusal) : .lines
    }

    private static func counted(_ bytes: UnsafeRawBufferPointer) -> SyslogOpening {
        for byte in bytes.prefix(lengthDigits + 1) where !(0x30...0x39).contains(byte) {
            return byte == 0x20 ? .octets : .lines
        }
        return bytes.count > lengthDigits ? .lines : .incomplete
    }

    /// CMF and FLG of zlib (RFC 1950 section 2.2), of which `x^` could begin a text.
    private static func deflated(_ bytes: UnsafeRawBufferPointer) -> SyslogOpening {
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[1] {
        case 0x01, 0x9C, 0xDA: return .refused(.compressed)
        case 0x5E:
            guard bytes.count > 2 else { return .incomplete }
            return (0x20..<0x7F).contains(bytes[2]) ? .lines : .refused(.compressed)
        default: return .lines
        }
    }

    /// Four bytes of length and a dictionary, as Python's SocketHandler and DatagramHandler send:
    /// `makePickle` of logging.handlers.
    private static func pickled(_ bytes: UnsafeRawBufferPointer) -> SyslogOpening {
        guard bytes.count > 4 else { return .incomplete }
        return bytes[4] == 0x7D || bytes[4] == 0x80 ? .refused(.pickle) : .blank
    }
}

/// What is no syslog, and cannot be kept as text.
package enum SyslogRefusal: String, Hashable, Sendable {
    case tls = "TLS on a plain port: send to a tls:// address"
    case compressed = "compressed data: turn the sender's compression off"
    case pickle = "a Python pickle: use SysLogHandler in place of SocketHandler"
}
