import Atlas
import Collect
import Glibc
import Wire

/// Takes the datagrams of all sockets of a run, on a thread of its own.
final class DatagramThread: Sendable {
    /// How soon sockets are looked at again that wait for room.
    private static let pause = Span.milliseconds(5)

    private let thread: WorkerThread
    /// Raised at the end.
    private let end: WakePipe

    init(
        _ sockets: [DatagramSocket],
        _ way: DatagramWay
    ) throws(CollectError) {
        let end = try WakePipe()
        self.end = end
        thread = try WorkerThread(name: "azimuth-datagrams") {
            Self.run(sockets.map { DatagramReader($0, way) }, end)
        }
    }

    /// Takes what has come so far, then closes the sockets.
    func stop() {
        end.raise()
        thread.join()
    }

    private static func run(_ readers: [DatagramReader], _ end: WakePipe) {
        var readers = readers
        let readable = Int16(truncatingIfNeeded: POLLIN)
        while true {
            var waiting = readers.map { reader in
                pollfd(
                    fd: reader.isBlocked ? -1 : reader.descriptor,
                    events: readable,
                    revents: 0
                )
            }
            waiting.append(pollfd(fd: end.descriptor, events: readable, revents: 0))
            let isBlocked = readers.contains(where: \.isBlocked)
            let isCounting = readers.contains(where: \.isCounting)
            let pause = isBlocked ? Self.pause : isCounting ? Span.seconds(1) : nil
            let timeout = pause.map { Int32($0.nanoseconds / 1_000_000) } ?? -1
            guard poll(&waiting, nfds_t(waiting.count), timeout) >= 0 || errno == EINTR else {
                return
            }
            let isOver = waiting[readers.count].revents != 0
            for index in readers.indices {
                if isOver { readers[index].takeLast() } else { readers[index].take() }
            }
            if isOver { return }
        }
    }
}

/// Where datagrams go.
struct DatagramWay: Sendable {
    var inputs: Mailbox<Input>
    var streams: StreamNumbers
    /// Messages of a source that were not kept, or not whole (`cut`), and why.
    var drop: @Sendable (_ count: Int, _ source: Int, _ reason: String, SourceEvent.Kind) -> Void
}

/// Reads one socket.
///
/// A sender of UDP cannot be made to wait: what finds no room is counted, and so is what the kernel
/// had no room for. One on this machine can, and waits: nothing is read then.
struct DatagramReader {
    /// Senders that have a stream at a time.
    static let senderLimit = 10_000
    /// Datagrams that are taken at a time, before others have their turn.
    private static let turn = 512
    /// More than these times a turn fit into no buffer of the kernel's.
    private static let lastTurns = 64
    /// The largest datagram there can be, and a byte more.
    private static let largest = 65_536
    /// The most a socket of the file system takes, unless an administrator widened it.
    private static let largestLocal = 1 << 20

    private let socket: DatagramSocket
    private let way: DatagramWay
    private let clock = LiveClock()
    private var senders = SenderTable(limit: senderLimit)
    private var buffer: [UInt8]
    /// By the order of the streams' first messages.
    private var batches: [LineBatch] = []
    private var places: [UInt32: Int] = [:]
    /// Events that found no room.
    private var events: [SourceEvent] = []
    private var drops: [String: Int] = [:]
    private var cuts = 0
    private var lost: UInt32 = 0
    private var lastTold = Monotonic.now()

    init(_ socket: DatagramSocket, _ way: DatagramWay) {
        self.socket = socket
        self.way = way
        let size = socket.path == nil ? Self.largest : Self.largestLocal
        buffer = [UInt8](repeating: 0, count: size)
    }

    var descriptor: Int32 { socket.descriptor }

    /// What was read waits for room.
    var isBlocked: Bool { !batches.isEmpty }

    /// Something was counted and not told.
    var isCounting: Bool { !drops.isEmpty || cuts > 0 || !events.isEmpty }

    /// Reads what there is, a turn of it.
    mutating func take() {
        handOver()
        if !isBlocked {
            _ = read()
            handOver()
        }
        tell(isOver: false)
    }

