internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// Rows of the tables of metrics.
struct MetricRows {
    let db: Database
    let codec: MetricCodec

    // MARK: - Of one series

    /// What a row holds; nil when there is none, or it is not what was written.
    func block(_ series: Int64, _ tier: MetricTier, _ start: Int64) throws -> [MetricPoint]? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT start, codec, sum, points FROM metric
                    WHERE series = ? AND tier = ? AND start = ?
                    """
            ),
            arguments: [series, tier.rawValue, start]
        )
        return try row.flatMap { try points(of: $0, tier) }
    }

    /// What the rows of a span hold, in order of time; `damaged` is how many are something else.
    func blocks(
        _ series: Int64,
        _ tier: MetricTier,
        _ span: Range<Int64>,
        _ damaged: inout Int,
        _ take: (MetricPoint) -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT start, codec, sum, points FROM metric
                    WHERE series = ? AND tier = ? AND start > ? AND start < ? ORDER BY start
                    """
            ),
            arguments: [
                series, tier.rawValue, span.lowerBound - tier.blockSpan, span.upperBound,
            ]
        )
        while let row = try rows.next() {
            guard let points = try points(of: row, tier) else {
                damaged += 1
                continue
            }
            for point in points where span.contains(point.start) { take(point) }
        }
    }

    /// The newest that there is, of the finest tier that has any.
    func newest(of series: Int64) throws -> (point: MetricPoint, tier: MetricTier)? {
        for tier in MetricTier.allCases {
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT start, codec, sum, points FROM metric
                        WHERE series = ? AND tier = ? ORDER BY start DESC LIMIT 1
                        """
                ),
                arguments: [series, tier.rawValue]
            )
            if let row, let last = try points(of: row, tier)?.last { return (last, tier) }
        }
        return nil
    }

    /// The start of the first row at or after an instant and before another.
    func first(
        _ series: Int64,
        _ tier: MetricTier,
        from start: Int64,
        to end: Int64
    ) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT min(start) FROM metric
                    WHERE series = ? AND tier = ? AND start >= ? AND start < ?
                    """
            ),
            arguments: [series, tier.rawValue, start, end]
        )
    }

    func put(
        _ points: [MetricPoint],
        _ series: Int64,
        _ tier: MetricTier,
        _ start: Int64
    ) throws {
        let packed = codec.pack(MetricBlock.encode(points, width: tier.width))
        let sum = XXHash64.hash(packed.bytes, seed: UInt64(bitPattern: start))
        try db.cachedStatement(
            sql: """
                INSERT INTO metric (series, tier, start, count, codec, sum, points)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (series, tier, start) DO UPDATE SET count = excluded.count,
                    codec = excluded.codec, sum = excluded.sum, points = excluded.points
                """
        ).execute(arguments: [
            series, tier.rawValue, start, points.count, packed.codec, Int64(bitPattern: sum),
            Data(packed.bytes),
        ])
    }

    /// Adds points to the rows of a tier, which are made where there are none; one that is damaged
    /// is left alone.
    func merge(_ points: [MetricPoint], _ series: Int64, _ tier: MetricTier) throws {
        var rest = points[...]
        while let start = rest.first?.start.floored(to: tier.blockSpan) {
            let span = start..<start + tier.blockSpan
            let own = rest.prefix { span.contains($0.start) }
            rest = rest.dropFirst(own.count)
            if var kept = try block(series, tier, start) {
                for point in own { kept.merge(point) }
                try put(kept, series, tier, start)
            } else if try first(series, tier, from: start, to: start + 1) == nil {
                try put(Array(own), series, tier, start)
            }
        }
    }

    /// Rows that are not what was written, by their ids: of series, and of what came last.
    func damaged() throws -> (blocks: [Int64], open: [Int64]) {
        var damaged: (blocks: [Int64], open: [Int64]) = ([], [])
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT id, tier, start, codec, sum, points FROM metric"
        )
        while let row = try rows.next() {
            let start: Int64 = try row.value(2)
            let bytes = try bytes(of: row, seed: UInt64(bitPattern: start))
            let points = MetricTier(rawValue: try row.value(1)).flatMap { tier in
                bytes.flatMap { MetricBlock.decode($0, width: tier.width) }
            }
            if points == nil { damaged.blocks.append(try row.value(0)) }
        }
        let open = try Row.fetchCursor(db, sql: "SELECT seq, codec, sum, points FROM metric_open")
        while let row = try open.next() {
            let bytes = try bytes(of: row, seed: 0)
            if bytes.flatMap(MetricBlock.decodeMixed) == nil {
                damaged.open.append(try row.value(0))
            }
        }
        return damaged
    }

    private func points(of row: Row, _ tier: MetricTier) throws -> [MetricPoint]? {
        let start: Int64 = try row.value(0)
        guard let bytes = try bytes(of: row, seed: UInt64(bitPattern: start)) else { return nil }
        return MetricBlock.decode(bytes, width: tier.width)
    }

    /// Of a row that ends with codec, sum and points.
    private func bytes(of row: Row, seed: UInt64) throws -> [UInt8]? {
        let last = row.count - 1
        let sum: Int64 = try row.value(last - 1)
        let stored = try row.withUnsafeData(atIndex: last) { [UInt8]($0 ?? Data()) }
        guard XXHash64.hash(stored, seed: seed) == UInt64(bitPattern: sum) else { return nil }
        return codec.unpack(stored, codec: try row.value(last - 2))
    }

    // MARK: - Of all series

    func putOpen(_ points: [(series: Int64, MetricPoint)]) throws {
        let packed = codec.pack(MetricBlock.encode(points))
        let sum = XXHash64.hash(packed.bytes, seed: 0)
        try db.cachedStatement(
            sql: "INSERT INTO metric_open (codec, sum, points) VALUES (?, ?, ?)"
        ).execute(arguments: [packed.codec, Int64(bitPattern: sum), Data(packed.bytes)])
    }

    /// What is in no row of its series so far, in the order in which it came.
    func open(
        _ damaged: inout Int,
        _ take: (_ series: Int64, MetricPoint) -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT codec, sum, points FROM metric_open ORDER BY seq")
        )
        while let row = try rows.next() {
            guard let bytes = try bytes(of: row, seed: 0),
                let points = MetricBlock.decodeMixed(bytes)
            else {
                damaged += 1
                continue
            }
            for (series, point) in points { take(series, point) }
        }
    }
}
