import Atlas
import Chance
import GRDB
import Testing

@testable import History

@Suite("Metrics of a file")
struct MetricFileTests {
    private let series = MetricSeries(.resource, "db1", "connections")
    private let start: Int64 = 1_700_006_400

    private func opened(_ folder: Folder) throws -> HistoryWriter {
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(
            testPlan,
            picture: Picture(at: .distantPast, estate: Estate()),
            at: .distantPast
        )
        return writer
    }

    private func row(_ second: Int64, _ value: Double, of series: MetricSeries? = nil) throws
        -> MetricRow
    {
        MetricRow(
            series ?? self.series,
            start: Instant(seconds: second),
            set: try #require(StatisticSet(value))
        )
    }

    /// A value a second, so many a batch.
    private func fill(_ writer: HistoryWriter, hours: Int64, step: Int64 = 60) throws {
        for begin in stride(from: start, to: start + hours * 3_600, by: Int(step)) {
            let rows = try (begin..<begin + step).map { try row($0, Double($0 % 100)) }
            try writer.append(HistoryBatch(at: Instant(seconds: begin + step), metrics: rows))
        }
    }

    private func query(_ period: Int64, hours: Int64 = 100) -> MetricQuery {
        MetricQuery(
            series,
            from: Instant(seconds: start),
            to: Instant(seconds: start + hours * 3_600),
            period: .seconds(period),
            statistics: [.count, .sum],
            limit: .max
        )
    }

    @Test("are sealed and rolled up while they come, and each value counts once")
    func rolled() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        try fill(writer, hours: 3)
        let reader = try HistoryReader(path: folder.history)
        let rows = try reader.reading { db in
            try Int.fetchAll(
                db,
                sql: "SELECT count(*) FROM metric GROUP BY tier ORDER BY tier"
            )
        }
        #expect(rows == [35, 2])
        for period in [1, 60, 300, 3_600] as [Int64] {
            let points = try reader.range(query(period)).points
            #expect(points.count == 3 * 3_600 / Int(period))
            #expect(points.allSatisfy { $0.values[0] == Double(period) })
            #expect(points.reduce(0) { $0 + $1.values[1] } == 3 * 36 * 4_950)
        }
    }

    @Test("that come late are added to every tier that is rolled up already")
    func late() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        try fill(writer, hours: 30, step: 600)
        let other = MetricSeries(.resource, "db2", "connections")
        let at = Instant(seconds: start + 30 * 3_600)
        try writer.append(
            HistoryBatch(at: at, metrics: [row(start + 5, 1), row(start - 9_000, 1, of: other)])
        )
        let reader = try HistoryReader(path: folder.history)
        for period in [1, 60, 300, 3_600] as [Int64] {
            let point = try #require(
                try reader.range(query(period)).points.first { point in
                    point.start <= Instant(seconds: start + 5)
                        && Instant(seconds: start + 5) < point.start + .seconds(period)
                }
            )
            #expect(point.values[0] == Double(period + 1))
        }
        var early = query(60)
        early.series = other
        early.from = .distantPast
        #expect(try reader.range(early).points.map(\.values) == [[1, 1]])
    }

    @Test("of a row that is damaged are a gap that is told, and the rest is served")
    func damaged() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        try fill(writer, hours: 1)
        try writer.change { db, _ in
            try db.execute(
                sql: "UPDATE metric SET points = CAST(points || x'00' AS BLOB) WHERE start = ?",
                arguments: [start + 600]
            )
        }
        let reader = try HistoryReader(path: folder.history)
        let range = try reader.range(query(1))
        #expect(range.damaged == 1)
        #expect(range.points.count == 3_300)
        #expect(try reader.verify().damagedMetrics.count == 1)
        // What comes late leaves it as it is.
        try writer.append(
            HistoryBatch(at: Instant(seconds: start + 3_600), metrics: [row(start + 601, 1)])
        )
        #expect(try reader.range(query(1)).points.count == 3_300)
        try writer.quarantine(try reader.verify())
        #expect(try reader.verify().isWhole)
        #expect(try reader.range(query(1)).damaged == 0)
    }

    @Test("are kept whole or not at all with their batch")
    func whole() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        try fill(writer, hours: 1)
        var dice = Dice(1)
        let chunk = dice.chunk(firstLine: 7, upTo: 3, sources: 3)
        try writer.append(HistoryBatch(at: Instant(seconds: start), chunks: [chunk]))
        let before = try HistoryReader(path: folder.history).range(query(1))
        // The line was kept before: none of this is.
        #expect(throws: HistoryError.self) {
            try writer.append(
                HistoryBatch(
                    at: Instant(seconds: start + 90_000),
                    chunks: [chunk],
                    metrics: [row(start + 90_000, 1)]
                )
            )
        }
        #expect(try HistoryReader(path: folder.history).range(query(1)) == before)
        try writer.append(
            HistoryBatch(at: Instant(seconds: start + 3_600), metrics: [row(start + 3_600, 1)])
        )
        #expect(try HistoryReader(path: folder.history).range(query(1)).points.count == 3_601)
    }

    @Test("are none in a file of version 3, which takes some once it is of this version")
    func migrated() throws {
        let folder = try Folder()
        let database = try DatabaseQueue(path: folder.history)
        try database.writeWithoutTransaction { db in
            for step in Schema.steps.prefix(3) { try db.execute(sql: step) }
            try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try db.execute(sql: "PRAGMA user_version = 3")
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        }
        try database.close()
        let before = try HistoryReader(path: folder.history)
        #expect(try before.series(SeriesFilter()).isEmpty)
        #expect(try before.range(query(60)).points.isEmpty)
        #expect(try before.stats().parts.map(\.kind) == [.lines, .inputs, .states])
        #expect(try before.verify().isWhole)
        let writer = try opened(folder)
        try writer.append(HistoryBatch(at: Instant(seconds: start), metrics: [row(start, 1)]))
        let after = try HistoryReader(path: folder.history)
        #expect(try after.version == Schema.version)
        #expect(try after.range(query(60)).points.count == 1)
    }

    @Test("past their time leave the file, and the history says how many there are")
    func retired() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        try fill(writer, hours: 8, step: 300)
        let now = Instant(seconds: start + 8 * 3_600)
        let retention = MetricRetention(seconds: .seconds(3_600), minutes: .seconds(7_200))
        let reader = try HistoryReader(path: folder.history)
        let before = try reader.stats().parts.first { $0.kind == .metrics }
        #expect(before?.count ?? 0 > 8 * 3_600)
        _ = try writer.retain(Retention(metrics: retention), at: now)
        let part = try #require(try reader.stats().parts.first { $0.kind == .metrics })
        // Seconds since the last whole hour, and minutes, until they are in rows of the next tier.
        #expect(part.count == 55 * 60 + 7 * 60)
        let range = try reader.range(query(1))
        #expect(range.period == .seconds(300))
        #expect(range.points.map { $0.values[0] } == Array(repeating: 300, count: 8 * 12))
    }
}
