internal import Glibc

/// An address of IPv4 (4 bytes) or IPv6 (16 bytes), in network order.
struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    /// Nil unless inet_pton(3) takes it.
    init?(_ text: String) {
        guard text.utf8.count < 64, !text.utf8.contains(0) else { return nil }
        let isSix = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isSix ? 16 : 4)
        guard inet_pton(isSix ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    var isSix: Bool { bytes.count == 16 }

    /// True when both lie in one network of that many leading bits.
    func shares(_ bits: Int, with other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count, (0...bytes.count * 8).contains(bits) else {
            return false
        }
        let whole = bits / 8
        guard bytes.prefix(whole) == other.bytes.prefix(whole) else { return false }
        guard bits % 8 > 0 else { return true }
        return (bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - bits % 8) == 0
    }
}
