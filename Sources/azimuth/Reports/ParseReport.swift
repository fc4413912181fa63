import Atlas
import Decode

/// What was read out of lines, for people or as JSON lines.
///
/// What lines hold never reaches a terminal as it is: control characters are taken out, or
/// escaped.
struct ParseReport {
    struct Field {
        var name: String
        var kind: Decode.Field.Kind
        var text: [UInt8]
    }

    struct Line {
        var bytes: [UInt8]
        var reading: SourceDecoder.Reading
        var fields: [Field] = []
        /// Fields beyond what is told of a line.
        var omitted = 0
        /// Which rule drops it.
        var rule: String?
        /// Where it is placed.
        var resource: String?
    }

    struct Counts {
        var records = 0
        var continuations = 0
        var unknown = 0
        var dropped = 0

        var lines: Int { records + continuations + unknown }
    }

    private static let blockSize = 64 << 10

    private let isJSON: Bool
    private let wanted: [String]?
    private(set) var counts = Counts()
    private var formats: [String] = []
    private var seen: Set<String> = []
    private var out: [UInt8] = []

    /// `fields` are the names of those that are shown; nil for all.
    init(isJSON: Bool, fields: [String]?) {
        self.isJSON = isJSON
        wanted = fields
    }

    mutating func begin(_ path: String, format: String) {
        counts = formats.isEmpty ? Counts() : counts
        if !formats.contains(format) { formats.append(format) }
        if !isJSON { put("\(path): format \(format)\n") }
    }

    mutating func take(_ line: Line) {
        switch line.reading.shape {
        case .record: counts.records += 1
        case .continuation: counts.continuations += 1
        case .unknown: counts.unknown += 1
        }
        if line.rule != nil { counts.dropped += 1 }
        for field in line.fields where wanted != nil { seen.insert(field.name) }
        var line = line
        if let wanted { line.fields.removeAll { !wanted.contains($0.name) } }
        if isJSON { putJSON(line) } else { putText(line) }
        if out.count >= Self.blockSize { flush() }
    }

    /// Writes the counts, and what was asked for in vain.
    mutating func finish() {
        if isJSON {
            var object = JSONObject()
            object.add("type", "summary")
            object.add("lines", counts.lines)
            object.add("records", counts.records)
            object.add("continuations", counts.continuations)
            object.add("unknown", counts.unknown)
            object.add("dropped", counts.dropped)
            out += object.line
        } else {
            put(
                "\(counts.lines) lines: \(counts.records) records, "
                    + "\(counts.continuations) continuations, \(counts.unknown) unknown"
                    + (counts.dropped > 0 ? "; rules drop \(counts.dropped)\n" : "\n")
            )
        }
        flush()
        for name in wanted ?? [] where !seen.contains(name) && counts.lines > 0 {
            let nearest = nearestName(to: name, among: seen.sorted())
            let remedy = nearest.map { ": did you mean '\($0)'?" } ?? ""
            StandardError.write(
                Explain.printable("azimuth: no line has a field '\(name)'\(remedy)\n")
            )
        }
    }

    mutating func flush() {
        StandardOutput.write(out)
        out.removeAll(keepingCapacity: true)
    }

    private mutating func put(_ text: String) {
        out += Array(Explain.printable(text).utf8)
    }

    // MARK: for people

    private mutating func putText(_ line: Line) {
        let reading = line.reading
        let message = MessageText.bytes(of: line.bytes, from: reading.messageStart)[...]
        let words = [
            Self.padded("\(counts.lines)", 6), Self.padded(shape(reading.shape), 12),
            Self.padded(reading.hasTime ? reading.time.description : "-", 30),
            Self.padded(reading.hasLevel ? reading.level.name : "-", 6),
        ]
        put(words.joined(separator: " ") + " ")
        put(Self.oneLine(message) + "\n")
        if let rule = line.rule {
            put("       dropped by '\(Self.oneLine(Array(rule.utf8)[...]))'\n")
        }
        if let resource = line.resource { put("       placed at \(resource)\n") }
        let width = min(24, line.fields.map(\.name.count).max() ?? 0)
        for field in line.fields {
            let name = Self.padded(Self.oneLine(Array(field.name.utf8)[...]), width)
            let kind = Self.padded(Self.word(field.kind), 8)
            put("       \(name)  \(kind)  \(Self.oneLine(field.text[...]))\n")
        }
        if line.omitted > 0 { put("       and \(line.omitted) more fields\n") }
    }

    /// What holds line ends would look like several lines.
    private static func oneLine(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
                scalar == "\n" ? "\u{23CE}" : Character(scalar)
            }
        )
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func shape(_ shape: ParsedLine.Shape) -> String {
        switch shape {
        case .record: "record"
        case .continuation: "continuation"
        case .unknown: "unknown"
        }
    }

    private static func word(_ kind: Decode.Field.Kind) -> String {
        switch kind {
        case .text, .json, .backslashed, .doubled, .facility, .severity: "text"
        case .number: "number"
        case .true, .false: "boolean"
        case .null: "null"
        case .nested: "nested"
        case .duration: "duration"
        }
    }

    // MARK: as JSON

    private mutating func putJSON(_ line: Line) {
        let reading = line.reading
        var object = JSONObject()
        object.add("type", "line")
        object.add("number", counts.lines)
        object.add("shape", shape(reading.shape))
        if reading.hasTime { object.add("time", reading.time.description) }
        if reading.hasLevel { object.add("level", reading.level.name) }
        object.add("message", MessageText.bytes(of: line.bytes, from: reading.messageStart)[...])
        if let rule = line.rule { object.add("dropped", rule) }
        if let resource = line.resource { object.add("resource", resource) }
        object.add(
            "fields",
            list: line.fields.map { field in
                var item = JSONObject()
                item.add("name", field.name)
                item.add("type", Self.word(field.kind))
                item.add("value", field.text[...])
                return item
            }
        )
        if line.omitted > 0 { object.add("omitted", line.omitted) }
        out += object.line
    }
}

/// A JSON object that is written as its keys are added (RFC 8259).
struct JSONObject {
    private var bytes: [UInt8] = []

    /// On a line of its own.
    var line: [UInt8] { text + [0x0A] }

    private var text: [UInt8] { [0x7B] + bytes + [0x7D] }

    mutating func add(_ key: String, _ value: String) { add(key, Array(value.utf8)[...]) }

    mutating func add(_ key: String, _ value: Int) {
        begin(key)
        bytes += Array("\(value)".utf8)
    }

    /// Bytes that are no UTF-8 become U+FFFD.
    mutating func add(_ key: String, _ value: ArraySlice<UInt8>) {
        begin(key)
        quote(String(decoding: value, as: UTF8.self))
    }

    mutating func add(_ key: String, list: [JSONObject]) {
        begin(key)
        bytes.append(0x5B)
        for (index, item) in list.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += item.text
        }
        bytes.append(0x5D)
    }

    private mutating func begin(_ key: String) {
        if !bytes.isEmpty { bytes.append(0x2C) }
        quote(key)
        bytes.append(0x3A)
    }

    /// Control characters beyond ASCII are escaped, too: terminals heed them.
    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes += [0x5C, 0x22]
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                bytes += Array("\\u\(zeros)\(digits)".utf8)
            default:
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(0x22)
    }
}
