internal import Atlas
internal import FoundationEssentials
internal import GRDB

/// Chunks and observations: what came in.
extension HistoryWriter {
    /// Chunks are joined up to these, so that slow sources do not leave a chunk a second.
    ///
    /// A full chunk of the fold has 256 KiB or 16,384 lines, so it is written once and left alone.
    private static let joinedLines = 16_384
    private static let joinedBytes = 256 * 1_024

    static func put(_ chunk: LogChunk, _ db: Database, _ cursor: inout Cursor) throws {
        guard chunk.count > 0 else { return try movePositions(chunk, db) }
        guard chunk.firstLine >= cursor.line else {
            throw HistoryError.misused(
                detail: "line \(chunk.firstLine) came where \(cursor.line) is next"
            )
        }
        for placed in chunk.placed.dropFirst(cursor.sourceIDs.count - cursor.plannedSources) {
            cursor.sourceIDs.append(try id(ofSource: placed.name, at: placed.resource, db))
        }
        guard var stored = StoredChunk(chunk, ids: cursor.sourceIDs) else {
            throw HistoryError.misused(detail: "a chunk names a source that the plan lacks")
        }
        while let before = try neighbour(of: stored, db) {
            stored = before.joined(with: stored)
            try db.cachedStatement(sql: "DELETE FROM chunk WHERE line = ?")
                .execute(arguments: [Int64(before.firstLine)])
        }
        try ChunkRow.insert(stored, db)
        try movePositions(chunk, db)
        cursor.line = stored.lastLine + 1
    }

    /// The chunk just before, if it is no longer than this one and both fit into one.
    ///
    /// So a line is written again at most as often as a chunk can double: 14 times.
    private static func neighbour(of chunk: StoredChunk, _ db: Database) throws -> StoredChunk? {
        guard
            let row = try ChunkRow.fetchOne(
                db,
                sql: "\(ChunkRow.select) WHERE line < ? ORDER BY line DESC LIMIT 1",
                arguments: [Int64(chunk.firstLine)]
            ),
            row.lastLine + 1 == chunk.firstLine, row.count <= chunk.count,
            row.count + chunk.count <= joinedLines,
            row.byteCount + chunk.bytes.count <= joinedBytes
        else { return nil }
        guard var before = try row.columns(db) else { return nil }
        guard let bytes = try row.bytes(of: before, db) else { return nil }
        before.bytes = bytes
        return before
    }

    private static func movePositions(_ chunk: LogChunk, _ db: Database) throws {
        for position in chunk.forgotten {
            try db.cachedStatement(
                sql: "DELETE FROM position WHERE source = ? AND device = ? AND inode = ?"
            ).execute(arguments: key(of: position))
        }
        // A file that came back after it was forgotten has a position again.
        for position in chunk.positions {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO position (source, device, inode, document)
                    VALUES (?, ?, ?, ?)
                    """
            ).execute(arguments: key(of: position) + [try Document.encode(position)])
        }
    }

    private static func key(of position: ReadPosition) -> StatementArguments {
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
    }
}
