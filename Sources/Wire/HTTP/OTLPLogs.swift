internal import Atlas

/// Reads `ExportLogsServiceRequest` in OTLP's JSON encoding: a line for each log record.
///
///     {"resourceLogs": [{"resource":  {"attributes": [{"key": K, "value": AnyValue}]},
///                        "scopeLogs": [{"scope":      {"name", "version", "attributes"},
///                                       "logRecords": [{"timeUnixNano", "severityNumber",
///                                                       "body": AnyValue, "attributes", ...}]}]}]}
///
/// A line has the time, the level, the message, and the attributes of record, scope and resource
/// under their own names; where two have the same name, the first of these three has it. Source:
/// opentelemetry-proto, logs/v1/logs.proto; OpenTelemetry Protocol 1.9, "JSON Protobuf Encoding".
package struct OTLPLogs {
    package private(set) var lines = EventLines()
    /// Records that are none.
    package private(set) var rejected = 0
    /// Why the first of them is none.
    package private(set) var reason = ""

    /// An attribute, ready to be written: its name, and its value as JSON.
    private struct Attribute {
        var name: ArraySlice<UInt8>
        var value: [UInt8]
    }

    package init(_ body: [UInt8]) throws(BodyMistake) {
        var whole = JSONWalk(body)
        guard whole.next() == .object else {
            throw whole.mistake("{\"resourceLogs\": [...]} has to stand here")
        }
        try whole.value()
        guard whole.next() == nil else { throw whole.mistake("more than one request") }
        let request = try Members(JSONWalk(body), ["resourceLogs"])
        guard let resources = request.walk(0) else {
            throw BodyMistake("there is no 'resourceLogs': only logs are taken here")
        }
        try Self.each(resources) { (walk) throws(BodyMistake) in try resource(&walk) }
    }

    /// Goes through an array; null is an empty one.
    private static func each(
        _ walk: JSONWalk,
        _ body: (inout JSONWalk) throws(BodyMistake) -> Void
    ) throws(BodyMistake) {
        var walk = walk
        if walk.next() != .literal { try walk.elements(body) }
    }

    private mutating func resource(_ walk: inout JSONWalk) throws(BodyMistake) {
        let parts = try Members(&walk, ["resource", "scopeLogs"])
        var attributes: [Attribute] = []
        if let resource = parts.walk(0) {
            let inner = try Members(resource, ["attributes"])
            attributes = try inner.walk(0).map(Self.attributes) ?? []
        }
        guard let scopes = parts.walk(1) else { return }
        try Self.each(scopes) { (walk) throws(BodyMistake) in try scope(&walk, attributes) }
    }

    private mutating func scope(
        _ walk: inout JSONWalk,
        _ resource: [Attribute]
    ) throws(BodyMistake) {
        let parts = try Members(&walk, ["scope", "logRecords"])
        var attributes: [Attribute] = []
        if let scope = parts.walk(0) {
            let inner = try Members(scope, ["name", "version", "attributes"])
            for (index, name) in ["scope.name", "scope.version"].enumerated() {
                guard let value = try inner.text(index), value.count > 2 else { continue }
                attributes.append(Attribute(name: Array(name.utf8)[...], value: Array(value)))
            }
            attributes += try inner.walk(2).map(Self.attributes) ?? []
        }
        guard let records = parts.walk(1) else { return }
        let shared = attributes + resource
        try Self.each(records) { (walk) throws(BodyMistake) in
            let place = try walk.value()
            do throws(BodyMistake) {
                let line = try Self.line(JSONWalk(walk.bytes, at: place.lowerBound), shared)
                try lines.add(line[...])
            } catch {
                if rejected == 0 { reason = error.words }
                rejected += 1
            }
        }
    }

    /// One record as a JSON object.
    private static func line(_ record: JSONWalk, _ shared: [Attribute]) throws(BodyMistake)
        -> [UInt8]
    {
        let parts = try Members(
            record,
            [
                "timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body",
                "traceId", "spanId", "eventName", "attributes",
            ]
        )
        var object = FlatObject()
        let stated = try parts.instant(0)
        let seen = try parts.instant(1)
        if let time = stated ?? seen {
            object.add("time", quoted: time.description)
        }
        let text = try parts.text(3).flatMap { $0.count > 2 ? $0 : nil }
        if let level = level(try parts.integer(2) ?? 0) {
            object.add("level", quoted: level.name)
            if let text { object.add("severity_text", Array(text)) }
        } else if let text {
            object.add("level", Array(text))
        }
        if var body = parts.walk(4) {
            var value: [UInt8] = []
            try anyValue(&body, into: &value)
            object.add(value.first == 0x22 ? "message" : "body", value)
        }
        for (index, name) in [(5, "trace_id"), (6, "span_id"), (7, "event_name")] {
            guard let value = try parts.text(index), value.count > 2 else { continue }
            object.add(name, Array(value))
        }
        if let own = parts.walk(8) {
            for attribute in try attributes(own) { object.add(attribute.name, attribute.value) }
        }
        for attribute in shared { object.add(attribute.name, attribute.value) }
        return object.closed
    }

    /// SeverityNumber, of logs.proto: four steps for each of six levels.
    private static func level(_ number: Int64) -> Level? {
        switch number {
        case 1...4: .trace
        case 5...8: .debug
        case 9...12: .info
        case 13...16: .warn
        case 17...20: .error
        case 21...24: .fatal
        default: nil
        }
    }

    // MARK: values

    private static func attributes(_ list: JSONWalk) throws(BodyMistake) -> [Attribute] {
        var list = list
        if list.next() == .literal { return [] }
        var attributes: [Attribute] = []
        try list.elements { (walk) throws(BodyMistake) in
            let parts = try Members(&walk, ["key", "value"])
            guard let key = try parts.text(0), key.count > 2 else { return }
            var value: [UInt8] = []
            if var inner = parts.walk(1) {
                try anyValue(&inner, into: &value)
            } else {
                value = Array("null".utf8)
            }
            attributes.append(Attribute(name: key.dropFirst().dropLast(), value: value))
        }
        return attributes
    }

    /// Writes an AnyValue as the JSON value that it stands for.
    private static func anyValue(
        _ walk: inout JSONWalk,
        into out: inout [UInt8]
    ) throws(BodyMistake) {
        var written: [UInt8]?
        try walk.members { (walk, name) throws(BodyMistake) in
            let isArray = walk.isWord(name, "arrayValue")
            if isArray || walk.isWord(name, "kvlistValue") {
                let parts = try Members(&walk, ["values"])
                written = try isArray ? array(parts.walk(0)) : list(parts.walk(0))
            } else {
                let isInteger = walk.isWord(name, "intValue")
                let value = walk.bytes[try walk.value()]
                // 64-bit integers are strings in JSON's encoding.
                let bare = value.first == 0x22 ? value.dropFirst().dropLast() : value
                // A value of another type than its name says may well be an object.
                written = Array(isInteger && isDecimal(bare) ? bare : EventLines.onOneLine(value))
            }
        }
        out += written ?? Array("null".utf8)
    }

    private static func array(_ values: JSONWalk?) throws(BodyMistake) -> [UInt8] {
        var out: [UInt8] = [0x5B]
        guard var values, values.next() == .array else { return [0x5B, 0x5D] }
        try values.elements { (walk) throws(BodyMistake) in
            if out.count > 1 { out.append(0x2C) }
            try anyValue(&walk, into: &out)
        }
        out.append(0x5D)
        return out
    }

    private static func list(_ values: JSONWalk?) throws(BodyMistake) -> [UInt8] {
        guard let values else { return [0x7B, 0x7D] }
        var object = FlatObject()
        for attribute in try attributes(values) { object.add(attribute.name, attribute.value) }
        return object.closed
    }

    private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes
        return (1...19).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
            && (digits.first != 0x30 || digits.count == 1)
    }
}

