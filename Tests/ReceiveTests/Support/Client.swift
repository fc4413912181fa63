import Glibc
import Testing

/// A sender with a blocking socket, whose waits end after 20 seconds.
final class Client {
    let socket: Int32

    /// Over TCP on the loopback.
    init(port: UInt16, datagrams: Bool = false) throws {
        let kind = datagrams ? SOCK_DGRAM : SOCK_STREAM
        socket = Glibc.socket(AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, length)
            }
        }
        guard result == 0 else { throw NotConnected() }
        prepare()
    }

    init(path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let socket = socket
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, length)
            }
        }
        guard result == 0 else { throw NotConnected() }
        prepare()
    }

    struct NotConnected: Error {}

    deinit { close(socket) }

    private func prepare() {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    }

    /// Gives false when the peer has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    func send(_ value: Pack) { send(value.packed) }

    /// Each byte in a write of its own.
    func drip(_ bytes: [UInt8]) { for byte in bytes { send([byte]) } }

    /// The next bytes; empty at the end of the connection, or after 20 seconds.
    func receive(_ limit: Int = 65_536) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = recv(socket, &bytes, limit, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Exactly so many bytes, or fewer at the end.
    func receive(exactly count: Int) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            let more = receive(count - all.count)
            if more.isEmpty { break }
            all += more
        }
        return all
    }

    /// True when the peer ended the connection, and not the deadline.
    func isClosed() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(socket, &byte, 1, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    func finishSending() { shutdown(socket, Int32(SHUT_WR)) }
}
