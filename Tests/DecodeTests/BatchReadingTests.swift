import Atlas
import Testing

@testable import Decode

@Suite("Lines that are read as a batch")
struct BatchReadingTests {
    private static let lines: [String] = [
        "2026-11-23 07:20:31.195 UTC [26077] app@orders LOG:  duration: 12.3 ms", "\tSELECT 1",
        "2026-11-23 07:20:31.200 CET [26077] ERROR:  no", "", "\u{0}", "garbage é",
        "Nov 23 07:03:30 lb-1 sshd[1]: error: x", "Nov 23 07:03:30 lb-1 sshd[1]: y",
        "Nov 24 23:59:60 lb-1 sshd[1]: leap", "Feb 29 00:00:00 lb-1 sshd[1]: of a leap year",
        "Dec 31 23:59:59 lb-1 sshd[1]: of the year before", "Feb 30 00:00:00 lb-1 x: y",
        "2026-11-23T07:00:25.586123+09:00 lb-1 haproxy[3]: Server a/b is DOWN.",
        "21934:X 23 Nov 2026 06:58:17.081 # +odown master m 127.0.0.1 26431",
        "2026-11-23  7:21:05 0 [Warning] Aborted", "Mon Nov 23 07:01:17 2026: (VI_1) Entering",
        #"10.0.0.9 - - [23/Nov/2026:07:00:25 +0000] "GET / HTTP/1.1" 200 8 "-" "c""#,
        #"{"time":"2026-11-23T07:00:25Z","level":"warn","msg":"x"}"#,
    ]

    private static let arrivals = [
        "2026-11-23T07:20:31.250Z", "2026-11-23T08:20:31.250Z", "2026-11-23T07:03:30.500Z",
        "2027-01-01T00:00:00Z", "2024-02-29T12:00:00Z", "1990-01-01T00:00:00Z",
    ]

    @Test("give what each gives alone, in every format and however they are cut")
    func isTheSame() throws {
        for format in FormatCatalog.all {
            for (seed, text) in Self.arrivals.enumerated() {
                let arrival = try #require(Instant(rfc3339: text))
                var alone = SourceDecoder(format: format)
                var together = SourceDecoder(format: format)
                var readings = ReadingBuffer()
                var next = 0
                // Sizes 1, 2, 3, …; all lines, four times over.
                let all = Self.lines + Self.lines.reversed() + Self.lines + Self.lines
                var size = seed + 1
                while next < all.count {
                    let part = all[next..<min(all.count, next + size)]
                    var (bytes, ends): ([UInt8], [UInt32]) = ([], [])
                    for line in part {
                        bytes += Array(line.utf8)
                        ends.append(UInt32(bytes.count))
                    }
                    together.read(
                        bytes.span.bytes,
                        ends: ends.span,
                        arrival: arrival,
                        into: &readings
                    )
                    for (index, line) in part.enumerated() {
                        let utf8 = Array(line.utf8)
                        let wanted = alone.read(utf8.span.bytes, arrival: arrival)
                        let read = SourceDecoder.Reading(
                            time: readings.times[index],
                            level: readings.levels[index],
                            messageStart: Int(readings.messageStarts[index]),
                            shape: readings.marks[index].shape,
                            hasTime: wanted.hasTime,
                            hasLevel: wanted.hasLevel
                        )
                        #expect(read == wanted, "\(format.name): \(line)")
                    }
                    next += size
                    size += 1
                }
            }
        }
    }

    @Test("in a file have line ends between them, of which a CR is no part of the line")
    func readsFiles() {
        let bytes = Array("Nov 23 07:00:25 a b: x\r\n\nNov 23 07:00:26 a b: \r".utf8)
        let ends = [23, 24, UInt32(bytes.count)].map { UInt32($0) }
        var readings = ReadingBuffer()
        var decoder = SourceDecoder(format: SyslogLog(), zone: .zero)
        decoder.read(
            bytes.span.bytes,
            ends: ends.span,
            spacing: .lineEnds,
            arrival: Instant(seconds: 1_795_500_000),
            into: &readings
        )
        let shapes = readings.marks.map(\.shape)
        #expect(shapes == [.record, .unknown, .record])
        #expect(readings.times[2] - readings.times[0] == .seconds(1))
    }

    /// A line of `name=value` words, each a field.
    private struct WordsLog: LogFormat {
        let name = "words"
        let summary = ""

        func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
            var start = 0
            while start < line.byteCount {
                let end = line.next(0x20, from: start)
                let equals = line.next(0x3D, from: start, to: end)
                if equals < end {
                    fields.add(named: start..<equals, (equals + 1)..<end)
                } else {
                    fields.add(.host, start..<end, .null)
                }
                start = end + 1
            }
            return ParsedLine(shape: .record)
        }
    }

    @Test("have the fields that are picked, wherever they stand in a line")
    func picksFields() {
        let lines = ["a=1 b=2", "b=3 a=4", "c=5", "aa=6 b=", "host b=7", "", "a=8"]
        let bytes = lines.flatMap { Array($0.utf8) }
        let ends = lines.indices.map { UInt32(lines[...$0].reduce(0) { $0 + $1.utf8.count }) }
        var readings = ReadingBuffer(picking: ["a", "b", "host", "d"])
        var decoder = SourceDecoder(format: WordsLog())
        decoder.read(
            bytes.span.bytes,
            ends: ends.span,
            arrival: Instant(seconds: 0),
            into: &readings
        )
        var found: [[String?]] = []
        for pick in 0..<4 {
            var column: [String?] = []
            for line in lines.indices {
                let place = readings.places(pick: pick)[line].range
                column.append(place.map { String(decoding: bytes[$0], as: UTF8.self) })
            }
            found.append(column)
        }
        #expect(found[0] == ["1", "4", nil, nil, nil, nil, "8"])
        #expect(found[1] == ["2", "3", nil, "", "7", nil, nil])
        // A null is no value.
        #expect(found[2].allSatisfy { $0 == nil })
        let isThere = (0..<4).map { readings.wasFound(pick: $0) }
        #expect(isThere == [true, true, true, false])
    }
}
