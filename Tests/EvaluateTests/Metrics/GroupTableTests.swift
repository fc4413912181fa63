import Atlas
import Testing

@testable import Evaluate

@Suite("Counts of groups")
struct GroupTableTests {
    private func add(
        _ table: inout GroupTable,
        _ bucket: Int64,
        _ values: [String?],
        _ number: String? = nil
    ) {
        var series: UInt32? = 0
        for (column, value) in values.enumerated() {
            guard let known = series else { break }
            let bytes = value.map { Array($0.utf8) }
            series =
                if let bytes {
                    bytes.withUnsafeBytes { table.series(known, column: column, $0) }
                } else {
                    table.series(known, column: column, nil)
                }
        }
        let number = number.flatMap { text in Array(text.utf8).withUnsafeBytes(FixedNumber.init) }
        table.add(bucket: bucket, series: series, number: number)
    }

    private func text(_ row: GroupTable.Row) -> String {
        let values = row.values.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
        let start = row.start.map { "\($0.nanoseconds)" } ?? "-"
        return ([start] + values + ["\(row.count)", "\(row.numbers)", row.sum.description])
            .joined(separator: " ")
    }

    @Test("are the same whatever the order of the lines, and come sorted")
    func counts() {
        let lines: [(Int64, [String?], String?)] = [
            (60, ["200", "GET"], "10"), (0, ["200", "GET"], "0.5"), (60, ["200", "GET"], "0.25"),
            (60, ["1000", "GET"], nil), (60, ["200", nil], "-1"), (0, ["", "GET"], "x"),
            (60, ["abc", "a long value of more than eight bytes"], "1"),
            (60, ["abc", "a long value of more than eight bytez"], "2"),
        ]
        let wanted = [
            "0 200 GET 1 1 0.5", "0  GET 1 0 0", "60 200 - 1 1 -1", "60 200 GET 2 2 10.25",
            "60 1000 GET 1 0 0", "60 abc a long value of more than eight bytes 1 1 1",
            "60 abc a long value of more than eight bytez 1 1 2",
        ]
        for turn in lines.indices {
            var table = GroupTable(columns: 2, limit: 100)
            for line in lines[turn...] + lines[..<turn] { add(&table, line.0, line.1, line.2) }
            let rows = table.result.map(text)
            #expect(rows == wanted)
            #expect(table.rest == nil)
        }
    }

    @Test("beyond the limit are one, with all of their lines and numbers")
    func limits() {
        var table = GroupTable(columns: 1, limit: 10)
        for number in 0..<1_000 { add(&table, 0, ["v\(number % 25)"], "2") }
        #expect(table.result.count == 10)
        let counted = table.result.reduce(0) { $0 + $1.count }
        #expect(counted == 400)
        #expect(table.rest?.count == 600)
        #expect(table.rest?.sum.description == "1200")
    }

    @Test("hold many values and times apart")
    func holdsMany() {
        var table = GroupTable(columns: 2, limit: 100_000)
        for number in 0..<60_000 {
            let values = ["client-\(number % 5_000)", "\(number % 3)"]
            add(&table, Int64(number / 20_000) * 60, values)
        }
        #expect(table.rest == nil)
        #expect(table.result.count == 45_000)
        let counted = table.result.reduce(0) { $0 + $1.count }
        #expect(counted == 60_000)
    }

    @Test("without columns or times are one")
    func countsAll() {
        var table = GroupTable(columns: 0, limit: 1)
        for _ in 0..<3 { add(&table, GroupTable.noBucket, [], "1") }
        #expect(table.result.map(text) == ["- 3 3 3"])
    }
}

@Suite("Numbers with nine places")
struct FixedNumberTests {
    private func read(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes(FixedNumber.init)?.description
    }

    @Test(
        "are read as they are written",
        arguments: [
            ("0", "0"), ("17", "17"), ("-0.25", "-0.25"), ("+3", "3"), ("1.5e3", "1500"),
            ("1E-3", "0.001"), (".5", "0.5"), ("5.", "5"), ("0.1234567899", "0.123456789"),
            ("999999999999999999", "999999999999999999"), ("0e99", "0"),
        ]
    )
    func reads(text: String, wanted: String) {
        #expect(read(text) == wanted)
    }

    @Test(
        "are nothing else",
        arguments: ["", "-", ".", "12ms", "1e", "1e+", "1e999", "1e99", "0x10", "1 ", " 1", "--1"]
            + ["1234567890123456789", "NaN", "e5"]
    )
    func refuses(text: String) {
        #expect(read(text) == nil)
    }

    @Test("have sums that are exact")
    func sums() {
        var sum = FixedNumber.zero
        for _ in 0..<10 {
            sum = sum + (Array("0.1".utf8).withUnsafeBytes(FixedNumber.init) ?? .zero)
        }
        #expect(sum.description == "1")
    }
}
