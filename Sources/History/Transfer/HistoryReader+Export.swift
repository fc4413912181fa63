package import Atlas
internal import GRDB
package import HistoryFormat
package import Query

extension HistoryReader {
    /// The sources that lines came from, by name, and how they are read.
    package func exportHead() throws(HistoryError) -> ExportHead {
        try reading { db in
            var formats: [String: String] = [:]
            var own: [String: UserFormat] = [:]
            for plan in try KeptFormats.plans(db) {
                for source in plan.sources where formats[source.name] == nil {
                    formats[source.name] = source.format
                }
                for format in plan.formats where own[format.name] == nil {
                    own[format.name] = format
                }
            }
            let sources = try db.readable("name, resource", of: "source", by: ["name"]) {
                let name: String = try $0.value(0)
                return ExportHead.Source(
                    name: name,
                    resource: try $0.value(1),
                    format: formats[name]
                )
            }
            return ExportHead(
                sources: sources.values,
                formats: own.values.sorted { $0.name < $1.name }
            )
        }
    }

    /// In which format the lines of each source are read.
    package func lineFormats() throws(HistoryError) -> LineFormats {
        try reading(formats.formats)
    }

    /// Inputs that are no lines as lines of an export, behind number `seq`; and the last number.
    package func exportInputs(
        after seq: Int64,
        limit: Int,
        times: Range<Instant>
    ) throws(HistoryError) -> (text: [UInt8], count: Int, last: Int64?) {
        try reading { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT seq, line, at, kind, document FROM observation
                        WHERE seq > ? ORDER BY seq LIMIT ?
                        """
                ),
                arguments: [seq, limit]
            )
            var text = ExportText()
            var count = 0
            var last: Int64?
            while let row = try rows.next() {
                let seq: Int64 = try row.value(0)
                last = seq
                let at = Instant(nanoseconds: try row.value(2))
                guard times.contains(at) else { continue }
                count += 1
                text.add(
                    seq: seq,
                    line: try row.value(1),
                    at: at,
                    event: try row.value(3),
                    document: try row.value(4)
                )
            }
            return (text.bytes, count, last)
        }
    }

    /// How far each import, and each file, was read.
    package func positions() throws(HistoryError) -> [ReadPosition] {
        try reading { try HistoryFile.positions($0).values }
    }
}
