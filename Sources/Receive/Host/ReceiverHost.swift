package import Atlas
package import Collect
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Listens for what others send: one thread for all receivers of a run.
///
/// What comes in is handed to the mailbox as lines. A sender whose protocol has an answer gets it
/// when its lines are kept (`kept`), and not before.
package final class ReceiverHost: Sendable {
    /// The receivers' sockets, and paths that they made.
    private struct Open {
        var channels: [any Channel] = []
        var paths: [String] = []
        var places: [Int: [Listener]] = [:]
        /// Until there is a thread that reads them.
        var datagrams: [DatagramSocket] = []
        var datagramThread: DatagramThread?
        var tasks: [HTTPTasks] = []
    }

    private let group: MultiThreadedEventLoopGroup
    private let core: NIOLoopBound<ReceiverCore>
    private let open = Mutex(Open())
    private let inputs: Mailbox<Input>
    private let streams = StreamNumbers()

    /// Listens from now on; nil when no source is a receiver.
    ///
    /// The index of a source in `sources` is its number in the inputs. `say` gets what the
    /// operator has to know, each at most once a minute; from the receivers' thread.
    package static func start(
        sources: [LogSource],
        into inputs: Mailbox<Input>,
        limits: ReceiverLimits = ReceiverLimits(),
        say: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ReceiveError) -> ReceiverHost? {
        guard sources.contains(where: \.isReceiver) else { return nil }
        makeRoomForSockets(limits.connections)
        let host = try ReceiverHost(sources, inputs, limits, say)
        do {
            for (index, source) in sources.enumerated() {
                guard let server = try host.server(of: source, index) else { continue }
                try host.listen(server)
                if case .syslog(let receiver) = source.origin {
                    try host.listen(receiver, name: source.name, source: index)
                }
            }
            try host.readDatagrams()
        } catch {
            host.stop()
            throw error
        }
        return host
    }

    private init(
        _ sources: [LogSource],
        _ inputs: Mailbox<Input>,
        _ limits: ReceiverLimits,
        _ say: @escaping @Sendable (String) -> Void
    ) throws(ReceiveError) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let names = sources.map(\.name)
        self.inputs = inputs
        let streams = streams
        do {
            core = try loop.submit {
                NIOLoopBound(
                    ReceiverCore(
                        loop: loop,
                        limits: limits,
                        names: names,
                        inputs: inputs,
                        streams: streams,
                        say: say
                    ),
                    eventLoop: loop
                )
            }.wait()
        } catch {
            throw .cannotListen(source: "", place: "", reason: SystemWords.of(error))
        }
    }

    /// Raises the soft limit of open descriptors to what so many connections of each receiver need,
    /// as far as the hard limit lets it.
    private static func makeRoomForSockets(_ connections: Int) {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        let wanted = rlim_t(connections * 4)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(resource, &limit)
    }

    /// Where a source listens, with the ports that were free where 0 was asked for.
    package func places(source: Int) -> [Listener] {
        open.withLock { $0.places[source] ?? [] }
    }

    /// Lines with these receipts, and all before, are kept.
    package func kept(_ receipts: [UInt64]) {
        guard !receipts.isEmpty else { return }
        let core = core
        group.next().execute { core.value.kept(receipts) }
    }

    /// Lines could not be kept; to be called before `kept` is called for later ones.
    ///
    /// Who waits for an acknowledgement gets none: the connection is closed, and it sends again.
    package func lost() {
        let core = core
        group.next().execute { core.value.lost() }
    }

    /// Lets nobody in and reads nothing more, then waits until what was read is handed over, at
    /// most two seconds.
    ///
    /// Answers are still sent, until `stop`.
    package func quiesce() {
        let datagrams = open.withLock { open in
            defer { open.datagramThread = nil }
            return open.datagramThread
        }
        datagrams?.stop()
        let channels = open.withLock { open in
            defer { open.channels = [] }
            return open.channels
        }
        for channel in channels { try? channel.close().wait() }
        let core = core
        let deadline = Monotonic.now() + .seconds(2)
        var pause: [pollfd] = []
        while (try? group.next().submit { core.value.quiesce() }.wait()) == false,
            Monotonic.now() < deadline
        {
            _ = poll(&pause, 0, 5)
        }
    }

    /// Ends all connections, once what was written to them is sent or half a second is over.
    package func stop() {
        quiesce()
        let core = core
        try? group.next().submit { core.value.closeAll() }.wait()
        for tasks in open.withLock(\.tasks) { tasks.finish() }
        try? group.syncShutdownGracefully()
        for path in open.withLock(\.paths) { unlink(path) }
    }

    // MARK: listening

    /// What the protocol of a source sets up; nil for what is no receiver.
    private func server(of source: LogSource, _ index: Int) throws(ReceiveError) -> Server? {
        switch source.origin {
        case .files, .standardInput, .journal: nil
        case .forward(let receiver):
            try ForwardServer.server(receiver, name: source.name, source: index)
        case .syslog(let receiver):
            SyslogServer.server(receiver, name: source.name, source: index)
        case .http(let receiver):
            try HTTPServer.server(receiver, name: source.name, source: index)
        }
    }

    private func listen(_ server: Server) throws(ReceiveError) {
        var tls: NIOSSLContext?
        if let identity = server.identity { tls = try ServerTLS.context(identity) }
        if let tasks = server.tasks { open.withLock { $0.tasks.append(tasks) } }
        for listener in server.listeners {
            let context = listener.transport == .tls ? tls : nil
            let door = Door(group: group, core: core, server: server, tls: context)
            let opened = try door.open(listener)
            open.withLock { open in
                open.channels += opened.channels
                if let path = opened.path { open.paths.append(path) }
                open.places[server.source, default: []].append(opened.place)
            }
        }
    }

    // MARK: datagrams of syslog

    private func listen(
        _ receiver: SyslogReceiver,
        name: String,
        source: Int
    ) throws(ReceiveError) {
        for listener in receiver.listeners where listener.isDatagram {
            let socket = try DatagramSocket(
                listener,
                source: source,
                name: name,
                limit: receiver.messageLimit
            )
            var place = listener
            place.port = socket.port
            open.withLock { open in
                open.datagrams.append(socket)
                open.places[source, default: []].append(place)
            }
        }
    }

    private func readDatagrams() throws(ReceiveError) {
        let sockets = open.withLock { open in
            defer { open.datagrams = [] }
            return open.datagrams
        }
        guard !sockets.isEmpty else { return }
        let (core, loop) = (core, group.next())
        let way = DatagramWay(
            inputs: inputs,
            streams: streams,
            drop: { count, source, reason, kind in
                loop.execute {
                    core.value.drop(count, source: source, reason: reason, kind: kind)
                }
            }
        )
        do throws(CollectError) {
            let thread = try DatagramThread(sockets, way)
            open.withLock { $0.datagramThread = thread }
        } catch {
            throw .cannotListen(source: "", place: "datagrams", reason: error.what)
        }
    }
}

extension LogSource {
    /// It is sent to us, by whoever connects.
    package var isReceiver: Bool {
        switch origin {
        case .files, .standardInput, .journal: false
        case .syslog, .forward, .http: true
        }
    }
}
