internal import Atlas
internal import GRDB

extension HistoryReader {
    /// What changed, by the state log.
    package func events(_ query: EventQuery) throws(HistoryError) -> EventPage {
        try reading { db in
            let range: StatementArguments = [query.since.nanoseconds, query.until.nanoseconds]
            guard
                let first = try Int64.fetchOne(
                    db,
                    sql: "SELECT seq FROM state WHERE at >= ? AND at < ? ORDER BY at, seq LIMIT 1",
                    arguments: range
                ),
                let last = try Int64.fetchOne(
                    db,
                    sql: """
                        SELECT seq FROM state WHERE at >= ? AND at < ?
                        ORDER BY at DESC, seq DESC LIMIT 1
                        """,
                    arguments: range
                )
            else { return EventPage() }
            let start = max(first, query.after.map { $0 + 1 } ?? first)
            // The one before the last: the page may begin among the rows of that, which are to be
            // held against what was before.
            let keyframe = try Int64.fetchOne(
                db,
                sql: """
                    SELECT seq FROM state WHERE kind = 'keyframe' AND seq < ?
                    ORDER BY seq DESC LIMIT 1 OFFSET 1
                    """,
                arguments: [start]
            )
            let kinds = PicturePart.eventful.sorted().map { "'\($0)'" }.joined(separator: ", ")
            let rows = KeyScan(
                db,
                "kind, key, codec, document, at",
                of: "state",
                by: "seq",
                in: (keyframe ?? 0)...max(last, keyframe ?? 0),
                where: "kind IN (\(kinds), 'keyframe')"
            )
            var walk = EventWalk(query, start: start, runs: try Self.runs(db))
            while let row = try rows.next() {
                do {
                    guard try walk.take(row) else { return walk.page(isWhole: false) }
                } catch  where Damage.isOne(error) {}
            }
            return walk.page(isWhole: true)
        }
    }

    /// The runs, by the row of the state log where they begin.
    private static func runs(_ db: Database) throws -> [Int64: Instant] {
        let rows = KeyScan(db, "state, at", of: "run", by: "id")
        var runs: [Int64: Instant] = [:]
        while let row = try rows.next() {
            runs[try row.value(1)] = Instant(nanoseconds: try row.value(2))
        }
        return runs
    }
}

/// Rows of the state log on their way to events.
private struct EventWalk {
    private let query: EventQuery
    private let start: Int64
    private let runs: [Int64: Instant]
    private var replay = StateReplay()
    private var events: [EstateEvent] = []
    private var last: Int64 = 0

    init(_ query: EventQuery, start: Int64, runs: [Int64: Instant]) {
        self.query = query
        self.start = start
        self.runs = runs
    }

    /// False when the page is full.
    ///
    /// Columns of the row: seq, kind, key, codec, document, at.
    mutating func take(_ row: Row) throws -> Bool {
        let seq: Int64 = try row.value(0)
        let at = Instant(nanoseconds: try row.value(5))
        let isWanted = seq >= start && query.since <= at && at < query.until
        guard !isWanted || events.count < query.limit else { return false }
        let kind: String = try row.value(1)
        last = seq
        if kind == "keyframe" {
            guard let began = runs[seq] else { return true }
            replay.forget(PicturePart.states)
            if isWanted { events.append(EstateEvent(.run, "", at: min(began, at), health: .ok)) }
            return true
        }
        let change = try replay.take(row)
        guard isWanted, let change, EventSieve.mayTell(change, of: kind) else { return true }
        let new = try PicturePart(kind: kind, document: String(decoding: change.new, as: UTF8.self))
        let old = try change.old.map {
            try PicturePart(kind: kind, document: String(decoding: $0, as: UTF8.self))
        }
        events += new.events(since: old, at: at)
        return true
    }

    func page(isWhole: Bool) -> EventPage {
        EventPage(events: events, next: isWhole ? nil : last)
    }
}

/// Passes over changes that tell no event, without reading their documents: a resource says new
/// figures each second, and is as well as before.
private enum EventSieve {
    /// Keys whose values tell events; by kind, those of which any other change tells nothing.
    private static let keys: [String: [[UInt8]]] = [
        "resource": ["health", "role"], "link": ["health", "from", "to"],
        "service": ["health", "serving"], "source": ["health"],
    ].mapValues { names in names.map { Array("\"\($0)\":".utf8) } }

    static func mayTell(_ change: StateReplay.Change, of kind: String) -> Bool {
        guard let keys = keys[kind] else { return change.old != change.new }
        // A state that is new tells nothing.
        guard let old = change.old else { return false }
        return keys.contains { value(of: $0, in: old) != value(of: $0, in: change.new) }
    }

    /// What stands behind the key up to the next comma; empty where there is no such key.
    ///
    /// In a text its quotes are escaped: what is found is a key.
    private static func value(of key: [UInt8], in document: [UInt8]) -> ArraySlice<UInt8> {
        let start = document.withUnsafeBytes { bytes in
            (0..<max(0, bytes.count - key.count)).first { start in
                bytes[start] == key[0] && bytes[start + 1] == key[1]
                    && bytes[start..<start + key.count].elementsEqual(key)
            }
        }
        guard let start else { return [] }
        return document[(start + key.count)...].prefix { $0 != UInt8(ascii: ",") }
    }
}
