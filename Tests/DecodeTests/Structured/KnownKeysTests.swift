import Atlas
import Testing

@testable import Decode

@Suite("Keys that are known from the line before")
struct KnownKeysTests {
    private static let lines = [
        #"{"time":"2026-11-23T07:00:25.586123Z","level":"info","status":200,"msg":"it is served"}"#,
        #"{"time":"2026-11-23T07:00:25.5Z","status":500,"level":"warn","msg":"it is not served"}"#,
        #"{"time" : "2026-11-23T07:00:26Z" , "level" :  "error", "msg":"blanks around the keys"}"#,
        #"{"time":  "2026-11-23T07:00:26Z","level":"error","msg":"more blanks than there were"}"#,
        #"{"level":"debug","a":{"level":"fatal"},"msg":"a key is missing, another is new"}"#,
        #"{,"level":"info","msg":"a comma in front of the first key"}"#,
        #"{"time":1764122931.586123000,"level":30,"msg":"numbers","a":null,"b":true,"c":false}"#,
        #"{"a_key_that_is_longer_than_a_word":1,"level":"info","msg":"long"}"#,
        #"{"time":"2026-11-23T07:00:25.586123Z","level":"in"#,
        #"{"time":"2026-11-23T07:00:25.586123Z" level=warn msg="half a pair, half an object"}"#,
        #"time=2026-11-23T07:00:25.586123Z level=info status=200 msg="it is served""#,
        #"time=2026-11-23T07:00:25.586123Z level=info flag status=200 msg="with a flag""#,
        "level=warn\ttime=2026-11-23T07:00:25.1234567Z  msg=tabs and=blanks",
        #"time="2026-11-23T07:00:25.12345678Z"level=error msg="no blank behind the quote""#,
        #"{"log":"level=info","stream":"stdout","time":"2026-11-23T07:00:25.586123456Z"}"#,
        "level=", "{}", "{", "",
    ]

    @Test(
        "change nothing of what is read, whatever the lines before were",
        arguments: [JSONLog(), LogfmtLog(), DockerLog(), AutoLog()] as [any LogFormat]
    )
    func changeNothing(format: any LogFormat) {
        var wrong: [String] = []
        for before in Self.lines {
            for line in Self.lines {
                var list = FieldList()
                // Another format's keys may be known, too.
                for earlier in [before, line, before] {
                    list.removeAll()
                    _ = JSONLog().parse(Array(earlier.utf8).span.bytes, into: &list)
                    list.removeAll()
                    _ = format.parse(Array(earlier.utf8).span.bytes, into: &list)
                }
                let alone = read(line, format)
                if read(line, format, into: &list) != alone { wrong.append("\(before) \(line)") }
            }
        }
        #expect(wrong == [])
    }

    @Test("are read as others are, at each length of a line")
    func areReadAtEachLength() {
        var list = FieldList()
        var wrong: [Int] = []
        for length in 0...Self.lines[0].utf8.count {
            let line = String(Self.lines[0].prefix(length))
            _ = read(Self.lines[0], JSONLog(), into: &list)
            if read(line, JSONLog(), into: &list) != read(line, JSONLog()) { wrong.append(length) }
        }
        #expect(wrong == [])
    }

    private struct Reading: Equatable {
        var parsed: ParsedLine
        var fields: [Field]
    }

    private func read(_ line: String, _ format: any LogFormat) -> Reading {
        var list = FieldList()
        return read(line, format, into: &list)
    }

    private func read(
        _ line: String,
        _ format: any LogFormat,
        into list: inout FieldList
    ) -> Reading {
        list.removeAll()
        let parsed = format.parse(Array(line.utf8).span.bytes, into: &list)
        var fields: [Field] = []
        for index in 0..<list.count { fields.append(list[index]) }
        return Reading(parsed: parsed, fields: fields)
    }
}
