import Atlas
import Packing
import Testing
import Unpack

@testable import Receive

@Suite("The Forward protocol: modes and times")
struct ForwardModesTests {
    private static let one = Pack.record(["log": .text("one"), "n": .int(1)])
    private static let two = Pack.record(["log": .text("two"), "n": .int(2)])
    private static let wanted = [
        #"{"@tag":"app.web","@time":1700000000.000000005,"log":"one","n":1}"#,
        #"{"@tag":"app.web","@time":1700000001.000000000,"log":"two","n":2}"#,
    ]

    private static var entries: [Pack] {
        [.array([.time(1_700_000_000, 5), one]), .array([.int(1_700_000_001), two])]
    }

    /// The same two events in each mode, with these options behind them.
    static func messages(options: [(Pack, Pack)] = []) -> [(name: String, bytes: [UInt8])] {
        let tag = Pack.text("app.web")
        let binaryTag = Pack.bytes(Array("app.web".utf8))
        let stream = entries.flatMap(\.packed)
        let plain = [(Pack.text("compressed"), Pack.text("text"))]
        let option = options.isEmpty ? [] : [Pack.map(options + plain)]
        func compressed(_ form: PackedForm, _ events: [[UInt8]]) -> [UInt8] {
            let body = events.flatMap { packed($0, as: form) }
            let option = Pack.map([(.text("compressed"), .text(form.name))] + options)
            return Pack.array([tag, .bytes(body), option]).packed
        }
        return [
            (
                "message",
                Pack.array([tag, .time(1_700_000_000, 5), one]).packed
                    + Pack.array([tag, .int(1_700_000_001), two] + option).packed
            ),
            ("forward", Pack.array([tag, .array(entries)] + option).packed),
            ("forward, tag of bytes", Pack.array([binaryTag, .array(entries)] + option).packed),
            ("packed, bytes", Pack.array([tag, .bytes(stream)] + option).packed),
            ("packed, str32", Pack.array([tag, .longText(stream)] + option).packed),
            ("gzip", compressed(.gzip, [stream])),
            ("gzip of two members", compressed(.gzip, entries.map(\.packed))),
            ("zstd", compressed(.zstd, [stream])),
            ("zstd of two frames", compressed(.zstd, entries.map(\.packed))),
        ]
    }

    @Test("F01 message, forward, packed and gzip decode to the same events")
    func modes() throws {
        for (name, bytes) in Self.messages() {
            let receiver = try Receiver.forward()
            let client = try receiver.client()
            client.send(bytes)
            try receiver.wait(lines: 2)
            #expect(receiver.lines == Self.wanted, "\(name)")
        }
    }

    @Test("F05 single bytes, each in a write of its own, decode to the same events")
    func fragments() throws {
        for (name, bytes) in Self.messages() {
            let receiver = try Receiver.forward()
            let client = try receiver.client()
            client.drip(bytes)
            try receiver.wait(lines: 2)
            #expect(receiver.lines == Self.wanted, "\(name)")
        }
    }

    @Test("many messages of all modes over one connection keep their order")
    func oneConnection() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let all = Self.messages()
        client.send(all.flatMap(\.bytes) + [0xC0] + all.flatMap(\.bytes))
        try receiver.wait(lines: all.count * 4)
        #expect(receiver.lines == (0..<all.count * 2).flatMap { _ in Self.wanted })
        #expect(Set(receiver.batches.map(\.stream)).count == 1)
    }

    @Test(
        "F03 every shape of a time",
        arguments: [
            (Pack.time(1_700_000_000, 123_456_789), #""@time":1700000000.123456789,"#),
            (
                .ext(0, Pack.big(1_700_000_000, 4) + Pack.big(7, 4)),
                #""@time":1700000000.000000007,"#
            ),
            (.int(1_700_000_000), #""@time":1700000000.000000000,"#),
            (.double(1_700_000_000.25), #""@time":1700000000.250000000,"#),
            (.time(4_294_967_295, 1), #""@time":4294967295.000000001,"#),
            (.array([.time(1_700_000_000, 1), .map([])]), #""@time":1700000000.000000001,"#),
            (.int(0), ""), (.time(0, 0), ""), (.null, ""),
        ]
    )
    func times(time: Pack, words: String) throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        client.send(.array([.text("t"), time, Self.one]))
        client.send(.array([.text("t"), .array([.array([time, Self.one])])]))
        try receiver.wait(lines: 2)
        let wanted = #"{"@tag":"t",\#(words)"log":"one","n":1}"#
        #expect(receiver.lines == [wanted, wanted])
    }

    @Test("what Fluent Bit 5.1.1 sends, byte for byte")
    func fluentBit() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        // ["t", [[[EventTime, {}], {"log": "x"}]]]: header and payload in segments of their own.
        client.send([0x92, 0xA1, 0x74, 0x91])
        client.send(
            [0x92, 0x92, 0xD7, 0x00, 0x65, 0x53, 0xF1, 0x00, 0x00, 0x00, 0x00, 0x02, 0x80]
                + [0x81, 0xA3, 0x6C, 0x6F, 0x67, 0xA1, 0x78]
        )
        try receiver.wait(lines: 1)
        #expect(receiver.lines == [#"{"@tag":"t","@time":1700000000.000000002,"log":"x"}"#])
    }

    @Test("metadata of a time are kept where there are some")
    func metadata() throws {
        let receiver = try Receiver.forward()
        let client = try receiver.client()
        let time = Pack.array([.time(1, 0), .record(["source": .text("a")])])
        client.send(.array([.text("t"), .array([.array([time, .map([])])])]))
        try receiver.wait(lines: 1)
        #expect(
            receiver.lines
                == [#"{"@tag":"t","@time":1.000000000,"@metadata":{"source":"a"}}"#]
        )
    }

    @Test("a peer's address opens its stream, and its end closes it")
    func streams() throws {
        let receiver = try Receiver.forward()
        var client: Client? = try receiver.client()
        client?.send(.array([.text("t"), .int(1), Self.one]))
        try receiver.wait(lines: 1)
        client = nil
        try receiver.wait(for: "the end") { $0.events.contains { $0.kind == .closed } }
        #expect(receiver.events.map(\.kind) == [.opened, .closed])
        #expect(receiver.events.allSatisfy { $0.detail.hasPrefix("127.0.0.1:") })
        #expect(Set(receiver.events.map(\.stream)) == Set(receiver.batches.map(\.stream)))
    }
}
