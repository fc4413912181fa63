import Atlas
import Collect
import Glibc
import Testing

@testable import Receive

@Suite("Syslog over sockets")
struct SyslogServerTests {
    private func receiver(
        _ transports: Listener.Transport...,
        limit: Int = 65_536,
        limits: ReceiverLimits = ReceiverLimits(),
        room: Int = 64 << 20,
        path: String = ""
    ) throws -> Receiver {
        let listeners = transports.map { transport in
            let isPath = transport == .unix || transport == .unixDatagram
            return Listener(transport: transport, host: isPath ? path : "127.0.0.1")
        }
        return try Receiver(
            .syslog(SyslogReceiver(listeners: listeners, messageLimit: limit)),
            limits: limits,
            room: room
        )
    }

    private func temporaryPath() -> String {
        "/tmp/azimuth-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    }

    @Test(
        "S01: messages over TCP, in lines and counted, each connection a stream with its sender's name"
    )
    func connections() throws {
        let receiver = try receiver(.tcp)
        let lines = try receiver.client()
        let counted = try receiver.client()
        lines.send(Array("<13>one\n<13>two\n".utf8))
        counted.drip(Array("7 <13>one9 <13>t\nwo\n8 ".utf8))
        try receiver.wait(lines: 4)
        lines.finishSending()
        try receiver.wait(for: "the end of a connection") { receiver in
            receiver.events.contains { $0.kind == .closed }
        }
        let streams = Dictionary(grouping: receiver.batches, by: \.stream)
        #expect(streams.count == 2)
        #expect(Set(receiver.lines) == ["<13>one", "<13>two", "<13>one", "<13>t\nwo"])
        let opened = receiver.events.filter { $0.kind == .opened }
        #expect(opened.count == 2)
        #expect(opened.allSatisfy { $0.detail.hasPrefix("127.0.0.1:") })
        #expect(
            opened.contains { $0.stream == receiver.events.last { $0.kind == .closed }?.stream }
        )
    }

    @Test("the last message of a connection needs no end")
    func lastMessage() throws {
        let receiver = try receiver(.tcp)
        let client = try receiver.client()
        client.send(Array("<13>one\n<13>last".utf8))
        client.finishSending()
        try receiver.wait(lines: 2)
        #expect(receiver.lines == ["<13>one", "<13>last"])
    }

    @Test("S01: datagrams of UDP, of one sender one stream whatever its ports")
    func datagrams() throws {
        let receiver = try receiver(.udp)
        for text in ["<13>one", "<147>py syslog udp \u{e9}\0", "<13>three\n"] {
            try Client(port: receiver.port, datagrams: true).send(Array(text.utf8))
        }
        try receiver.wait(lines: 3)
        #expect(receiver.lines == ["<13>one", "<147>py syslog udp \u{e9}", "<13>three"])
        #expect(Set(receiver.batches.map(\.stream)).count == 1)
        #expect(receiver.events.map(\.detail) == ["127.0.0.1"])
    }

    @Test("S11: a datagram of 65,507 bytes is whole; a message over the limit is cut and counted")
    func largeDatagrams() throws {
        let whole = try receiver(.udp)
        let largest = [UInt8](repeating: 0x61, count: 65_507)
        try Client(port: whole.port, datagrams: true).send(largest)
        try whole.wait(lines: 1)
        #expect(whole.batches.first?.bytes == largest)
        let short = try receiver(.udp, .tcp, limit: 2_048)
        let udp = try #require(short.host.places(source: 0).first { $0.transport == .udp })
        try Client(port: udp.port, datagrams: true).send(largest)
        let tcp = try #require(short.host.places(source: 0).first { $0.transport == .tcp })
        try Client(port: tcp.port).send(largest + [0x0A] + Array("<13>next\n".utf8))
        try short.wait(for: "both cuts to be counted") { receiver in
            receiver.lineCount == 3
                && receiver.events.filter { $0.kind == .cut }.reduce(0) { $0 + $1.count } == 2
        }
        #expect(short.lines.map(\.utf8.count).sorted() == [8, 2_048, 2_048])
    }

