import Atlas
import Glibc

/// A socket that datagrams come to: UDP, or of the file system.
///
/// Not SwiftNIO's: that one closes a socket of the file system when a sender has no name of its own,
/// as those of syslog(3) have none, and it does not tell what the kernel dropped.
final class DatagramSocket: Sendable {
    /// Asked for; the kernel gives what `net.core.rmem_max` allows, or all to an administrator.
    private static let receiveBuffer: Int32 = 8 << 20

    let descriptor: Int32
    let source: Int
    let limit: Int
    /// Of a socket of the file system; removed at the end.
    let path: String?
    let port: UInt16

    /// Opens and binds it.
    init(
        _ listener: Listener,
        source: Int,
        name: String,
        limit: Int
    ) throws(ReceiveError) {
        self.source = source
        self.limit = limit
        let opened: (descriptor: Int32, error: Int32, port: UInt16)
        if listener.transport == .unixDatagram {
            opened = Self.local(listener.host)
            path = listener.host
        } else {
            opened = Self.udp(listener.host, listener.port)
            path = nil
        }
        descriptor = opened.descriptor
        port = opened.port
        guard descriptor < 0 else { return }
        let place = listener.description
        let reason =
            opened.error == 0 ? "no such address" : String(cString: strerror(opened.error))
        switch opened.error {
        case EADDRINUSE: throw .taken(source: name, place: place)
        case EACCES, EPERM, EROFS:
            throw .notAllowed(source: name, place: place, reason: reason)
        default: throw .cannotListen(source: name, place: place, reason: reason)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if let path, descriptor >= 0 { unlink(path) }
    }

    // MARK: opening

    private typealias Opened = (descriptor: Int32, error: Int32, port: UInt16)

    private static func udp(_ host: String, _ port: UInt16) -> Opened {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
            return (-1, 0, 0)
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(first.pointee.ai_family, flags, 0)
        guard descriptor >= 0 else { return (-1, errno, 0) }
        set(descriptor, SO_RXQ_OVFL, 1)
        widen(descriptor)
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
            return failed(descriptor)
        }
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutableBytes(of: &address) { bytes in
            guard let base = bytes.baseAddress else { return }
            _ = getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length)
        }
        // The port follows the family in both kinds of address.
        let bound = withUnsafeBytes(of: address) {
            UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
        }
        return (descriptor, 0, bound)
    }

    /// Everybody on this machine may send to it, as to /dev/log.
    private static func local(_ path: String) -> Opened {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { return (-1, ENAMETOOLONG, 0) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let descriptor = socket(AF_UNIX, flags, 0)
        guard descriptor >= 0 else { return (-1, errno, 0) }
        let isServed = withAddress(&address) { connect(descriptor, $0, length) } == 0
        guard !isServed else {
            close(descriptor)
            return (-1, EADDRINUSE, 0)
        }
        // What a program left behind may go; what is no socket may not.
        if errno == ECONNREFUSED { unlink(path) }
        widen(descriptor)
        guard withAddress(&address, { bind(descriptor, $0, length) }) == 0 else {
            return failed(descriptor)
        }
        chmod(path, 0o666)
        return (descriptor, 0, 0)
    }

    private static var flags: Int32 {
        Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_un,
        _ body: (UnsafePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    private static func failed(_ descriptor: Int32) -> Opened {
        defer { close(descriptor) }
        return (-1, errno, 0)
    }

    @discardableResult
    private static func set(_ descriptor: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        return setsockopt(descriptor, SOL_SOCKET, option, &value, size) == 0
    }

    private static func widen(_ descriptor: Int32) {
        if !set(descriptor, SO_RCVBUFFORCE, receiveBuffer) {
            set(descriptor, SO_RCVBUF, receiveBuffer)
        }
    }

    // MARK: reading

    struct Received {
        var count: Int
        var peer: PeerAddress
        /// Datagrams that the kernel had no room for, since the socket was opened, modulo 2^32.
        var lost: UInt32?
    }

    /// The next datagram, in the first bytes of `buffer`; nil when there is none.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received? {
        var address = sockaddr_storage()
        var control = (0 as UInt64, 0 as UInt64, 0 as UInt64, 0 as UInt64)
        return withUnsafeMutableBytes(of: &control) { control in
            withUnsafeMutableBytes(of: &address) { name in
                var piece = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                return withUnsafeMutablePointer(to: &piece) { piece in
                    var header = msghdr()
                    header.msg_name = name.baseAddress
                    header.msg_namelen = socklen_t(name.count)
                    header.msg_iov = piece
                    header.msg_iovlen = 1
                    header.msg_control = control.baseAddress
                    header.msg_controllen = control.count
                    var count = recvmsg(descriptor, &header, 0)
                    while count < 0, errno == EINTR { count = recvmsg(descriptor, &header, 0) }
                    guard count >= 0 else { return nil }
                    let peer =
                        path == nil
                        ? PeerAddress(name.load(as: sockaddr_storage.self)) : .local
                    let length = Int(header.msg_controllen)
                    return Received(
                        count: count,
                        peer: peer,
                        lost: Self.lost(UnsafeRawBufferPointer(control), length)
                    )
                }
            }
        }
    }

    /// cmsghdr: length in 8 bytes, level and type in 4 each, then the value: cmsg(3).
    private static func lost(_ control: UnsafeRawBufferPointer, _ length: Int) -> UInt32? {
        guard length >= 20, control.load(fromByteOffset: 8, as: Int32.self) == SOL_SOCKET,
            control.load(fromByteOffset: 12, as: Int32.self) == SO_RXQ_OVFL
        else { return nil }
        return control.load(fromByteOffset: 16, as: UInt32.self)
    }
}
