internal import Atlas
internal import FoundationEssentials
internal import GRDB

/// Chunks and observations: what came in.
extension HistoryWriter {
    /// A row holds at most so much, unless a chunk of the fold has more; so opening one takes about
    /// a millisecond.
    private static let mostLines = 16_384
    private static let mostBytes = 1 << 20
    /// A row of so many bytes is left alone: the fold's own chunks are that long when they are full.
    private static let fullBytes = 256 * 1_024

    /// Chunks on their way into one row.
    private struct Draft {
        var pieces: [StoredChunk] = []
        var lines = 0
        var bytes = 0

        func hasRoom(for next: StoredChunk) -> Bool {
            guard let last = pieces.last else { return true }
            return last.lastLine + 1 == next.firstLine && lines + next.count <= mostLines
                && bytes + next.bytes.count <= mostBytes
        }

        mutating func add(_ piece: StoredChunk, at index: Int) {
            pieces.insert(piece, at: index)
            lines += piece.count
            bytes += piece.bytes.count
        }
    }

    func put(_ chunks: [LogChunk], _ db: Database, _ cursor: inout Cursor) throws {
        var draft = Draft()
        for chunk in chunks {
            if chunk.count > 0 {
                let piece = try Self.piece(chunk, db, &cursor)
                if !draft.hasRoom(for: piece) {
                    try insert(draft, db)
                    draft = Draft()
                }
                draft.add(piece, at: draft.pieces.count)
                cursor.line = piece.lastLine + 1
            }
        }
        if !draft.pieces.isEmpty { try insert(draft, db) }
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

    private func insert(_ draft: Draft, _ db: Database) throws {
        var draft = draft
        while let before = try neighbour(of: draft, db) {
            draft.add(before, at: 0)
            try db.cachedStatement(sql: "DELETE FROM chunk WHERE line = ?")
                .execute(arguments: [Int64(before.firstLine)])
        }
        guard let packed = packer.pack(draft.pieces) else {
            throw HistoryError.failed(path: path, detail: "no memory to pack a chunk")
        }
        try ChunkRow.insert(packed, db)
    }

    /// The chunk just before, if it is no longer than this one and both fit into one.
    ///
    /// So a slow source leaves few rows, and a line is written again at most as often as a row can
    /// double: 14 times.
    private func neighbour(of draft: Draft, _ db: Database) throws -> StoredChunk? {
        guard let first = draft.pieces.first?.firstLine,
            let size = try Row.fetchOne(
                db.cachedStatement(
                    sql:
                        "SELECT line, count, size FROM chunk WHERE line < ? ORDER BY line DESC LIMIT 1"
                ),
                arguments: [Int64(first)]
            )
        else { return nil }
        let line: Int64 = size[0]
        let count: Int = size[1]
        let bytes: Int = size[2]
        guard UInt64(line) + UInt64(count) == first, count <= draft.lines, bytes < Self.fullBytes,
            count + draft.lines <= Self.mostLines, bytes + draft.bytes <= Self.mostBytes
        else { return nil }
        let row = try ChunkRow.fetchOne(
            db.cachedStatement(sql: "\(ChunkRow.select) FROM chunk WHERE line = ?"),
            arguments: [line]
        )
        return try row?.opened(db).whole(opener)
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
        cursor.allInputBytes? += document.text.utf8.count
    }
}
