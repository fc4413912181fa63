import Glibc

/// A sender of datagrams: its address without the port, since many send each from another one.
struct PeerAddress: Hashable, Sendable {
    private var family: UInt16 = 0
    /// An address of IPv4 takes four bytes of the first.
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// A sender on this machine, through a socket of the file system.
    static let local = PeerAddress()

    private init() {}

    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            var address = PeerAddress()
            switch Int32(storage.ss_family) {
            case AF_INET:
                // sockaddr_in: family, port, address.
                address.first = UInt64(bytes.load(fromByteOffset: 4, as: UInt32.self))
            case AF_INET6:
                // sockaddr_in6: family, port, flow, address.
                address.first = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                address.second = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            default: return .local
            }
            address.family = storage.ss_family
            return address
        }
    }

    /// `192.0.2.1`, `2001:db8::1` or `unix`; an address of IPv4 in one of IPv6 as itself.
    var name: String {
        guard family != 0 else { return "unix" }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withUnsafeBytes(of: (first, second)) { bytes in
            _ = inet_ntop(Int32(family), bytes.baseAddress, &text, socklen_t(text.count))
        }
        let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        return name.hasPrefix("::ffff:") && name.contains(".") ? String(name.dropFirst(7)) : name
    }
}

/// The streams of those who sent a datagram lately, at most `limit`.
///
/// In two halves: a sender that is heard is in the young one; when that is full it becomes the old
/// one, and who was not heard since the last time is over. So a flood of invented addresses costs
/// no search.
struct SenderTable {
    private let half: Int
    private var young: [PeerAddress: UInt32] = [:]
    private var old: [PeerAddress: UInt32] = [:]

    init(limit: Int) {
        half = max(1, limit / 2)
    }

    var count: Int { young.count + old.count }

    func stream(of peer: PeerAddress) -> UInt32? { young[peer] ?? old[peer] }

    /// Notes a sender that was heard; those that are over are returned.
    mutating func hear(
        _ peer: PeerAddress,
        stream: UInt32
    ) -> [(peer: PeerAddress, stream: UInt32)] {
        if young[peer] != nil { return [] }
        old[peer] = nil
        young[peer] = stream
        guard young.count > half else { return [] }
        let over = old.map { (peer: $0.key, stream: $0.value) }.sorted { $0.stream < $1.stream }
        old = young
        young = [:]
        return over
    }

    mutating func removeAll() -> [(peer: PeerAddress, stream: UInt32)] {
        let all = (young.map { ($0.key, $0.value) } + old.map { ($0.key, $0.value) })
            .sorted { $0.1 < $1.1 }
        (young, old) = ([:], [:])
        return all
    }
}