/// The values of some members of an object, as places.
private struct Members {
    private let bytes: [UInt8]
    private var places: [Int?]

    init(_ walk: JSONWalk, _ names: [String]) throws(BodyMistake) {
        var walk = walk
        try self.init(&walk, names)
    }

    /// Passes over the object; null has no members.
    init(_ walk: inout JSONWalk, _ names: [String]) throws(BodyMistake) {
        var found = [Int?](repeating: nil, count: names.count)
        bytes = walk.bytes
        if walk.next() == .literal {
            try walk.value()
        } else {
            try walk.members { (walk, name) throws(BodyMistake) in
                let place = try walk.value()
                // null is as if it were not there.
                guard walk.bytes[place.lowerBound] != 0x6E else { return }
                for (index, word) in names.enumerated() where walk.isWord(name, word) {
                    found[index] = place.lowerBound
                }
            }
        }
        places = found
    }

    func walk(_ index: Int) -> JSONWalk? { places[index].map { JSONWalk(bytes, at: $0) } }

    /// A string with its quotes.
    func text(_ index: Int) throws(BodyMistake) -> ArraySlice<UInt8>? {
        guard var walk = walk(index) else { return nil }
        let place = try walk.string()
        return bytes[place.lowerBound - 1..<place.upperBound + 1]
    }

    /// Written as a number or as a string, as protobuf's JSON has both.
    func integer(_ index: Int) throws(BodyMistake) -> Int64? {
        guard var walk = walk(index) else { return nil }
        let isText = walk.next() == .string
        let place = try isText ? walk.string() : walk.value()
        guard let number = Int64(String(decoding: bytes[place], as: UTF8.self)) else {
            throw BodyMistake("byte \(place.lowerBound + 1): a whole number has to stand here")
        }
        return number
    }

    /// Nanoseconds since the epoch; 0 is none.
    func instant(_ index: Int) throws(BodyMistake) -> Instant? {
        guard let number = try integer(index), number > 0 else { return nil }
        return Instant(nanoseconds: number)
    }
}

/// A JSON object in the making; the first value of a name stays.
private struct FlatObject {
    private var bytes: [UInt8] = [0x7B]
    private var names: Set<[UInt8]> = []

    var closed: [UInt8] { bytes + [0x7D] }

    mutating func add(_ name: String, quoted text: String) {
        add(name, Array("\"\(text)\"".utf8))
    }

    mutating func add(_ name: String, _ value: [UInt8]) {
        add(Array(name.utf8)[...], value)
    }

    /// `name` without its quotes, `value` as JSON.
    mutating func add(_ name: ArraySlice<UInt8>, _ value: [UInt8]) {
        guard names.insert(Array(name)).inserted else { return }
        if bytes.count > 1 { bytes.append(0x2C) }
        bytes.append(0x22)
        bytes += name
        bytes += [0x22, 0x3A]
        bytes += value
    }
}
