import Atlas
import Testing

@testable import Decode

@Suite("Guessing structured formats")
struct StructuredGuessTests {
    private func guess(_ lines: [String]) -> FormatGuess.Guess {
        FormatGuess.guess(of: lines.map { Array($0.utf8)[...] })
    }

    @Test(
        "what the lines look like",
        arguments: [
            ("json", [#"{"time":"2026-11-23T07:00:25Z","level":"info","msg":"a=b"}"#]),
            ("json", [#"{"a":1}"#, #"{"b":"c d=e"}"#]),
            ("docker", [#"{"log":"a\n","stream":"stdout","time":"2026-11-23T07:00:25.5Z"}"#]),
            ("cri", ["2026-11-23T07:00:25.586123456Z stdout F a"]),
            ("logfmt", [#"ts=2026-11-23T07:00:25Z level=info msg="a, b, c""#]),
            ("ltsv", ["time:2026-11-23T07:00:25Z\ta:b\tc:d"]),
            ("syslog", ["Nov 23 07:00:25 a b[1]: level=info c=d"]),
            ("plain", ["a=b c=d", "e=f"]), ("plain", ["a,b,c", "d,e,f", "g,h,i"]),
            ("csv", ["time,a,b", #"2026-11-23T07:00:25Z,"x, y",2"#, "2026-11-23T07:00:26Z,x,3"]),
            (
                "tsv",
                [
                    "2026-11-23 07:00:25\ta\tb", "2026-11-23 07:00:25\t\t",
                    "2026-11-23 07:00:26\tc\t",
                ]
            ),
            (
                "plain",
                ["2026-11-23 07:00:25,a,b", "2026-11-23 07:00:25,a", "2026-11-23 07:00:25,a,b"]
            ),
        ]
    )
    func guesses(_ name: String, _ lines: [String]) {
        #expect(guess(lines).format.name == name)
    }

    @Test("the confidence is the share of lines that are taken; none for plain text")
    func confidence() {
        let object = #"{"time":"2026-11-23T07:00:25Z"}"#
        #expect(guess([object, object, object, "words"]).confidence == 0.75)
        #expect(guess([object, object, "", ""]).confidence == 1)
        #expect(guess([object, "words", "words"]).confidence == 0)
        #expect(guess([]).confidence == 0)
    }

    @Test("lines of any format are read as what they look like, with the fields of that one only")
    func auto() {
        let object = ParsedText(AutoLog(), #"{"level":"warn","a":"b=c"}"#)
        #expect(object.level == .warn)
        #expect(object.fields == ["level=warn", "a=b=c"])
        let pairs = ParsedText(AutoLog(), "ts=2026-11-23T07:00:25Z level=error x")
        #expect(pairs.fields == ["ts=2026-11-23T07:00:25Z", "level=error", "x=true:true"])
        #expect(ParsedText(AutoLog(), "some words, a=b").fields.isEmpty)
        #expect(ParsedText(AutoLog(), #"{"a":1"#).fields.isEmpty)
    }
}
