import Chance
import Testing

@testable import Decode

@Suite("Any bytes, in every format of the catalogue")
struct AnyBytesTests {
    private static let lines = [
        #"{"time":"2026-11-23T07:00:25.123Z","level":"info","a":[1,{"b":"\u00e9"}],"msg":"x\n"}"#,
        #"{"log":"{\"level\":\"x\"}\n","stream":"stderr","time":"2026-11-23T07:00:25.5Z"}"#,
        "2016-10-06T00:17:09.669794202Z stdout F:a {\"level\":\"warn\"}",
        #"ts=2026-11-23T07:00:25Z level=info msg="a \"b\"" c d="#,
        "time:[23/Nov/2026:16:00:25 +0900]\thost:a\tlevel:ERROR\tmessage:x",
        #"2026-11-23 07:00:25,"a ""b""",,ERROR"#,
        "__REALTIME_TIMESTAMP=1795417225123456\nMESSAGE\n\u{3}\0\0\0\0\0\0\0abc\nPRIORITY=3\n",
        "Nov 23 07:00:25 a b[1]: error: c", "2026-11-23 07:00:00.123 UTC [1] LOG:  x",
    ]

    /// What is wrong with what a format says of a line; nil when nothing is.
    private func wrong(_ format: any LogFormat, _ line: [UInt8], _ fields: inout FieldList)
        -> String?
    {
        fields.removeAll()
        let parsed = format.parse(line.span.bytes, into: &fields)
        guard (0...line.count).contains(parsed.messageStart) else {
            return "message at \(parsed.messageStart)"
        }
        if let end = parsed.messageEnd, !(parsed.messageStart...line.count).contains(end) {
            return "message to \(end)"
        }
        var text: [UInt8] = []
        for index in 0..<fields.count {
            let field = fields[index]
            guard field.value.range.upperBound <= line.count else {
                return "field to \(field.value.range)"
            }
            if case .written(let name) = field.name, name.range.upperBound > line.count {
                return "name to \(name.range)"
            }
            FieldText.append(field, of: line.span.bytes, to: &text)
        }
        let alone = format.parse(line.span.bytes)
        return alone == parsed ? nil : "another result where no fields are wanted"
    }

    @Test("a valid line that is cut anywhere, or has one byte changed, stays inside its bounds")
    func cuts() {
        var fields = FieldList()
        var dice = Dice(7)
        for text in Self.lines {
            let line = Array(text.utf8)
            for end in 0...line.count {
                var changed = line
                if end < line.count { changed[end] = dice.byte() }
                for format in FormatCatalog.all {
                    for variant in [Array(line[..<end]), Array(line[end...]), changed] {
                        if let wrong = wrong(format, variant, &fields) {
                            Issue.record("\(format.name): \(wrong) in \(variant)")
                        }
                    }
                }
            }
        }
    }

    @Test("random bytes, and random pieces of lines, stay inside their bounds")
    func random() {
        var fields = FieldList()
        var dice = Dice(11)
        let marks = Array("{}[]\",:\\=\t\r\n 0123456789.eE+-<>TZ".utf8)
        for _ in 0..<600 {
            var line: [UInt8] = []
            for _ in 0..<dice.roll(0..<60) {
                switch dice.roll(0...2) {
                case 0: line.append(dice.byte())
                case 1: line.append(dice.pick(marks))
                default:
                    let piece = Array(dice.pick(Self.lines).utf8)
                    line += piece[dice.roll(piece.indices)...].prefix(dice.roll(0..<30))
                }
            }
            for format in FormatCatalog.all {
                if let wrong = wrong(format, line, &fields) {
                    Issue.record("\(format.name): \(wrong) in \(line)")
                }
            }
        }
    }
}
