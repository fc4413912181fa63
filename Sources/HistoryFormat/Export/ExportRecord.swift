package import Atlas
internal import FoundationEssentials

/// One line of an export, read.
package enum ExportRecord: Hashable, Sendable {
    case head(ExportHead)
    case line(StoredLine)
    case end(ExportEnd)
    /// Of a type that is no line.
    case other(String)

    /// Why it is none.
    package enum Mistake: Explained, Hashable {
        /// No JSON object; the column is counted from 1.
        case syntax(column: Int)
        case missing(String)
        case value(String)
        /// The file ends within the line.
        case unterminated

        package var what: String {
            switch self {
            case .syntax(let column): "no JSON object, as far as column \(column)"
            case .missing(let key): "without \"\(key)\""
            case .unterminated: "without a line end, as where a file is cut off"
            case .value(let key): "\"\(key)\" is not what an export writes"
            }
        }

        package var remedy: String { "mend the line, or export again" }

        package var exit: ExitStatus { .badConfiguration }
    }

    /// Numbers that any reader of JSON knows (RFC 8259 section 6).
    private static let mostNumber: Int64 = 1 << 53

    package init(_ bytes: UnsafeRawBufferPointer) throws(Mistake) {
        var members = Members()
        var reader = JSONMemberReader(bytes)
        guard reader.begin() else { throw .syntax(column: reader.place + 1) }
        while let (name, value) = reader.next() { members.take(name, value) }
        guard reader.isWhole() else { throw .syntax(column: reader.place + 1) }
        switch members.type {
        case nil: throw .missing("type")
        case "line": self = .line(try members.line())
        case "export": self = .head(try Self.decode(bytes))
        case "end": self = .end(try Self.decode(bytes))
        case let type?: self = .other(type)
        }
    }

    private static func decode<Value: Decodable>(
        _ bytes: UnsafeRawBufferPointer
    ) throws(Mistake) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw .value("export")
        }
    }

    private struct Members {
        var values: [Key: JSONMemberReader.Value] = [:]

        enum Key: String, CaseIterable {
            case type, number, time, arrival, level, source, resource, messageStart, line, raw
        }

        mutating func take(_ name: [UInt8], _ value: JSONMemberReader.Value) {
            guard let key = Key(rawValue: String(decoding: name, as: UTF8.self)) else { return }
            values[key] = value
        }

        var type: String? {
            guard case .text(let text) = values[.type] else { return nil }
            return String(decoding: text, as: UTF8.self)
        }

        func line() throws(Mistake) -> StoredLine {
            guard case .integer(let number) = values[.number] else {
                throw values[.number] == nil ? .missing("number") : .value("number")
            }
            guard number > 0, number <= mostNumber else { throw .value("number") }
            let bytes = try content()
            let time = try instant(.time)
            guard let level = Level.allCases.first(where: { text(.level) == $0.name }) else {
                throw values[.level] == nil ? .missing("level") : .value("level")
            }
            guard let source = text(.source), !source.isEmpty else {
                throw values[.source] == nil ? .missing("source") : .value("source")
            }
            return StoredLine(
                source: source,
                resource: try resource(),
                record: LogRecord(
                    number: UInt64(number),
                    source: 0,
                    arrival: try instant(.arrival),
                    time: time,
                    level: level,
                    messageStart: try messageStart(bytes.count),
                    bytes: bytes
                )
            )
        }

        private func text(_ key: Key) -> String? {
            guard case .text(let text) = values[key] else { return nil }
            return String(decoding: text, as: UTF8.self)
        }

        private func resource() throws(Mistake) -> String? {
            switch values[.resource] {
            case nil, .null: return nil
            case .text(let text): return String(decoding: text, as: UTF8.self)
            default: throw .value("resource")
            }
        }

        private func instant(_ key: Key) throws(Mistake) -> Instant {
            switch values[key] {
            case .integer(let nanoseconds): return Instant(nanoseconds: nanoseconds)
            case .text(let text):
                guard let instant = Instant(rfc3339: String(decoding: text, as: UTF8.self)) else {
                    throw .value(key.rawValue)
                }
                return instant
            case nil: throw .missing(key.rawValue)
            default: throw .value(key.rawValue)
            }
        }

        private func messageStart(_ count: Int) throws(Mistake) -> Int {
            switch values[.messageStart] {
            case nil: return 0
            case .integer(let start) where start >= 0 && start <= count: return Int(start)
            default: throw .value("messageStart")
            }
        }

        private func content() throws(Mistake) -> [UInt8] {
            switch (values[.line], values[.raw]) {
            case (.text(let text), nil): return text
            case (nil, .text(let text)):
                guard let data = Data(base64Encoded: String(decoding: text, as: UTF8.self)) else {
                    throw .value("raw")
                }
                return [UInt8](data)
            case (nil, nil): throw .missing("line")
            case (.some, _): throw .value("line")
            default: throw .value("raw")
            }
        }
    }
}
