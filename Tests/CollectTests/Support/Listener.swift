import Foundation
import Synchronization
import Testing

@testable import Collect

/// A server on a port of the loopback that behaves as it is told; gone with its owner.
final class Listener: Sendable {
    enum Behaviour: Sendable {
        /// Says this and hangs up.
        case says(String)
        /// Says this and stays.
        case saysAndStays(String)
        /// Says the first, and the second again and again.
        case floods(String, String)
        /// One byte of it in each piece.
        case drips(String)
        /// Resets the connection when it is asked.
        case resets
    }

    let port: UInt16
    private let socket: Int32
    private let stays = Mutex<[Int32]>([])

    /// Listens to a port of its own, or to a Unix socket at the path.
    init(_ behaviour: Behaviour, path: String? = nil) throws {
        (socket, port) = try path.map { (try Self.listen(path: $0), 0) } ?? Self.listen()
        let socket = socket
        // Ends when the socket is shut down.
        _ = try WorkerThread(name: "listener") { [weak self] in
            while true {
                let guest = accept(socket, nil, nil)
                guard guest >= 0 else { break }
                if case .saysAndStays = behaviour { self?.stays.withLock { $0.append(guest) } }
                Self.serve(guest, behaviour)
            }
            close(socket)
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        for guest in stays.withLock(\.self) { close(guest) }
    }

    /// A port that nothing listens to.
    static func unusedPort() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    private static func serve(_ guest: Int32, _ behaviour: Behaviour) {
        var question = [UInt8](repeating: 0, count: 4_096)
        guard recv(guest, &question, question.count, 0) > 0 else {
            if case .saysAndStays = behaviour { return }
            close(guest)
            return
        }
        switch behaviour {
        case .says(let text): _ = say(guest, text)
        case .saysAndStays(let text):
            _ = say(guest, text)
            return
        case .floods(let first, let again):
            var goesOn = say(guest, first)
            while goesOn { goesOn = say(guest, again) }
        case .drips(let text):
            var on: Int32 = 1
            setsockopt(guest, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
            for byte in text.utf8 where !say(guest, String(UnicodeScalar(byte))) { break }
        case .resets:
            var hard = linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout<linger>.size)
            setsockopt(guest, SOL_SOCKET, SO_LINGER, &hard, size)
        }
        close(guest)
    }

    private static func say(_ guest: Int32, _ text: String) -> Bool {
        send(guest, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count
    }

    private static func listen(path: String) throws -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        let socket = Foundation.socket(AF_UNIX, Int32(kind), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 ? Foundation.listen(socket, 16) : -1
            }
        }
        try #require(result == 0)
        return socket
    }

    private static func listen() throws -> (Int32, UInt16) {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        let socket = Foundation.socket(AF_INET, Int32(kind), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Foundation.listen(socket, 16) == 0
                    ? getsockname(socket, $0, &length) : -1
            }
        }
        try #require(result == 0)
        return (socket, UInt16(bigEndian: address.sin_port))
    }
}
