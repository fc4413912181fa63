import Atlas
import Foundation
import History
import Screens

/// What a history file holds, as text and as JSON lines.
enum HistoryText {
    static func count(_ number: Int) -> String { Wording.count(number) }

    /// To the second.
    static func time(_ instant: Instant) -> String {
        Instant(seconds: instant.nanoseconds / 1_000_000_000).description
    }

    static func stats(_ stats: HistoryStats, path: String) -> String {
        var text =
            "\(path): version \(stats.version), \(size(stats.fileBytes)), of which "
            + "\(size(stats.freeBytes)) are free\n"
        var table = TextTable(["kind", "count", "bytes", "oldest", "newest", "dropped"])
        for part in stats.parts {
            table.add([
                part.kind.rawValue, count(part.count), size(part.bytes),
                part.oldest.map(time) ?? "-", part.newest.map(time) ?? "-",
                dropped(part.dropped),
            ])
        }
        text += table.text
        if let lines = stats.parts.first(where: { $0.kind == .lines }), let raw = lines.rawBytes,
            lines.bytes > 0
        {
            let ratio = Double(raw) / Double(lines.bytes)
            text +=
                "lines: \(size(raw)) as they came, \(String(format: "%.1f", ratio)) times of what "
                + "they take, in \(count(stats.chunks)) chunks\n"
        }
        text += "failovers: \(count(stats.failovers))\n"
        if stats.quarantinedChunks > 0 {
            text +=
                "quarantined: \(count(stats.quarantinedLines)) lines in "
                + "\(count(stats.quarantinedChunks)) chunks that are damaged\n"
        }
        return text
    }

    private static func dropped(_ dropped: HistoryStats.Dropped) -> String {
        guard dropped.count > 0 else { return "-" }
        return count(dropped.count) + (dropped.until.map { " up to \(time($0))" } ?? "")
    }

    private static func size(_ bytes: Int) -> String { Wording.bytes(Int64(bytes)) }

    /// One line for the file, and one for each kind.
    static func json(_ stats: HistoryStats, path: String) throws -> String {
        let file = FileLine(
            path: path,
            version: stats.version,
            bytes: stats.fileBytes,
            freeBytes: stats.freeBytes,
            chunks: stats.chunks,
            failovers: stats.failovers,
            quarantinedChunks: stats.quarantinedChunks,
            quarantinedLines: stats.quarantinedLines
        )
        return try line("history", file)
            + stats.parts.map { try line("kept", PartLine($0)) }.joined()
    }

    static func verdict(_ verdict: HistoryVerdict) -> String {
        var text = "\(count(verdict.lines)) lines in \(count(verdict.chunks)) chunks: "
        guard !verdict.isWhole else { return text + "all as they were written\n" }
        text +=
            verdict.damaged.isEmpty
            ? "as they were written\n" : "\(count(verdict.damaged.count)) chunks are damaged\n"
        for damage in verdict.damaged.prefix(20) {
            text += "  \(count(damage.count)) lines from number \(damage.line) on\n"
        }
        if verdict.damaged.count > 20 { text += "  and more\n" }
        if verdict.gaps > 0 {
            text += "  \(count(verdict.gaps)) places where chunks cannot be reached\n"
        }
        if verdict.unreadable > 0 {
            text += "  \(count(verdict.unreadable)) other records cannot be read\n"
        }
        let rows = verdict.damagedMetrics.count + verdict.damagedOpen.count
        if rows > 0 { text += "metrics: \(rows) rows are damaged\n" }
        for fault in verdict.faults { text += "  SQLite: \(fault)\n" }
        return text
    }

    static func repair(_ repair: HistoryRepair) -> String {
        var text =
            "saved: \(count(repair.lines)) lines and \(count(repair.rows)) other records; "
        text +=
            repair.quarantined > 0
            ? "put aside: \(count(repair.quarantined)) chunks that are damaged; " : ""
        text +=
            repair.lost > 0
            ? "lost: at least \(count(repair.lost)) records that cannot be read; " : ""
        return text + "the damaged file is now '\(repair.aside)'"
    }

    static func progress(_ step: HistoryMigration) -> String {
        "the history becomes one of version \(step.to): \(step.percent) %"
    }

    static func compaction(_ compaction: HistoryCompaction) -> String {
        let (before, after) = (compaction.bytesBefore, compaction.bytesAfter)
        let gain =
            after < before ? "\(size(before - after)) given back" : "there was nothing to give back"
        return "\(count(compaction.rowsBefore)) chunks are \(count(compaction.rowsAfter)), "
            + "\(size(before)) are \(size(after)): \(gain)\n"
    }

    private static func line(_ type: String, _ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(ReportLine(type: type, value: value))
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private struct FileLine: Encodable {
        var path: String
        var version: Int
        var bytes: Int
        var freeBytes: Int
        var chunks: Int
        var failovers: Int
        var quarantinedChunks: Int
        var quarantinedLines: Int
    }

    private struct PartLine: Encodable {
        var kind: HistoryStats.Kind
        var count: Int
        var bytes: Int
        var rawBytes: Int?
        var oldest: Instant?
        var newest: Instant?
        var droppedCount: Int
        var droppedBytes: Int
        var droppedUntil: Instant?

        init(_ part: HistoryStats.Part) {
            kind = part.kind
            count = part.count
            bytes = part.bytes
            rawBytes = part.rawBytes
            oldest = part.oldest
            newest = part.newest
            droppedCount = part.dropped.count
            droppedBytes = part.dropped.bytes
            droppedUntil = part.dropped.until
        }
    }
}
