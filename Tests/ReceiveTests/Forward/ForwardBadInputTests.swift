import Atlas
import Glibc
import Packing
import Testing

@testable import Receive

@Suite("The Forward protocol: what goes wrong")
struct ForwardBadInputTests {
    private static let good = Pack.array([.text("t"), .int(1), .record(["a": .int(1)])])
    private static let line = #"{"@tag":"t","@time":1.000000000,"a":1}"#

    @Test("F08 invalid events are counted, the others kept")
    func invalidEvents() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let entry = Pack.array([.int(1), .record(["a": .int(1)])])
        let bad: [Pack] = [
            .int(5), .array([.int(1)]), .array([.text("x"), .record(["a": .int(1)])]),
            .array([.int(1), .text("no record")]), .array([.int(1), .array([entry])]),
            .array([.int(1), .map([(.array([]), .null)])]),
        ]
        let mixed = bad.flatMap { [$0, entry] }
        client.send(.array([.text("t"), .array(mixed)]))
        client.send(.array([.text("t"), .bytes(mixed.flatMap(\.packed))]))
        try receiver.wait(lines: 12)
        try receiver.wait(for: "the count") { $0.dropped.values.reduce(0, +) == 12 }
        #expect(receiver.lines == Array(repeating: Self.line, count: 12))
    }

    @Test("F08 a broken message is counted and the connection goes on")
    func brokenMessages() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(Self.good)
        for broken: Pack in [
            .int(1), .text("x"), .map([]), .array([]), .array([.int(1), .int(2), .int(3)]),
            .array([.text("t"), .int(1)]),
        ] {
            client.send(broken)
        }
        client.send(Self.good)
        try receiver.wait(lines: 2)
        try receiver.wait(for: "the count") { $0.dropped.values.reduce(0, +) == 6 }
    }

    @Test("entries that end inside of one are counted, those before are kept")
    func torn() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let entry = Pack.array([.int(1), .record(["a": .int(1)])]).packed
        client.send(.array([.text("t"), .bytes(entry + entry.dropLast())]))
        try receiver.wait(lines: 1)
        try receiver.wait(for: "the count") { $0.dropped.values.reduce(0, +) == 1 }
    }

    @Test("a message that the end of its connection cuts off is counted")
    func cutOff() throws {
        let receiver = try Receiver.forward()
        do {
            let client = try receiver.client()
            client.send(Self.good.packed + Self.good.packed.dropLast(3))
        }
        try receiver.wait(lines: 1)
        try receiver.wait(for: "the count") { $0.dropped.values.reduce(0, +) == 1 }
    }

    @Test("F12 who connects and hangs up makes no event; a datagram is answered with a zero byte")
    func heartbeats() throws {
        let receiver = try Receiver.forward()
        for _ in 0..<20 { _ = try receiver.client() }
        let beat = try Client(port: receiver.port, datagrams: true)
        beat.send([0])
        #expect(beat.receive() == [0])
        try receiver.client().send(Self.good)
        try receiver.wait(lines: 1)
        #expect(receiver.events.map(\.kind).filter { $0 != .closed } == [.opened])
    }

    private static func nested(_ levels: Int) -> [UInt8] {
        [0x93, 0xA1, 0x74, 0x01, 0x81, 0xA1, 0x61] + Array(repeating: 0x91, count: levels) + [0x01]
    }

    @Test("F15 ten thousand levels are refused and counted; a hundred are read")
    func depth() throws {
        let receiver = try Receiver.forward()
        let deep = try receiver.client()
        deep.send(Self.nested(10_000))
        #expect(deep.isClosed())
        let packed = try receiver.client()
        packed.send(.array([.text("t"), .bytes([0x92, 0x01] + Self.nested(10_000).dropFirst(4))]))
        let json = try receiver.client()
        json.send(Array(#"["t",1,{"a":"#.utf8) + Array(repeating: 0x5B, count: 10_000))
        #expect(json.isClosed())
        let fine = try receiver.client()
        fine.send(Self.nested(100))
        try receiver.wait(lines: 1)
        try receiver.wait(for: "the counts") { $0.dropped.values.reduce(0, +) == 3 }
        let value = String(repeating: "[", count: 100) + "1" + String(repeating: "]", count: 100)
        #expect(receiver.lines == [#"{"@tag":"t","@time":1.000000000,"a":\#(value)}"#])
    }

    @Test("4 GiB that are only declared are refused at once")
    func declared() throws {
        let receiver = try Receiver.forward()
        for head: [UInt8] in [
            [0x92, 0xA1, 0x74, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF], [0xDD, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x92, 0xA1, 0x74, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            let client = try receiver.client()
            client.send(head)
            #expect(client.isClosed())
        }
        try receiver.wait(for: "the counts") { $0.dropped.values.reduce(0, +) == 4 }
    }

    @Test("a gzip bomb is refused, however it is packed; the events before it are kept")
    func bomb() throws {
        let receiver = try Receiver.forward()
        // A member for each 64 MiB: 4 GiB of zeros in some 4 MiB.
        let member = packed([UInt8](repeating: 0, count: 64 << 20))
        let bomb = Array(repeating: member, count: 64).flatMap(\.self)
        let client = try receiver.client()
        client.send(Self.good)
        client.send(.array([.text("t"), .bytes(bomb), .record(["compressed": .text("gzip")])]))
        #expect(client.isClosed())
        try receiver.client().send(Self.good)
        try receiver.wait(lines: 2)
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(
            receiver.dropped == ["messages that grow without measure when they are unpacked": 1]
        )
    }

    @Test("damaged gzip is refused whole: no event of it is taken, and it is not acknowledged")
    func damaged() throws {
        let receiver = try Receiver.forward()
        let entry = Pack.array([.int(1), .record(["a": .int(1)])]).packed
        var body = packed(Array(repeating: entry, count: 1_000).flatMap(\.self))
        body[body.count - 6] ^= 1
        let client = try receiver.client()
        client.send(
            .array([
                .text("t"), .bytes(body),
                .record(["compressed": .text("gzip"), "chunk": .text("c")]),
            ])
        )
        #expect(client.receive() == [])
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.lineCount == 0)
    }

    @Test("an unknown compression is refused with what to do, and not acknowledged")
    func unknownCompression() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(
            .array([
                .text("t"), .bytes([0x28, 0xB5, 0x2F, 0xFD]),
                .record(["compressed": .text("lz4"), "size": .int(9), "chunk": .text("z")]),
            ])
        )
        client.send(.array([.text("t"), .array([]), .record(["chunk": .text("next")])]))
        #expect(client.receive() == Pack.record(["ack": .text("next")]).packed)
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.dropped == ["events compressed by 'lz4': set compress gzip or zstd": 9])
    }

    @Test(
        "senders of other protocols are told apart and counted once each",
        arguments: [
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "<13>Nov 23 06:52:30 vm app: hello\n",
        ]
    )
    func others(_ text: String) throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(Array(text.utf8))
        #expect(client.isClosed())
        try receiver.wait(for: "the count") { !$0.dropped.isEmpty }
        #expect(receiver.dropped == ["senders of another protocol": 1])
    }

    @Test("an event longer than a line may be is cut, counted, and its neighbours are whole")
    func long() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(Self.good)
        client.send(
            .array([
                .text("t"), .int(1),
                .map([(.text("log"), .bytes(Array(repeating: 0x61, count: 2 << 20)))]),
            ])
        )
        client.send(Self.good)
        try receiver.wait(lines: 3)
        try receiver.wait(for: "the count") { $0.events.contains { $0.kind == .cut } }
        #expect(
            receiver.lines.map(\.utf8.count) == [
                Self.line.count, ForwardWork.lineLimit, Self.line.count,
            ]
        )
    }
}
