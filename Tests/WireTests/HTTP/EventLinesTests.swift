import Chance
import Testing

@testable import Wire

@Suite("The events of a body become lines")
struct EventLinesTests {
    private func lines(_ events: EventLines) -> [String] {
        var start = 0
        return events.ends.map { end in
            defer { start = Int(end) }
            return String(decoding: events.bytes[start..<Int(end)], as: UTF8.self)
        }
    }

    private func json(_ text: String) throws -> [String] {
        try lines(EventLines.json(Array(text.utf8)))
    }

    @Test("one object, lines of JSON, objects without anything between them, and arrays")
    func shapes() throws {
        #expect(try json(#"{"a": 1}"#) == [#"{"a": 1}"#])
        #expect(try json("{\"a\":1}\n{\"b\":2}\r\n\n") == [#"{"a":1}"#, #"{"b":2}"#])
        #expect(try json(#"{"a":1}{"b":2}"#) == [#"{"a":1}"#, #"{"b":2}"#])
        #expect(try json(#" [ {"a":1} , {"b":[{}]} ] "#) == [#"{"a":1}"#, #"{"b":[{}]}"#])
        #expect(try json("\u{FEFF}[{\"a\":1}]\n[{\"b\":2}]") == [#"{"a":1}"#, #"{"b":2}"#])
        #expect(try json("[]").isEmpty)
        #expect(try json("").isEmpty)
    }

    @Test("an object over several lines is put on one, and its strings stay as they are")
    func compact() throws {
        #expect(
            try json("{\n  \"a b\" : \"x  \\\" y\\\\\",\n\t\"c\": [1,\r\n 2]\n}")
                == [#"{"a b":"x  \" y\\","c":[1,2]}"#]
        )
    }

    @Test("numbers of any size, duplicate keys, escapes and raw bytes are kept as they came")
    func kept() throws {
        for event in [
            #"{"n":1e400,"m":-0.5E-7,"big":123456789012345678901234567890}"#,
            #"{"a":1,"a":2}"#, #"{"s":"\u00e9\ud83d\ude00\/\b"}"#, #"{"":null,"t":true,"f":false}"#,
        ] {
            #expect(try json(event) == [event])
        }
        let raw = Array("{\"s\":\"".utf8) + [0xFF, 0xC3] + Array("\"}".utf8)
        #expect(try EventLines.json(raw).bytes == raw)
    }

    @Test(
        "what is no event is refused whole, with the place and the reason",
        arguments: [
            (#"{"a":1"#, "byte 7: the JSON ends where ',' or '}' has to be"),
            (#"{"a" 1}"#, "byte 6: ':' has to stand here"),
            (#"{"a":1,}"#, "byte 8: the name of a member"),
            (#"{"a":NaN}"#, "byte 6: no value of JSON begins so"),
            (#"{"a":01}"#, "byte 7: ',' or '}'"),
            (#"{"a":.5}"#, "byte 6: no value"),
            (#"{"a":"\x"}"#, "byte 7: no such escape"),
            (#"{"a":"\u12g4"}"#, "byte 7: four hexadecimal digits"),
            ("{\"a\":\"x\ny\"}", "byte 8: a control character"),
            (#"{"a":"x"#, "ends inside a string"),
            (#"{"a":1} x"#, "byte 9: an event is an object"),
            (#"[{"a":1},2]"#, "event 2 is no object"),
            ("\"text\"", "byte 1: an event is an object"),
            ("{\"a\":1}\n{\"b\":", "byte 14: the JSON ends inside a value"),
        ]
    )
    func mistakes(text: String, words: String) {
        let mistake = #expect(throws: BodyMistake.self) { try json(text) }
        #expect(mistake?.status == 400)
        #expect(mistake?.words.contains(words) == true, "\(mistake?.words ?? "")")
    }

    @Test("JSON of 10,000 levels is refused, and costs no stack")
    func deep() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep =
                String(repeating: open, count: 10_000) + "1"
                + String(repeating: close, count: 10_000)
            let mistake = #expect(throws: BodyMistake.self) { try json("{\"x\":\(deep)}") }
            #expect(mistake?.words.contains("nested deeper than 128 levels") == true)
        }
        let allowed =
            "{\"x\":" + String(repeating: "[", count: 127)
            + String(repeating: "]", count: 127) + "}"
        #expect(try json(allowed) == [allowed])
    }

    @Test("an event over the limit is too large, whatever else is in the body")
    func tooLarge() {
        let event = "{\"a\":\"" + String(repeating: "x", count: EventLines.eventLimit) + "\"}"
        let mistake = #expect(throws: BodyMistake.self) { try json("{}\n\(event)") }
        #expect(mistake?.status == 413)
        #expect(mistake?.words.hasPrefix("event 2 has ") == true)
    }

    @Test("lines of text are kept as they are, empty ones are none")
    func text() throws {
        let events = try EventLines.text(Array("one\r\n\n two \u{e9}\nlast".utf8))
        #expect(lines(events) == ["one", " two \u{e9}", "last"])
    }

    @Test("any bytes end, in lines or in a mistake")
    func anyBytes() {
        var dice = Dice(11)
        let alphabet = Array(#"{}[]",:\u0a1-.eE+ ntrufals"#.utf8) + [0x0A, 0xFF, 0x00]
        for _ in 0..<20_000 {
            let bytes = (0..<dice.roll(0..<40)).map { _ in dice.pick(alphabet) }
            _ = try? EventLines.json(bytes)
            _ = try? OTLPLogs(bytes)
        }
    }
}
