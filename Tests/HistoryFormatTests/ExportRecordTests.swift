import Atlas
import Foundation
import Testing

@testable import HistoryFormat

@Suite("A line of an export")
struct ExportRecordTests {
    @Test(
        "says what is wrong with it",
        arguments: [
            ("", ExportRecord.Mistake.syntax(column: 1)), ("[]", .syntax(column: 1)),
            ("{\"type\":\"line\"", .syntax(column: 15)), ("{}", .missing("type")),
            ("{\"type\":7}", .missing("type")), ("{\"type\":\"line\"} x", .syntax(column: 17)),
            ("{\"type\":\"line\"}", .missing("number")),
            ("{\"type\":\"line\",\"number\":0}", .value("number")),
            ("{\"type\":\"line\",\"number\":9007199254740993}", .value("number")),
            ("{\"type\":\"line\",\"number\":1}", .missing("line")),
            ("{\"type\":\"line\",\"number\":1,\"raw\":\"*\"}", .value("raw")),
            ("{\"type\":\"line\",\"number\":1,\"line\":\"\"}", .missing("time")),
            ("{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":\"now\"}", .value("time")),
            ("{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":0}", .missing("level")),
            (
                "{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":0,\"level\":\"loud\"}",
                .value("level")
            ),
            (
                "{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":0,\"level\":\"info\"}",
                .missing("source")
            ),
            (
                "{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":0,\"level\":\"info\",\"source\":\"a\"}",
                .missing("arrival")
            ),
            (
                "{\"type\":\"line\",\"number\":1,\"line\":\"\",\"time\":0,\"arrival\":0,\"level\":\"info\",\"source\":\"a\",\"messageStart\":1}",
                .value("messageStart")
            ),
            ("{\"type\":\"line\",\"x\":\"\\ud800\"}", .syntax(column: 27)),
            ("{\"type\":\"line\",\"x\":01}", .syntax(column: 22)),
        ]
    )
    func mistakes(text: String, mistake: ExportRecord.Mistake) {
        #expect(throws: mistake) {
            try Array(text.utf8).withUnsafeBytes { try ExportRecord($0) }
        }
    }

    @Test("is read as JSON is, in any order, with escapes and members of others")
    func reading() throws {
        let text =
            #" {"raw":null,"\u0074ype":"line","line":"\u00e9\ud83d\ude00\/\b","source":"a","x":{"y":[1.5e3,true,{}]},"level":"warn","arrival":"2026-11-26T08:00:00+09:00","time":-1,"number":12} "#
            .replacingOccurrences(of: "\"raw\":null,", with: "")
        let record = try Array(text.utf8).withUnsafeBytes { try ExportRecord($0) }
        guard case .line(let line) = record else {
            Issue.record("\(record) is no line")
            return
        }
        #expect(line.record.number == 12)
        #expect(line.record.bytes == Array("é😀/\u{8}".utf8))
        #expect(line.record.time == Instant(nanoseconds: -1))
        #expect(line.record.arrival == Instant(rfc3339: "2026-11-25T23:00:00Z"))
    }

    @Test("is written so that it reads the same, whatever bytes it has")
    func roundTrip() throws {
        let contents: [[UInt8]] = [
            [], [0], Array("a\rb\nc\t".utf8), Array("\"\\/\u{7f}\u{2028}暗い😀".utf8), [0xC3],
            Array(0...255),
        ]
        for (index, bytes) in contents.enumerated() {
            let line = StoredLine(
                source: "db1 \"log\"",
                resource: index == 0 ? nil : "db\n1",
                record: LogRecord(
                    number: UInt64(index) + 1,
                    source: 0,
                    arrival: Instant(nanoseconds: .max),
                    time: .distantPast,
                    level: .warn,
                    messageStart: bytes.count,
                    bytes: bytes
                )
            )
            var text = ExportText()
            text.add(line)
            let written = Array(text.bytes.dropLast())
            #expect(!written.contains(10))
            #expect(try written.withUnsafeBytes { try ExportRecord($0) } == .line(line))
        }
    }
}