    /// Reads what came so far, and waits for room for it: two seconds at most, as who sends on does
    /// not end.
    mutating func takeLast() {
        var pauses = 400
        for _ in 0..<Self.lastTurns {
            handOver()
            while isBlocked, pauses > 0 {
                var none: [pollfd] = []
                _ = poll(&none, 0, 5)
                pauses -= 1
                handOver()
            }
            guard !isBlocked, read() > 0 else { break }
        }
        handOver()
        if isBlocked { drops[Self.tooFast, default: 0] += batches.reduce(0) { $0 + $1.count } }
        close()
        tell(isOver: true)
    }

    private mutating func read() -> Int {
        var count = 0
        while count < Self.turn {
            let received = buffer.withUnsafeMutableBytes { socket.receive(into: $0) }
            guard let received else { break }
            count += 1
            note(lost: received.lost)
            add(received)
        }
        return count
    }

    private mutating func add(_ received: DatagramSocket.Received) {
        guard let stream = stream(of: received.peer) else { return }
        let place: Int
        if let known = places[stream] {
            place = known
        } else {
            place = batches.count
            places[stream] = place
            batches.append(
                LineBatch(source: UInt16(socket.source), stream: stream, bytes: [], ends: [])
            )
        }
        let outcome = buffer.withUnsafeBytes { bytes in
            SyslogMessage.add(
                datagram: UnsafeRawBufferPointer(rebasing: bytes.prefix(received.count)),
                limit: socket.limit,
                to: &batches[place]
            )
        }
        switch outcome {
        case .kept, .empty: break
        case .cut: cuts += 1
        case .refused(let refusal):
            drops["messages that are \(refusal.rawValue)", default: 0] += 1
        }
    }

    /// Nil when there was no room to tell of a new one: its message is counted.
    private mutating func stream(of peer: PeerAddress) -> UInt32? {
        if let stream = senders.stream(of: peer) {
            forget(senders.hear(peer, stream: stream))
            return stream
        }
        let stream = way.streams.next()
        let opened = SourceEvent(
            source: UInt16(socket.source),
            stream: stream,
            kind: .opened,
            detail: peer.name
        )
        guard offer(.source(opened)) else {
            drops[Self.tooFast, default: 0] += 1
            return nil
        }
        forget(senders.hear(peer, stream: stream))
        return stream
    }

    private mutating func forget(_ over: [(peer: PeerAddress, stream: UInt32)]) {
        events += over.map { sender in
            SourceEvent(
                source: UInt16(socket.source),
                stream: sender.stream,
                kind: .closed,
                detail: sender.peer.name
            )
        }
    }

    private static let tooFast =
        "messages that came faster than they could be taken, by senders that cannot wait"

    private static let historyFull =
        "messages that came while the history took nothing, by senders that cannot wait"

    private mutating func handOver() {
        var left: [LineBatch] = []
        for batch in batches where batch.count > 0 {
            if left.isEmpty, offer(.lines(batch)) { continue }
            if socket.path == nil {
                let reason = way.inputs.isHolding ? Self.historyFull : Self.tooFast
                drops[reason, default: 0] += batch.count
            } else {
                left.append(batch)
            }
        }
        batches = left
        places = [:]
        while left.isEmpty, let event = events.first, offer(.source(event)) {
            events.removeFirst()
        }
    }

    private mutating func close() {
        forget(senders.removeAll())
        for event in events where !offer(.source(event)) { break }
        events = []
    }

    private mutating func note(lost total: UInt32?) {
        guard let total, total != lost else { return }
        drops["messages that the kernel had no room for", default: 0] += Int(total &- lost)
        lost = total
    }

    private mutating func tell(isOver: Bool) {
        guard isCounting, isOver || Monotonic.now() - lastTold >= .seconds(1) else { return }
        lastTold = .now()
        for (reason, count) in drops.sorted(by: { $0.key < $1.key }) {
            way.drop(count, socket.source, reason, .dropped)
        }
        drops = [:]
        if cuts > 0 {
            way.drop(cuts, socket.source, "lines cut, since they were too long", .cut)
        }
        cuts = 0
    }

    private func offer(_ event: InputEvent) -> Bool {
        way.inputs.offer(Input(at: clock.now(), event: event))
    }
}
