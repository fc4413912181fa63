package import Atlas
internal import GRDB
package import HistoryFormat

/// What an import has to say of the lines it took in.
package struct ImportedRange: Hashable, Sendable {
    package var first: UInt64
    package var last: UInt64
    /// Lines that got another number than they had.
    package var renumbered = 0
}

/// Lines of an export, kept as they were.
extension HistoryWriter {
    /// Begins an import: its sources are known from now on, beside those of the newest run.
    ///
    /// What the history knows of a source already stays. A history without a picture gets an empty
    /// one, so that it can be asked.
    package func beginImport(_ head: ExportHead, at instant: Instant) throws(HistoryError) {
        try commit { db, cursor in
            let newest = try String.fetchOne(
                db,
                sql: "SELECT plan FROM run ORDER BY id DESC LIMIT 1"
            )
            var plan: WatchPlan =
                try newest.map { try Document.decode($0) }
                ?? WatchPlan(estate: Estate(name: "imported"))
            let known = Set(plan.sources.map(\.name))
            let more = head.plan.sources.filter { !known.contains($0.name) }
            let knownFormats = Set(plan.formats.map(\.name))
            plan.sources += more
            plan.formats += head.formats.filter { !knownFormats.contains($0.name) }
            for source in head.sources {
                _ = try Self.id(ofImported: source.name, at: source.resource, db)
            }
            let hasPicture = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT * FROM part)")
            if newest == nil || !more.isEmpty {
                // Readers go on with the picture they have.
                let state = try Int64.fetchOne(db, sql: "SELECT max(version) FROM part")
                try db.execute(
                    sql: "INSERT INTO run (at, line, seq, state, plan) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        instant.nanoseconds, Int64(cursor.line), cursor.observation,
                        state ?? cursor.state, try Document.encode(plan),
                    ]
                )
                cursor.run = db.lastInsertedRowID
            }
            if hasPicture != true {
                let picture = Picture(at: .init(seconds: 0), estate: plan.estate)
                try Self.putWhole(picture, at: instant, db, &cursor)
            }
        }
    }

    /// Keeps lines in their order, and how far their file was read, in one transaction.
    ///
    /// A line keeps its number where that is not below the next one; else it gets the next. What
    /// is kept is then as new as its newest line, though not newer than `now`.
    package func take(
        _ lines: [StoredLine],
        position: ReadPosition?,
        at now: Instant
    ) throws(HistoryError) -> ImportedRange? {
        var range: ImportedRange?
        try commit { db, cursor in
            range = try put(lines, db, &cursor)
            if let position {
                try db.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO position (source, device, inode, document)
                        VALUES (?, ?, ?, ?)
                        """
                ).execute(
                    arguments: Self.key(of: position) + [try Document.encode(position)]
                )
            }
            if let newest = lines.map(\.record.arrival).max() {
                try Self.moveClock(to: min(newest, now), db, &cursor)
            }
        }
        return range
    }

    private func put(
        _ lines: [StoredLine],
        _ db: Database,
        _ cursor: inout Cursor
    ) throws -> ImportedRange? {
        var range: ImportedRange?
        var ids: [String: Int64] = [:]
        var builder = ImportedChunk()
        for line in lines {
            let id =
                try ids[line.source] ?? Self.id(ofImported: line.source, at: line.resource, db)
            ids[line.source] = id
            let number = max(line.record.number, cursor.line)
            if builder.count > 0, builder.nextLine != number || !builder.hasRoom(for: line.record) {
                try insert([builder.draft], db, &cursor)
                builder = ImportedChunk()
            }
            builder.add(line.record, number: number, source: id)
            cursor.line = number + 1
            range = range ?? ImportedRange(first: number, last: number)
            range?.last = number
            if number != line.record.number { range?.renumbered += 1 }
        }
        if builder.count > 0 { try insert([builder.draft], db, &cursor) }
        return range
    }

    /// The id of a source; what it belongs to is said by who wrote it first.
    private static func id(
        ofImported name: String,
        at resource: String?,
        _ db: Database
    ) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO source (name, resource) VALUES (?, ?)")
            .execute(arguments: [name, resource])
        return try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM source WHERE name = ?"),
            arguments: [name]
        ) ?? 0
    }

    /// Times such as "15m ago" count from the newest that there is.
    private static func moveClock(
        to instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        let document = try String.fetchOne(
            db,
            sql: "SELECT document FROM part WHERE kind = 'clock'"
        )
        guard let document, try instant > Document.decode(document) else { return }
        try put([.clock(instant)], at: instant, db, &cursor)
    }
}

/// Lines that follow each other on their way into a row.
private struct ImportedChunk {
    private var chunk = StoredChunk(
        firstLine: 0,
        sources: [],
        slots: [],
        bytes: [],
        ends: [],
        arrivals: [],
        times: [],
        levels: [],
        messageStarts: []
    )
    /// Of each line, its source.
    private var ids: [Int64] = []

    var count: Int { chunk.count }
    var nextLine: UInt64 { chunk.lastLine + 1 }

    func hasRoom(for record: LogRecord) -> Bool {
        count < RowDraft.mostLines && chunk.bytes.count + record.bytes.count <= RowDraft.mostBytes
    }

    mutating func add(_ record: LogRecord, number: UInt64, source: Int64) {
        if count == 0 { chunk.firstLine = number }
        ids.append(source)
        chunk.bytes += record.bytes
        chunk.ends.append(UInt32(chunk.bytes.count))
        chunk.arrivals.append(record.arrival)
        chunk.times.append(record.time)
        chunk.levels.append(record.level)
        chunk.messageStarts.append(UInt32(record.messageStart))
    }

    var draft: RowDraft {
        var whole = chunk
        whole.sources = Set(ids).sorted()
        let slots = Dictionary(
            uniqueKeysWithValues: whole.sources.enumerated().map { ($0.element, UInt16($0.offset)) }
        )
        whole.slots = ids.map { slots[$0] ?? 0 }
        var draft = RowDraft()
        draft.add(whole)
        return draft
    }
}
