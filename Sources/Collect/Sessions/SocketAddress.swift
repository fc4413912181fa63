import Glibc

/// An address that a stream socket can connect to, as the system writes it.
struct SocketAddress: Sendable {
    private let family: Int32
    private var bytes: [UInt8]

    private init(_ info: addrinfo) {
        family = info.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen)))
    }

    /// That of a Unix socket; nil when the path is longer than the system takes.
    static func local(_ path: String) -> SocketAddress? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { room in
            // What is left of it stays zero and ends the path.
            guard path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else { return nil }
        return SocketAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: address) { Array($0) })
    }

    private init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// The address that a text writes in numbers; nil for a name.
    static func numeric(_ host: String, port: UInt16) -> SocketAddress? {
        let found = try? find(host, flags: AI_NUMERICHOST).get()
        return found?.first?.with(port: port)
    }

    /// All addresses of a name, the best first (RFC 6724); waits for as long as the system does.
    static func lookUp(_ host: String) -> Result<[SocketAddress], AddressLookup.Failure> {
        find(host, flags: AI_ADDRCONFIG)
    }

    private static func find(
        _ host: String,
        flags: Int32
    ) -> Result<[SocketAddress], AddressLookup.Failure> {
        var hints = addrinfo()
        hints.ai_flags = flags
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, nil, &hints, &list)
        guard error == 0 else {
            return .failure(AddressLookup.Failure(reason: String(cString: gai_strerror(error))))
        }
        defer { freeaddrinfo(list) }
        return .success(
            sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }
                .compactMap { $0.map { SocketAddress($0.pointee) } }
        )
    }

    /// The port stands in the third and fourth byte of both kinds of address (ip(7), ipv6(7)).
    func with(port: UInt16) -> SocketAddress {
        var copy = self
        guard copy.bytes.count > 4 else { return copy }
        copy.bytes[2] = UInt8(port >> 8)
        copy.bytes[3] = UInt8(port & 0xFF)
        return copy
    }

    /// A new socket for it that never waits; -1 with errno set otherwise.
    func openSocket() -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        return socket(family, Int32(kind), 0)
    }

    /// True when the connection stands at once; errno says what else.
    func connect(_ socket: Int32) -> Bool {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return false }
            let address = base.assumingMemoryBound(to: sockaddr.self)
            return Glibc.connect(socket, address, socklen_t(raw.count)) == 0
        }
    }
}

/// What became of a connection under way; 0 when it stands.
func pendingError(of socket: Int32) -> Int32 {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let result = getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length)
    return result == 0 ? error : errno
}
