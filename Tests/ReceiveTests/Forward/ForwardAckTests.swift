import Atlas
import Testing

@testable import Receive

@Suite("The Forward protocol: acknowledgements and back-pressure")
struct ForwardAckTests {
    private static func ack(_ chunk: String) -> [UInt8] {
        Pack.record(["ack": .text(chunk)]).packed
    }

    @Test("F06 each mode is acknowledged with its chunk, once its lines are kept and not before")
    func modes() throws {
        // fluentd's base64 ends with a line end, which belongs to it.
        let chunk = "p8n9gmxTQVC8/nh2wlKKeQ==\n"
        let options: [(Pack, Pack)] = [
            (.text("chunk"), .text(chunk)), (.text("size"), .int(2)),
        ]
        for (name, bytes) in ForwardModesTests.messages(options: options) {
            let receiver = try Receiver.forward()
            let client = try receiver.client()
            client.send(bytes)
            try receiver.wait(lines: 2)
            #expect(receiver.batches.compactMap(\.receipt).count == 1, "\(name)")
            receiver.keepAll()
            let wanted = Self.ack(chunk)
            #expect(client.receive(exactly: wanted.count) == wanted, "\(name)")
        }
    }

    @Test("F06 without a chunk there is no acknowledgement")
    func none() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let event = Pack.array([.int(1), .record(["a": .int(1)])])
        client.send(.array([.text("t"), .array([event]), .record(["size": .int(1)])]))
        client.send(.array([.text("t"), .array([event]), .record(["chunk": .text("last")])]))
        try receiver.wait(lines: 2)
        receiver.keepAll()
        // The first thing that comes is that of the second message.
        #expect(client.receive() == Self.ack("last"))
    }

    @Test("what could not be kept is not acknowledged: the connection ends, and nothing later is")
    func lost() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let event = Pack.array([.int(1), .record(["a": .int(1)])])
        client.send(.array([.text("t"), .array([event]), .record(["chunk": .text("gone")])]))
        try receiver.wait(lines: 1)
        receiver.host.lost()
        receiver.keepAll()
        #expect(client.isClosed())
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.dropped.values.reduce(0, +) == 1)
    }

    @Test("a chunk without a usable event is acknowledged at once, since sending again cannot help")
    func invalidChunk() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let bad = Pack.array([.text("no time"), .int(3)])
        client.send(.array([.text("t"), .array([bad, bad]), .record(["chunk": .text("bad")])]))
        #expect(client.receive() == Self.ack("bad"))
        try receiver.wait(for: "the count") { $0.dropped.values.reduce(0, +) == 2 }
    }

    @Test("metrics and traces are counted, acknowledged and not taken for logs", arguments: [1, 2])
    func signals(signal: Int64) throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let option = Pack.record([
            "chunk": .text("m"), "size": .int(7), "fluent_signal": .int(signal),
        ])
        client.send(.array([.text("t"), .bytes([1, 2, 3]), option]))
        #expect(client.receive() == Self.ack("m"))
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.dropped == ["events of metrics or traces, which are not logs": 7])
        #expect(receiver.lineCount == 0)
    }

    @Test("D01 a full mailbox makes the sender wait; nothing is lost, nothing comes twice")
    func backPressure() throws {
        let receiver = try Receiver.forward(room: 64 << 10)
        let port = receiver.port
        let count = 400
        let text = String(repeating: "x", count: 10_000)
        let sender = try Thread {
            guard let client = try? Client(port: port) else { return }
            for number in 0..<count {
                let record = Pack.record(["n": .int(Int64(number)), "log": .text(text)])
                client.send(.array([.text("t"), .int(1), record]))
            }
        }
        try receiver.wait(lines: count)
        sender.join()
        let numbers = receiver.lines.compactMap { line in
            line.firstMatch(of: /"n":(\d+)/).flatMap { Int($0.1) }
        }
        #expect(numbers == Array(0..<count))
        #expect(receiver.dropped.isEmpty)
    }

    @Test("what a sender left before it hung up is handed over also when there was no room")
    func hungUp() throws {
        let receiver = try Receiver.forward(room: 4_096)
        let text = String(repeating: "x", count: 3_000)
        do {
            let client = try receiver.client()
            for _ in 0..<60 {
                client.send(.array([.text("t"), .int(1), .record(["log": .text(text)])]))
            }
        }
        try receiver.wait(lines: 60)
        try receiver.wait(for: "the end") { $0.events.contains { $0.kind == .closed } }
        #expect(receiver.lineCount == 60)
        #expect(receiver.dropped.isEmpty)
    }
}
