import Atlas
import Decode
import Foundation
import History
import HistoryFormat

/// Kept lines as text and as JSON lines.
enum LogText {
    /// Time, level, source and the message without control characters.
    static func text(_ line: StoredLine) -> String {
        let record = line.record
        let level = record.level.name.padding(toLength: 6, withPad: " ", startingAt: 0)
        return "\(record.time)  \(level)  \(Explain.printable(line.source))  "
            + Explain.printable(standingAlone(record)) + "\n"
    }

    /// One object; `raw` is there when the line is not UTF-8: base64 of its bytes.
    static func json(_ line: StoredLine, isContext: Bool = false) throws -> String {
        let isText = String(validating: line.record.bytes, as: UTF8.self) != nil
        return try ReportJSON.line(
            "log",
            Line(
                number: line.record.number,
                source: line.source,
                resource: line.resource,
                time: line.record.time,
                arrival: line.record.arrival,
                level: line.record.level.name,
                message: message(line.record),
                raw: isText ? nil : Data(line.record.bytes).base64EncodedString(),
                context: isContext ? true : nil
            )
        )
    }

    private static func standingAlone(_ record: LogRecord) -> String {
        let bytes = MessageText.bytes(standingAlone: record.bytes, from: record.messageStart)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func message(_ record: LogRecord) -> String {
        let bytes = MessageText.bytes(of: record.bytes, from: record.messageStart)
        return String(decoding: bytes, as: UTF8.self)
    }

    private struct Line: Encodable {
        var number: UInt64
        var source: String
        var resource: String?
        var time: Instant
        var arrival: Instant
        var level: String
        var message: String
        var raw: String?
        /// Beside a line that was asked for.
        var context: Bool?
    }
}
