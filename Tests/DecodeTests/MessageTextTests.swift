import Decode
import Foundation
import Testing

@Suite("The message of a kept line")
struct MessageTextTests {
    private func text(_ line: String, behind mark: String) throws -> String {
        let start = try #require(line.range(of: mark)?.upperBound)
        let offset = line.utf8.distance(from: line.startIndex, to: start)
        return String(
            decoding: MessageText.bytes(of: Array(line.utf8), from: offset),
            as: UTF8.self
        )
    }

    @Test("of JSON is what stands between its quotes, without escapes and a last line end")
    func ofJSON() throws {
        let line = #"{"level":"info","msg":"a \"b\" \u00e9","n":1}"#
        #expect(try text(line, behind: #""msg":""#) == #"a "b" é"#)
        let docker = #"{"log":"hello\n","stream":"stdout"}"#
        #expect(try text(docker, behind: #""log":""#) == "hello")
        // What may stand before an object.
        #expect(try text(" \t" + #"{"msg":"a\n","n":1}"#, behind: #""msg":""#) == "a")
        #expect(try text("\u{FEFF}" + #"{"msg":"a","n":1}"#, behind: #""msg":""#) == "a")
        // Cut off: all there is.
        #expect(try text(#"{"msg":"half"#, behind: #"msg":""#) == "half")
    }

    @Test("of logfmt is what stands between its quotes; alone it goes on with the fields behind it")
    func ofLogfmt() throws {
        let line = #"level=info msg="a \"b\"" n=1 q="x y""#
        #expect(try text(line, behind: #"msg=""#) == #"a "b""#)
        let bytes = MessageText.bytes(standingAlone: Array(line.utf8), from: 16)
        #expect(String(decoding: bytes, as: UTF8.self) == #"a "b" n=1 q="x y""#)
        #expect(try text(#"x msg="half"#, behind: #"msg=""#) == "half")
    }

    @Test("of any other line is its rest, as written")
    func ofOthers() throws {
        #expect(try text(#"x msg=a n="1""#, behind: "msg=") == #"a n="1""#)
        #expect(try text(#"x said "a" n=1"#, behind: #"said ""#) == #"a" n=1"#)
        #expect(MessageText.bytes(of: Array("abc".utf8), from: 9) == [])
        #expect(MessageText.bytes(of: Array(#"{"a":1}"#.utf8), from: 0) == Array(#"{"a":1}"#.utf8))
    }

    @Test("an entry of the journal stands alone with who wrote it")
    func journal() {
        func shown(_ fields: String) -> String {
            let line = Array("__REALTIME_TIMESTAMP=1\n\(fields)MESSAGE=no route\nat all".utf8)
            let start = line.count - "no route\nat all".utf8.count
            let bytes = MessageText.bytes(standingAlone: line, from: start)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(shown("_PID=7\nSYSLOG_IDENTIFIER=app\n") == "app[7]: no route\nat all")
        #expect(shown("SYSLOG_IDENTIFIER=kernel\n") == "kernel: no route\nat all")
        #expect(shown("_PID=7\n") == "no route\nat all")
        #expect(MessageText.bytes(standingAlone: Array("a b".utf8), from: 2) == Array("b".utf8))
    }
}
