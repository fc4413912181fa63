import Testing

@testable import Wire

@Suite("Fields of a record become JSON")
struct EventWriterTests {
    private func line(_ record: Pack) -> String {
        var writer = EventWriter()
        var line = JSONSink()
        var offset = 0
        let bytes = Pack.array([.null, record]).packed
        let outcome = writer.append(
            bytes.span.bytes,
            at: &offset,
            isBare: false,
            head: Array("{\"@tag\":\"t\"".utf8),
            to: &line
        )
        #expect(outcome == .written)
        #expect(offset == bytes.count)
        return String(
            decoding: line.take().dropFirst(#"{"@tag":"t","#.utf8.count).dropLast(),
            as: UTF8.self
        )
    }

    @Test(
        "each type",
        arguments: [
            (Pack.null, "null"), (.flag(true), "true"), (.flag(false), "false"), (.int(-1), "-1"),
            (.int(.max), "9223372036854775807"), (.int(.min), "-9223372036854775808"),
            (.double(0.1), "0.1"), (.double(1e300), "1e+300"), (.double(.nan), "null"),
            (.double(-.infinity), "null"), (.text("a\"b\\c\n\u{1}é"), #""a\"b\\c\n\u0001é""#),
            (.text("eight by"), #""eight by""#), (.text("1234567\t9"), #""1234567\t9""#),
            (.bytes(Array("raw".utf8)), #""raw""#), (.array([]), "[]"), (.map([]), "{}"),
            (
                .array([.int(1), .array([.text("x"), .map([(.text("k"), .array([]))])]), .int(2)]),
                #"[1,["x",{"k":[]}],2]"#
            ),
            (.ext(5, [1, 2, 3]), #"{"@ext":5,"@base64":"AQID"}"#),
            (.ext(-1, [255]), #"{"@ext":-1,"@base64":"/w=="}"#),
        ]
    )
    func types(value: Pack, text: String) {
        #expect(line(.map([(.text("v"), value)])) == #""v":\#(text)"#)
    }

    @Test("keys that are no text become text; the order stays, also of a key that is there twice")
    func keys() {
        let record = Pack.map([
            (.text("b"), .int(1)), (.int(7), .int(2)), (.null, .int(3)), (.bytes([0x62]), .int(4)),
        ])
        #expect(line(record) == #""b":1,"7":2,"null":3,"b":4"#)
    }

    @Test("bytes that are no UTF-8 stay as they came")
    func rawBytes() {
        var writer = EventWriter()
        var line = JSONSink()
        var offset = 0
        let bytes = Pack.array([.null, .map([(.text("v"), .bytes([0xFF, 0x22, 0xFE]))])]).packed
        _ = writer.append(bytes.span.bytes, at: &offset, isBare: false, head: [], to: &line)
        let written = line.take()
        #expect(written == Array(#","v":""#.utf8) + [0xFF, 0x5C, 0x22, 0xFE] + Array("\"}".utf8))
    }

    @Test("every cut of an event is torn, and nothing of it is written")
    func torn() {
        let event = Pack.array([
            .array([.time(1, 2), .record(["m": .int(1)])]),
            .record(["a": .array([.double(1), .ext(1, [1]), .map([(.text("x"), .null)])])]),
        ]).packed
        for count in 0..<event.count {
            var writer = EventWriter()
            var line = JSONSink()
            line.append([1])
            var offset = 0
            let cut = Array(event.prefix(count))
            let outcome = writer.append(
                cut.span.bytes,
                at: &offset,
                isBare: false,
                head: [2],
                to: &line
            )
            #expect(outcome == .torn)
            let left = line.take()
            #expect(left == [1])
        }
    }
}
