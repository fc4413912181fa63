import Testing

@testable import Decode

@Suite("The text of a field")
struct FieldTextTests {
    private func text(_ written: String, _ kind: Field.Kind) -> String {
        text(Array(written.utf8), kind).map { String(decoding: $0, as: UTF8.self) } ?? "two ways"
    }

    /// Nil when the two ways to ask differ.
    private func text(_ written: [UInt8], _ kind: Field.Kind) -> [UInt8]? {
        let line = [0x5C, 0x22] + written + [0x5C, 0x75]
        let place = 2..<(2 + written.count)
        var fields = FieldList()
        fields.add(.user, place, kind)
        var byField: [UInt8] = []
        FieldText.append(fields[0], of: line.span.bytes, to: &byField)
        var byRange: [UInt8] = []
        FieldText.append(place, kind, of: line.span.bytes, to: &byRange)
        guard !FieldText.isWritten(fields[0], in: line.span.bytes) || byField == written
        else { return nil }
        return byField == byRange ? byField : nil
    }

    @Test(
        "loses the escapes of JSON",
        arguments: [
            ("plain", "plain"), ("", ""),
            (#"a\"b\\c\/d"#, #"a"b\c/d"#),
            (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"),
            (#"caf\u00e9 \u00C9"#, "café É"),
            (#"\uD83D\uDE00!"#, "😀!"),
            (#"\ud83d\ude00\u0041"#, "😀A"),
            (#"\u0000"#, "\0"),
        ]
    )
    func json(_ written: String, _ text: String) {
        #expect(self.text(written, .json) == text)
    }

    @Test(
        "keeps what is no escape as it is written",
        arguments: [
            #"\q"#, #"\"#, #"\u"#, #"\u12"#, #"\u12g4"#, #"\uD83D"#,
            #"\uDE00"#, #"\uD83Dx"#, #"\x41"#, #"\é"#, #"\uD83D\u004"#,
        ]
    )
    func bad(_ written: String) {
        #expect(text(written, .json) == written)
    }

    @Test("an escape behind half a surrogate pair is read")
    func halfPair() {
        #expect(text(#"\uD83D\n\uD83D\u0041"#, .json) == "\\uD83D\n\\uD83DA")
    }

    @Test("bytes that are no UTF-8 stay")
    func invalid() {
        let bytes: [UInt8] = [0xFF, 0x5C, 0x6E, 0xC3, 0x28, 0x5C, 0x80]
        #expect(text(bytes, .json) == [0xFF, 0x0A, 0xC3, 0x28, 0x5C, 0x80])
        #expect(text(bytes, .text) == bytes)
    }

    @Test(
        "loses the escapes of nginx, Apache and Go",
        arguments: [
            (#"\x22a\x5C\x5cb"#, #""a\\b"#),
            (#"say \"hi\" \\"#, #"say "hi" \"#),
            (#"a\]b\=c"#, "a]b=c"),
            (#"\a\v\n\t"#, "\u{7}\u{B}\n\t"),
            (#"\u00e9\U0001F600"#, "é😀"),
            (#"C:\dir\users"#, #"C:\dir\users"#),
            (#"\xZZ\x4"#, #"\xZZ\x4"#),
            (#"\U00110000"#, #"\U00110000"#),
        ]
    )
    func backslashed(_ written: String, _ text: String) {
        #expect(self.text(written, .backslashed) == text)
    }

    @Test("a byte written in hex is that byte, whether UTF-8 or not")
    func bytes() {
        #expect(text(Array(#"\xff\xc3\xa9"#.utf8), .backslashed) == [0xFF, 0xC3, 0xA9])
    }

    @Test("two quotes of a column are one")
    func doubled() {
        #expect(text(#"say ""hi"""#, .doubled) == #"say "hi""#)
        #expect(text("\"\"\"\"\"", .doubled) == "\"\"\"")
        #expect(text(#"a"b\n"#, .doubled) == #"a"b\n"#)
    }

    @Test("a priority of syslog is the name of its facility or severity")
    func priority() {
        #expect(text("133", .facility) == "local0")
        #expect(text("133", .severity) == "notice")
        #expect(text("999", .facility) == "999")
        #expect(text("x", .severity) == "x")
    }

    @Test("numbers, objects and the like stay as written", arguments: [Field.Kind.number, .nested])
    func others(_ kind: Field.Kind) {
        #expect(text(#"{"a":"\n"}"#, kind) == #"{"a":"\n"}"#)
    }
}
