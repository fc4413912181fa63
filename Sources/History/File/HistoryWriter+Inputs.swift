internal import Atlas
internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// Chunks and observations: what came in.
extension HistoryWriter {
    /// A row of so many bytes is not written again with the next lines: the fold's own chunks are
    /// that long when they are full, and `settle` joins them.
    private static let fullBytes = 256 * 1_024

    func put(
        _ chunks: [LogChunk],
        _ ahead: RowsAhead,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        var drafts: [RowDraft] = []
        for chunk in chunks where chunk.count > 0 {
            let piece = try Self.piece(chunk, db, &cursor)
            if drafts.last?.hasRoom(for: piece) != true {
                drafts.append(RowDraft(ahead.row(from: piece.firstLine, in: cursor.run)))
            }
            drafts[drafts.count - 1].add(piece)
            cursor.line = piece.lastLine + 1
        }
        try insert(drafts, db, &cursor)
        try Self.movePositions(chunks, db)
    }

    private static func piece(
        _ chunk: LogChunk,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws -> StoredChunk {
        guard chunk.firstLine >= cursor.line else {
            throw HistoryError.misused(
                detail: "line \(chunk.firstLine) came where \(cursor.line) is next"
            )
        }
        for placed in chunk.placed.dropFirst(cursor.sourceIDs.count - cursor.plannedSources) {
            cursor.sourceIDs.append(try id(ofSource: placed.name, at: placed.resource, db))
        }
        guard let piece = StoredChunk(chunk, ids: cursor.sourceIDs) else {
            throw HistoryError.misused(detail: "a chunk names a source that the plan lacks")
        }
        return piece
    }

    /// Adds rows that follow each other, and to the first what there is just before it where both
    /// are short.
    ///
    /// Of the others none has room for the one before.
    func insert(_ drafts: [RowDraft], _ db: Database, _ cursor: inout Cursor) throws {
        var drafts = drafts
        while let first = drafts.first, let before = try neighbour(of: first, db) {
            drafts[0].addBefore(before.chunk)
            try delete(before.row, db, &cursor)
        }
        try write(drafts, db, &cursor)
    }

    func write(_ drafts: [RowDraft], _ db: Database, _ cursor: inout Cursor) throws {
        var rest = drafts[...]
        try packers.work {
            rest.popFirst()
        } work: { draft, packer, _ in
            draft.ready ?? packer.pack(draft.pieces)
        } take: { packed in
            guard let packed else {
                throw HistoryError.failed(path: path, detail: "no memory to pack a chunk")
            }
            try ChunkRow.insert(packed, db)
            cursor.allLineBytes? += packed.columns.count + packed.bytes.count
            return true
        }
    }

    func delete(_ opened: ChunkRow.Opened, _ db: Database, _ cursor: inout Cursor) throws {
        try db.cachedStatement(sql: "DELETE FROM chunk WHERE line = ?")
            .execute(arguments: [Int64(bitPattern: opened.row.firstLine)])
        cursor.allLineBytes? -= opened.columns.count + opened.bytes.count
    }

    /// The chunk just before, if it is no longer than this one and both fit into one.
    ///
    /// So a slow source leaves few rows, and a line is written again at most as often as a row can
    /// double: 14 times.
    private func neighbour(
        of draft: RowDraft,
        _ db: Database
    ) throws -> (row: ChunkRow.Opened, chunk: StoredChunk)? {
        guard let first = draft.pieces.first?.firstLine,
            let size = try Row.fetchOne(
                db.cachedStatement(
                    sql:
                        "SELECT line, count, size FROM chunk WHERE line < ? ORDER BY line DESC LIMIT 1"
                ),
                arguments: [Int64(first)]
            )
        else { return nil }
        let line: Int64 = try size.value(0)
        let count: Int = try size.value(1)
        let bytes: Int = try size.value(2)
        guard count > 0, count <= draft.lines, line == Int64(first) - Int64(count), bytes >= 0,
            bytes < Self.fullBytes, draft.hasRoom(forLines: count, bytes: bytes)
        else { return nil }
        guard let opened = try ChunkRow.at(line, db)?.opened(db), let chunk = opened.whole(opener)
        else { return nil }
        return (opened, chunk)
    }

    private static func movePositions(_ chunks: [LogChunk], _ db: Database) throws {
        for position in chunks.flatMap(\.forgotten) {
            try db.cachedStatement(
                sql: "DELETE FROM position WHERE source = ? AND device = ? AND inode = ?"
            ).execute(arguments: key(of: position))
        }
        for position in lastPositions(chunks) {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO position (source, device, inode, document)
                    VALUES (?, ?, ?, ?)
                    """
            ).execute(arguments: key(of: position) + [try Document.encode(position)])
        }
    }

    /// The last of each file, without those that were forgotten after it.
    ///
    /// A file that came back after it was forgotten has a position again.
    private static func lastPositions(_ chunks: [LogChunk]) -> [ReadPosition] {
        var seen: Set<FileKey> = []
        var last: [ReadPosition] = []
        for chunk in chunks.reversed() {
            last += chunk.positions.reversed().filter { seen.insert(FileKey($0)).inserted }
            seen.formUnion(chunk.forgotten.map(FileKey.init))
        }
        return last.reversed()
    }

    private struct FileKey: Hashable {
        let source: String
        let device: UInt64
        let inode: UInt64

        init(_ position: ReadPosition) {
            source = position.source
            device = position.device
            inode = position.inode
        }
    }

    static func key(of position: ReadPosition) -> StatementArguments {
        [position.source, String(position.device), String(position.inode)]
    }

    static func put(_ entry: JournalEntry, _ db: Database, _ cursor: inout Cursor) throws {
        guard let document = try entry.input.event.document() else {
            throw HistoryError.misused(detail: "lines came as an observation")
        }
        try db.cachedStatement(
            sql: "INSERT INTO observation (seq, at, line, kind, document) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            cursor.observation, entry.input.at.nanoseconds, Int64(entry.line), document.kind,
            document.text,
        ])
        cursor.observation += 1
        cursor.allInputBytes? += document.text.utf8.count
    }
}