    @Test(
        "S12: a datagram socket of the file system takes senders without a name, and goes at the end"
    )
    func localDatagrams() throws {
        let path = temporaryPath()
        var receiver: Receiver? = try self.receiver(.unixDatagram, path: path)
        for text in ["<13>Nov 23 06:52:30 azi: hello", "<13>two"] {
            try datagram(text, to: path)
        }
        try receiver?.wait(lines: 2)
        #expect(receiver?.lines == ["<13>Nov 23 06:52:30 azi: hello", "<13>two"])
        #expect(receiver?.events.map(\.detail) == ["unix"])
        #expect(throws: ReceiveError.taken(source: "sent", place: "unix-datagram:\(path)")) {
            try self.receiver(.unixDatagram, path: path)
        }
        receiver = nil
        #expect(access(path, F_OK) != 0)
    }

    /// From a socket that is bound to nothing, as syslog(3) does it.
    private func datagram(_ text: String, to path: String) throws {
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bytes = Array(text.utf8)
        let count = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(count == bytes.count)
    }

    @Test("what is no syslog is refused and counted, and others are served")
    func refused() throws {
        let receiver = try receiver(.tcp, .udp)
        let udp = try #require(receiver.host.places(source: 0).first { $0.transport == .udp })
        let tcp = try #require(receiver.host.places(source: 0).first { $0.transport == .tcp })
        let other = try Client(port: tcp.port)
        for bytes: [UInt8] in [
            [0x16, 0x03, 0x01, 0x00, 0xF8], [0x78, 0xDA, 0x4A], [0, 0, 1, 0x10, 0x7D, 0x71, 0],
        ] {
            let client = try Client(port: tcp.port)
            client.send(bytes)
            #expect(client.isClosed())
        }
        try Client(port: udp.port, datagrams: true).send([0, 0, 1, 0x10, 0x7D, 0x71, 0])
        other.send(Array("<13>served\n".utf8))
        try receiver.wait(for: "four refusals") { $0.dropped.count == 4 && $0.lineCount == 1 }
        #expect(receiver.lines == ["<13>served"])
        #expect(receiver.dropped.values.allSatisfy { $0 == 1 })
    }

    @Test("datagrams that find no room are counted, and later ones are taken")
    func flood() throws {
        let receiver = try receiver(.udp, room: 4_096)
        let client = try Client(port: receiver.port, datagrams: true)
        let sent = 2_000
        for number in 0..<sent { client.send(Array("<13>\(number)".utf8)) }
        try receiver.wait(for: "all to be kept or counted") { receiver in
            receiver.lineCount + receiver.dropped.values.reduce(0, +) >= sent
        }
        #expect(receiver.lineCount + receiver.dropped.values.reduce(0, +) == sent)
        client.send(Array("<13>later".utf8))
        try receiver.wait(for: "a later one") { $0.lines.contains("<13>later") }
    }

    @Test("a sender on this machine waits for room, and none of its messages is lost")
    func localBackPressure() throws {
        let path = temporaryPath()
        let receiver = try receiver(.unixDatagram, room: 4_096, path: path)
        let sender = try Thread {
            for number in 0..<2_000 { try? self.datagram("<13>\(number)", to: path) }
        }
        try receiver.wait(lines: 2_000)
        sender.join()
        #expect(receiver.lines == (0..<2_000).map { "<13>\($0)" })
        #expect(receiver.dropped.isEmpty)
    }

    @Test("what came before the end is handed over at the end")
    func drained() throws {
        let receiver = try receiver(.udp)
        let client = try Client(port: receiver.port, datagrams: true)
        for number in 0..<300 { client.send(Array("<13>\(number)".utf8)) }
        receiver.host.quiesce()
        try receiver.wait(lines: 300)
    }

    @Test("1,000 idle connections and churn: others are served, no descriptor is left over")
    func idleAndChurn() throws {
        let receiver = try receiver(.tcp)
        var idle: [Client] = []
        for _ in 0..<400 { idle.append(try receiver.client()) }
        for number in 0..<300 {
            try receiver.client().send(Array("<13>\(number)\n".utf8))
        }
        try receiver.wait(lines: 300)
        #expect(Set(receiver.lines).count == 300)
        try receiver.wait(for: "300 ends") { receiver in
            receiver.events.filter { $0.kind == .closed }.count == 300
        }
        idle = []
    }

    @Test("the streams of senders are bounded: who was silent longest is over")
    func senders() {
        var table = SenderTable(limit: 8)
        var over: [UInt32] = []
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_INET)
        func peer(_ number: UInt32) -> PeerAddress {
            var copy = storage
            withUnsafeMutableBytes(of: &copy) {
                $0.storeBytes(of: number.bigEndian, toByteOffset: 4, as: UInt32.self)
            }
            return PeerAddress(copy)
        }
        for number in 1...100 as ClosedRange<UInt32> {
            over += table.hear(peer(number), stream: number).map(\.stream)
            over += table.hear(peer(1), stream: 1).map(\.stream)
            #expect(table.count <= 9)
        }
        #expect(!over.contains(1))
        #expect(Set(over).count == over.count)
        #expect(Set(over + table.removeAll().map(\.stream)) == Set(1...100))
        #expect(peer(0xC000_0201).name == "192.0.2.1")
    }

    @Test("what the kernel has no room for is told with the datagrams that come later")
    func kernelDrops() throws {
        let listener = Listener(transport: .udp, host: "127.0.0.1")
        let socket = try DatagramSocket(listener, source: 0, name: "sent", limit: 100)
        let client = try Client(port: socket.port, datagrams: true)
        let sent = 40_000
        let message = [UInt8](repeating: 0x61, count: 1_000)
        for _ in 0..<sent { client.send(message) }
        var buffer = [UInt8](repeating: 0, count: 2_000)
        var count = 0
        while buffer.withUnsafeMutableBytes({ socket.receive(into: $0) }) != nil { count += 1 }
        client.send(message)
        let last = buffer.withUnsafeMutableBytes { socket.receive(into: $0) }
        #expect(count < sent)
        #expect(Int(last?.lost ?? 0) == sent - count)
    }
}
