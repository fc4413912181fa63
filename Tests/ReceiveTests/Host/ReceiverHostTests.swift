import Atlas
import Collect
import Foundation
import Testing

@testable import Receive

@Suite("Receivers: sockets, limits, the end")
struct ReceiverHostTests {
    private static let event = Pack.array([.text("t"), .int(1), .record(["a": .int(1)])])

    private func forward(_ listener: Listener, _ identity: ServerIdentity? = nil) -> Origin {
        .forward(ForwardReceiver(listeners: [listener], identity: identity))
    }

    @Test("a port that is taken is said, with what to do")
    func taken() throws {
        let first = try Receiver.forward()
        let listener = Listener(transport: .tcp, host: "127.0.0.1", port: first.port)
        let error = #expect(throws: ReceiveError.self) {
            try Receiver(forward(listener))
        }
        #expect(error?.what.contains("127.0.0.1:\(first.port) is taken") == true)
        #expect(error?.remedy.contains("ss -lntup") == true)
    }

    @Test("a host without an address, and a folder that is not there")
    func impossible() throws {
        let place = Listener(transport: .unix, host: "/nonexistent/azimuth.sock")
        #expect(throws: ReceiveError.self) { try Receiver(forward(place)) }
        let foreign = Listener(transport: .tcp, host: "192.0.2.1", port: 24_224)
        #expect(throws: ReceiveError.self) { try Receiver(forward(foreign)) }
    }

    @Test("a socket of the file system: what a dead program left is replaced, one in use is not")
    func unixSocket() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("azimuth-\(UUID().uuidString.prefix(8)).sock").path
        let listener = Listener(transport: .unix, host: path)
        do {
            let receiver = try Receiver(forward(listener))
            try Client(path: path).send(Self.event)
            try receiver.wait(lines: 1)
            #expect(receiver.events.first?.detail == "unix")
            #expect(throws: ReceiveError.self) { try Receiver(forward(listener)) }
            // The refused one took nothing away.
            try Client(path: path).send(Self.event)
            try receiver.wait(lines: 2)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("connections beyond the limit are refused and counted; one that ends makes room")
    func connectionLimit() throws {
        var limits = ReceiverLimits()
        limits.connections = 3
        let receiver = try Receiver.forward(limits: limits)
        var clients = try (0..<3).map { _ in try receiver.client() }
        for client in clients { client.send(Self.event) }
        try receiver.wait(lines: 3)
        #expect(try receiver.client().isClosed())
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.dropped == ["connections refused: 3 are open": 1])
        clients.removeLast()
        try receiver.wait(for: "the end of one") { $0.events.contains { $0.kind == .closed } }
        try receiver.client().send(Self.event)
        try receiver.wait(lines: 4)
    }

    @Test(
        "who says nothing, who stops inside of a message, and who drips it are let go and others served"
    )
    func slow() throws {
        var limits = ReceiverLimits()
        limits.silence = .milliseconds(100)
        limits.stall = .milliseconds(100)
        limits.message = .milliseconds(500)
        let receiver = try Receiver.forward(limits: limits)
        let silent = try receiver.client()
        let stalled = try receiver.client()
        stalled.send(Array(Self.event.packed.dropLast(2)))
        let dripping = try receiver.client()
        let port = receiver.port
        let served = try Thread { (try? Client(port: port))?.send(Self.event) }
        // A map of 65,535 pairs, a byte at a time.
        var isOpen = dripping.send([0x93, 0xA1, 0x74, 0x01, 0xDE, 0xFF, 0xFF])
        var ready = [pollfd(fd: dripping.socket, events: Int16(POLLIN), revents: 0)]
        while isOpen, poll(&ready, 1, 20) == 0 { isOpen = dripping.send([0xC0]) }
        #expect(silent.isClosed())
        #expect(stalled.isClosed())
        served.join()
        try receiver.wait(lines: 1)
        try receiver.wait(for: "the counts") { $0.dropped.values.reduce(0, +) >= 3 }
        #expect(
            receiver.dropped == [
                "connections closed: nothing came over them": 1,
                "messages unfinished: their senders stalled": 2,
            ]
        )
    }

    @Test("unfinished messages of all connections together are bounded")
    func bufferedBytes() throws {
        var limits = ReceiverLimits()
        limits.bufferedBytes = 4 << 20
        let receiver = try Receiver.forward(limits: limits)
        let port = receiver.port
        let senders = try (0..<8).map { _ in
            try Thread {
                guard let client = try? Client(port: port) else { return }
                let head = [0x92, 0xA1, 0x74, 0xC6] + Pack.big(32 << 20, 4)
                if client.send(head.map { UInt8($0) }) {
                    client.send([UInt8](repeating: 0, count: 8 << 20))
                }
            }
        }
        for sender in senders { sender.join() }
        try receiver.client().send(Self.event)
        try receiver.wait(lines: 1)
        try receiver.wait(for: "the counts") {
            ($0.dropped["connections closed: too many unfinished messages at a time"] ?? 0) >= 4
        }
    }

    @Test("F13 among many idle connections those that come and go are served")
    func manyConnections() throws {
        let receiver = try Receiver.forward()
        // Both ends are in this process; its descriptors are counted in one of their own, end to end.
        let count = min(1_000, descriptorLimit() / 2 - 200)
        var idle = try (0..<count).map { _ in try receiver.client() }
        for round in 1...100 {
            try receiver.client().send(Self.event)
            try receiver.wait(lines: round)
        }
        #expect(receiver.lineCount == 100)
        idle.removeAll()
    }

    @Test("half a handshake of TLS, and none at all, are ended and counted; others are served")
    func halfOpen() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("azimuth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (key, certificate) = (folder.path + "/key.pem", folder.path + "/cert.pem")
        try #require(
            tool(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-keyout",
                key,
                "-out",
                certificate
            ) == 0
        )
        var limits = ReceiverLimits()
        limits.handshake = .milliseconds(200)
        let listener = Listener(transport: .tls, host: "127.0.0.1")
        let identity = ServerIdentity(certificate: certificate, key: key)
        let receiver = try Receiver(forward(listener, identity), limits: limits)
        let silent = try receiver.client()
        let half = try receiver.client()
        // The head of a record that would hold a hello.
        half.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
        #expect(silent.isClosed())
        #expect(half.isClosed())
        try receiver.wait(for: "the counts") {
            $0.dropped["connections closed: the handshake took too long"] == 2
        }
        let plain = try receiver.client()
        plain.send(Self.event)
        #expect(plain.isClosed())
        try receiver.wait(for: "the count") {
            $0.dropped["connections closed: no handshake of TLS"] == 1
        }
        #expect(receiver.lineCount == 0)
    }

    private func tool(_ words: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test("what was read is handed over before the end, and nobody is let in any more")
    func quiesce() throws {
        let receiver = try Receiver.forward(room: 4_096)
        let text = String(repeating: "x", count: 3_000)
        let client = try receiver.client()
        let events = (0..<3).flatMap { _ in
            Pack.array([.text("t"), .int(1), .record(["log": .text(text)])]).packed
        }
        client.send(events)
        try receiver.wait(lines: 1)
        let host = receiver.host
        let ending = try Thread { host.quiesce() }
        try receiver.wait(lines: 3)
        ending.join()
        #expect(throws: (any Error).self) { try receiver.client() }
    }
}

/// Raised to what this process may have.
private func descriptorLimit() -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 8_192)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(limit.rlim_cur)
}
