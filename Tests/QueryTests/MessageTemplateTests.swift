import Atlas
import Chance
import Decode
import Testing

@testable import Query

@Suite("A message's template")
struct MessageTemplateTests {
    private func template(_ message: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        Array(message).withUnsafeBytes { MessageTemplate.append(of: $0, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        "leaves out what differs from one to the next",
        arguments: [
            ("", ""),
            ("database system is ready to accept connections", nil),
            (
                "Accepted publickey for deploy from 10.0.0.7 port 51234 ssh2: RSA SHA256:x9",
                "Accepted publickey for deploy from <*> port <*> <*>: RSA <*>"
            ),
            ("took=12ms rows=7, user=bob", "took=<*> rows=<*>, user=bob"),
            ("[42] (a7) {x: 1} <3> \"9\" 'b1'", "[<*>] (<*>) {x: <*>} <<*>> \"<*>\" '<*>'"),
            ("done at 07:20:31.", "done at <*>."),
            ("id deadbeef, feed and Facade", "id <*>, feed and Facade"),
            ("pair 3|4;5", "pair <*>|<*>;<*>"),
            ("what?! 1?!", "what?! <*>?!"),
            ("Exception in thread\n\tat line 5", "Exception in thread"),
            ("two  blanks\tand a tab ", nil),
            ("\t\t at Main.java:7", "at <*>"),
            ("\u{e9}t\u{e9} 5 \u{65e5}\u{672c}", "\u{e9}t\u{e9} <*> \u{65e5}\u{672c}"),
        ] as [(String, String?)]
    )
    func masks(message: String, expected: String?) {
        #expect(template(message.utf8) == expected ?? message)
    }

    @Test("is its own template, and the same for all numbers", arguments: 0..<200)
    func stable(seed: Int) {
        var dice = Dice(seed)
        let bytes = (0..<dice.roll(0...80)).map { _ in
            dice.pick(Array("ab1:. =,[]\"f<>*\n\u{1B}".utf8) + [0xFF, 0])
        }
        let once = template(bytes)
        #expect(template(once.utf8) == once)
        let moved = bytes.map { $0 == UInt8(ascii: "1") ? UInt8(ascii: "7") : $0 }
        #expect(template(moved) == once)
    }

    @Test("is of the first four KiB")
    func long() {
        let text = String(repeating: "word ", count: 100_000)
        #expect(template(text.utf8) == String(text.prefix(4_096)))
    }

    @Test("is read as a field, of the message as people read it")
    func field() {
        let line = "Nov 23 07:20:31 web1 sshd[42]: Failed password for bob from 10.0.0.7 port 22"
        let facts = SourceFacts(name: "auth", resource: nil, format: SyslogLog())
        var read: String?
        let isThere = Array(line.utf8).withUnsafeBytes { bytes in
            FieldReader("template", of: facts).read(
                TestedLine(bytes: bytes, level: .info, time: Instant(seconds: 0), messageStart: 0),
                isTested: false,
                LineScratch()
            ) { read = String(decoding: $0, as: UTF8.self) }
        }
        #expect(isThere)
        #expect(read == "sshd[<*>]: Failed password for bob from <*> port <*>")
    }
}
