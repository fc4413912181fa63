package import Atlas
internal import FoundationEssentials

/// An export as JSON lines (Docs/history.md), in bytes that are gathered.
package struct ExportText {
    package private(set) var bytes: [UInt8] = []
    /// Most lines have the time of the one before, and so the text of it.
    private var times = (time: TimeText(), arrival: TimeText())

    private struct TimeText {
        private var instant: Instant?
        private var text: [UInt8] = []

        mutating func text(of instant: Instant) -> [UInt8] {
            guard self.instant != instant else { return text }
            text = Array("\"\(instant)\"".utf8)
            self.instant = instant
            return text
        }
    }

    package init() {}

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// A line of another type than a log line's; `document` is a JSON object with a member at least.
    ///
    /// The type is the first member: so an export is known by its first bytes.
    package mutating func add(_ type: String, _ document: String) {
        append("{\"type\":\"\(type)\",")
        append(document.dropFirst())
        bytes.append(10)
    }

    package mutating func add(_ line: StoredLine) {
        let record = line.record
        append("{\"type\":\"line\",\"number\":\(record.number),\"time\":")
        bytes += times.time.text(of: record.time)
        append(",\"arrival\":")
        bytes += times.arrival.text(of: record.arrival)
        append(",\"level\":\"")
        append(record.level.name)
        append("\",\"source\":")
        add(text: Array(line.source.utf8))
        if let resource = line.resource {
            append(",\"resource\":")
            add(text: Array(resource.utf8))
        }
        if record.messageStart != 0 { append(",\"messageStart\":\(record.messageStart)") }
        if Self.isText(record.bytes) {
            append(",\"line\":")
            add(text: record.bytes)
        } else {
            append(",\"raw\":\"")
            append(Data(record.bytes).base64EncodedString())
            append("\"")
        }
        append("}\n")
    }

    /// An input that is no line; `document` is JSON.
    package mutating func add(
        seq: Int64,
        line: Int64,
        at: Instant,
        event: String,
        document: String
    ) {
        append("{\"type\":\"input\",\"seq\":\(seq),\"line\":\(line),\"at\":\"\(at)\",\"event\":")
        add(text: Array(event.utf8))
        append(",\"document\":")
        append(document)
        append("}\n")
    }

    private mutating func append(_ text: some StringProtocol) {
        bytes.append(contentsOf: text.utf8)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }

    /// A string of JSON (RFC 8259 section 7), of bytes that are UTF-8.
    private mutating func add(text: [UInt8]) {
        bytes.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0..<0x20, 0x7F:
                append("\\u00")
                bytes += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
