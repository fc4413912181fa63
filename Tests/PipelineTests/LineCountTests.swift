import Atlas
import Decode
import Evaluate
import Testing

@testable import Pipeline

@Suite("Lines counted by what they tell")
struct LineCountTests {
    private func count(
        _ lines: String,
        by parts: [String],
        format: any LogFormat = PostgreSQLLog(),
        cut size: Int = .max
    ) -> (rows: [String], tally: LineCount.Tally, missing: [String]) {
        let question = CountQuestion(parts: parts.map(CountQuestion.Part.init))
        var count = LineCount(question, decoder: SourceDecoder(format: format, zone: .zero))
        let all = lines.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var next = all.startIndex
        while next < all.endIndex {
            let part = all[next..<min(all.endIndex, next.advanced(by: min(size, all.count)))]
            let bytes = Array(part.joined(separator: "\n").utf8)
            var ends = bytes.indices.filter { bytes[$0] == 10 }.map { UInt32($0) }
            ends.append(UInt32(bytes.count))
            bytes.withUnsafeBytes { bytes in
                ends.withUnsafeBufferPointer { ends in
                    count.take(
                        bytes,
                        ends: ends,
                        spacing: .lineEnds,
                        arrival: Instant(seconds: 1_795_500_000)
                    )
                }
            }
            next = part.endIndex
        }
        let rows = count.rows.map { row in
            let start = row.start.map(\.description) ?? "-"
            let values = row.values.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
            return ([start] + values + ["\(row.count)"]).joined(separator: " ")
        }
        return (rows, count.tally, count.missingFields)
    }

    private static let log = """
        2026-11-23 07:20:31.195 UTC [1] LOG:  a
        \tgoes on
        2026-11-23 07:20:59.999 UTC [1] LOG:  b
        garbage
        2026-11-23 07:21:00.000 UTC [1] ERROR:  c
        2026-11-23 07:20:00.000 UTC [1] LOG:  late
        """

    @Test("are in the minute of their own time, whatever the cuts", arguments: [1, 2, 3, 100])
    func countsByMinute(size: Int) {
        let (rows, tally, missing) = count(Self.log, by: ["minute", "level"], cut: size)
        #expect(rows == ["2026-11-23T07:20:00.000Z info 3", "2026-11-23T07:21:00.000Z error 1"])
        #expect(tally.lines == 6)
        #expect(tally.records == 4)
        #expect(tally.unparsed == 1)
        #expect(missing.isEmpty)
    }

    @Test("without a time have a group of their own, and a field that none has is told")
    func tellsWhatIsMissing() {
        let (rows, tally, missing) = count("x\ny", by: ["10s", "color"], format: PlainLog())
        #expect(rows == ["- - 2"])
        #expect(tally.timeless == 2)
        #expect(missing == ["color"])
    }

    @Test("by parts that are written as people name them")
    func readsParts() {
        let parts = ["second", "minute", "hour", "day", "5m", "level", "status", "field:level"]
        #expect(
            parts.map(CountQuestion.Part.init) == [
                .time(.seconds(1)), .time(.seconds(60)), .time(.seconds(3_600)),
                .time(.seconds(86_400)), .time(.seconds(300)), .level, .field("status"),
                .field("level"),
            ]
        )
    }
}
