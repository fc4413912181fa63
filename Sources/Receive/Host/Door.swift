import Atlas
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Opens the sockets of one server and lets senders in.
struct Door {
    /// How often two free ports of one number are looked for, where any would do.
    private static let portTries = 20

    let group: MultiThreadedEventLoopGroup
    let core: NIOLoopBound<ReceiverCore>
    let server: Server
    let tls: NIOSSLContext?

    struct Opened {
        var channels: [any Channel]
        /// As asked for, with the port that was free.
        var place: Listener
        /// Of a socket of the file system, to be removed at the end.
        var path: String?
    }

    func open(_ listener: Listener) throws(ReceiveError) -> Opened {
        switch listener.transport {
        case .udp:
            let channel = try bound(listener) { try datagram(listener).wait() }
            return Opened(channels: [channel], place: placed(listener, channel))
        case .unixDatagram:
            try makeRoom(listener)
            let channel = try bound(listener) { try datagram(listener).wait() }
            return Opened(channels: [channel], place: listener, path: listener.host)
        case .unix:
            try makeRoom(listener)
            let channel = try bound(listener) {
                try acceptor().bind(
                    unixDomainSocketPath: listener.host,
                    cleanupExistingSocketFile: true
                ).wait()
            }
            return Opened(channels: [channel], place: listener, path: listener.host)
        case .tcp, .tls:
            return try openPort(listener)
        }
    }

    private func openPort(_ listener: Listener) throws(ReceiveError) -> Opened {
        var triesLeft = listener.port == 0 ? Self.portTries : 1
        while true {
            let channel = try bound(listener) {
                try acceptor().bind(host: listener.host, port: Int(listener.port)).wait()
            }
            let place = placed(listener, channel)
            guard server.hasDatagramTwin else { return Opened(channels: [channel], place: place) }
            do {
                var twin = place
                twin.transport = .udp
                let other = try bound(twin) { try datagram(twin).wait() }
                return Opened(channels: [channel, other], place: place)
            } catch {
                try? channel.close().wait()
                triesLeft -= 1
                if triesLeft == 0 { throw error }
            }
        }
    }

    private func placed(_ listener: Listener, _ channel: any Channel) -> Listener {
        var place = listener
        place.port = channel.localAddress?.port.flatMap(UInt16.init) ?? listener.port
        return place
    }

    // MARK: sockets

    private func acceptor() -> ServerBootstrap {
        let (core, server, tls) = (core, server, tls)
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 2)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 2_048,
                    initial: 16_384,
                    maximum: 1 << 20
                )
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.admit(channel, core.value, server, tls)
                }
            }
    }

    /// Throws where the sender is not let in: its channel is closed then.
    private static func admit(
        _ channel: any Channel,
        _ core: ReceiverCore,
        _ server: Server,
        _ tls: NIOSSLContext?
    ) throws {
        guard core.admits(source: server.source) else {
            core.drop(
                1,
                source: server.source,
                reason: "connections refused: \(core.limits.connections) are open"
            )
            throw ChannelError.alreadyClosed
        }
        let intake = Intake(source: server.source, core: core)
        let link = Link(intake: intake, peer: name(of: channel.remoteAddress))
        if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            link.isShakingHands = true
        }
        try channel.pipeline.syncOperations.addHandler(link)
        try server.connect(channel, link)
    }

    private static func name(of address: SocketAddress?) -> String {
        guard let address, let ip = address.ipAddress, let port = address.port else {
            return "unix"
        }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }

    private func datagram(_ listener: Listener) -> EventLoopFuture<any Channel> {
        let (core, server) = (core, server)
        let bootstrap = DatagramBootstrap(group: group)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let intake = Intake(source: server.source, core: core.value)
                    try server.datagrams(channel, intake)
                }
            }
        guard listener.transport == .unixDatagram else {
            return bootstrap.bind(host: listener.host, port: Int(listener.port))
        }
        return bootstrap.bind(
            unixDomainSocketPath: listener.host,
            cleanupExistingSocketFile: true
        )
    }

    // MARK: errors

    /// A socket that a program left behind may go; one that is served may not.
    private func makeRoom(_ listener: Listener) throws(ReceiveError) {
        guard access(listener.host, F_OK) == 0, isServed(listener) else { return }
        throw .taken(source: server.name, place: listener.description)
    }

    private func isServed(_ listener: Listener) -> Bool {
        let kind = listener.transport == .unix ? SOCK_STREAM : SOCK_DGRAM
        let socket = socket(AF_UNIX, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard listener.host.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            return false
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: listener.host.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, length) == 0
            }
        }
    }

    private func bound(
        _ listener: Listener,
        _ bind: () throws -> any Channel
    ) throws(ReceiveError) -> any Channel {
        do {
            return try bind()
        } catch {
            let place = listener.description
            let reason = SystemWords.of(error)
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: throw .taken(source: server.name, place: place)
            case EACCES, EPERM:
                throw .notAllowed(source: server.name, place: place, reason: reason)
            default: throw .cannotListen(source: server.name, place: place, reason: reason)
            }
        }
    }
}
