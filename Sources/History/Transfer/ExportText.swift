package import Atlas
internal import FoundationEssentials

/// What an export of lines begins with: the sources, and how their lines are read.
package struct ExportHead: Codable, Hashable, Sendable {
    package static let schema = 1

    package struct Source: Codable, Hashable, Sendable {
        package var name: String
        package var resource: String?
        /// Nil where no kept plan names one.
        package var format: String?

        package init(name: String, resource: String?, format: String?) {
            self.name = name
            self.resource = resource
            self.format = format
        }
    }

    package var schema = Self.schema
    package var sources: [Source]
    /// The operator's own.
    package var formats: [UserFormat]

    package init(sources: [Source] = [], formats: [UserFormat] = []) {
        self.sources = sources
        self.formats = formats
    }

    /// As a plan names them.
    package var plan: WatchPlan {
        WatchPlan(
            sources: sources.map {
                LogSource(
                    name: $0.name,
                    path: "/imported",
                    format: $0.format ?? "auto",
                    resource: $0.resource
                )
            },
            formats: formats
        )
    }
}

/// What an export of lines ends with; one without it was cut off.
package struct ExportEnd: Codable, Hashable, Sendable {
    package var lines: Int
    /// Rows that are not in it since they are damaged.
    package var damaged: Int

    package init(lines: Int, damaged: Int) {
        self.lines = lines
        self.damaged = damaged
    }
}

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

    package mutating func add(_ head: ExportHead) throws(HistoryError) {
        try add("export", head)
    }

    package mutating func add(_ end: ExportEnd) throws(HistoryError) {
        try add("end", end)
    }

    /// With its type as the first member: so the head is known by its first bytes.
    private mutating func add(_ type: String, _ value: some Encodable) throws(HistoryError) {
        let document = try explaining("") { try Document.encode(value) }
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
    mutating func add(seq: Int64, line: Int64, at: Instant, event: String, document: String) {
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
