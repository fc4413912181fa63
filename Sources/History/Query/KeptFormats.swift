internal import Atlas
internal import GRDB
internal import Query
internal import Synchronization

/// The formats of the sources, as the plans of the kept runs name them.
///
/// Plans are read when a query asks for a field, and again when another run began.
final class KeptFormats: Sendable {
    /// Sources that no run of these had are read as what their lines look like.
    private static let mostRuns = 16

    private let known = Mutex<(run: Int64, formats: LineFormats)>((0, LineFormats()))

    func formats(_ db: Database) throws -> LineFormats {
        let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM run") ?? 0
        if let formats = known.withLock({ $0.run == newest ? $0.formats : nil }) { return formats }
        var formats = LineFormats()
        for plan in try Self.plans(db) { formats.add(plan.sources, own: plan.formats) }
        let read = formats
        known.withLock { $0 = (newest, read) }
        return read
    }

    /// Of the newest runs, the newest first.
    static func plans(_ db: Database) throws -> [WatchPlan] {
        try String.fetchAll(db, sql: "SELECT plan FROM run ORDER BY id DESC LIMIT \(mostRuns)")
            .compactMap { try? Document.decode($0) }
    }
}
