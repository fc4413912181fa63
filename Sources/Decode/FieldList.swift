/// The fields of one line, in their order: places in the line, nothing is copied.
///
/// Made once and filled by line after line; what a reader finds in it is of the last line only.
package struct FieldList: ~Copyable {
    /// Fields of a line that are told at most; further ones are counted.
    package static let limit = 256

    /// False where nobody asks: then a format need not look for fields.
    package let isWanted: Bool
    /// False where nobody asks for the level: then a format need not look for it in the message.
    package let isLevelWanted: Bool
    /// False where the lines are known to hold no backslash, and so no escapes.
    var mayHoldBackslash = true
    package private(set) var count = 0
    /// Fields of this line beyond the limit.
    package private(set) var omitted = 0
    /// For formats with the usual dates: it knows the second of the line before.
    package var times = TimeReader()
    /// For formats with the keys in the line: those of the line before.
    var keys = KnownKeys()
    /// Several formats are asked for the same line; see `beginLine`.
    private(set) var isLineKept = false
    /// The head of syslog that one of them found in the line, or that there is none; nil where none
    /// looked.
    var headOfLine: SyslogHead??
    private let storage: UnsafeMutablePointer<Field>?

    package init(isWanted: Bool = true, isLevelWanted: Bool = true) {
        self.isWanted = isWanted
        self.isLevelWanted = isLevelWanted
        storage = isWanted ? .allocate(capacity: Self.limit) : nil
    }

    deinit { storage?.deallocate() }

    package subscript(index: Int) -> Field {
        guard let storage, index >= 0, index < count else {
            preconditionFailure("field \(index) of \(count)")
        }
        return storage[index]
    }

    /// To be called before each line.
    package mutating func removeAll() {
        count = 0
        omitted = 0
    }

    /// From here on to `endLine` all that is asked is about one line: what one format finds of it
    /// need not be looked for by the next.
    mutating func beginLine() {
        isLineKept = true
        headOfLine = nil
    }

    mutating func endLine() {
        isLineKept = false
        headOfLine = nil
    }

    /// Adds a field whose name the format gives.
    @inline(__always)
    package mutating func add(_ name: KnownField, _ value: Range<Int>, _ kind: Field.Kind = .text) {
        append(Field(name: .known(name), value: value, kind: kind))
    }

    /// Adds a field whose name is written in the line.
    @inline(__always)
    package mutating func add(
        named name: Range<Int>,
        _ value: Range<Int>,
        _ kind: Field.Kind = .text
    ) {
        append(Field(name: .written(Field.Place(name)), value: value, kind: kind))
    }

    /// Adds a field by the index of its name in the format's `fieldNames`.
    @inline(__always)
    package mutating func add(own name: UInt8, _ value: Range<Int>, _ kind: Field.Kind = .text) {
        append(Field(name: .own(name), value: value, kind: kind))
    }

    @inline(__always)
    private mutating func append(_ field: Field) {
        guard let storage else { return }
        guard count < Self.limit else {
            omitted &+= 1
            return
        }
        storage[count] = field
        count &+= 1
    }
}

/// One field of a line.
package struct Field: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable {
        /// The bytes are the value.
        case text
        /// Between the quotes of a JSON string, with its escapes (RFC 8259 section 7).
        case json
        /// Between quotes, with a backslash before what is meant as it is, and `\xHH`.
        case backslashed
        /// Between quotes, each quote inside written twice (RFC 4180).
        case doubled
        /// As JSON writes numbers.
        case number
        /// Without a place where the name alone says so.
        case `true`
        case `false`
        case null
        /// A whole JSON object or array.
        case nested
        /// The number of a syslog message (`SyslogPriority`): what is meant is its facility.
        case facility
        /// The same number: what is meant is its severity.
        case severity
        /// A number with a unit, such as `12ms` (`DurationText`).
        case duration
    }

    /// Where some bytes of the line are.
    package struct Place: Hashable, Sendable {
        package var start: UInt32
        package var count: UInt32

        /// A line is shorter than 4 GiB.
        @inline(__always)
        init(_ range: Range<Int>) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            count = UInt32(truncatingIfNeeded: range.upperBound &- range.lowerBound)
        }

        package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    package enum Name: Hashable, Sendable {
        case known(KnownField)
        case written(Place)
        /// Index into the format's `fieldNames`.
        case own(UInt8)
    }

    package var name: Name
    package var value: Place
    package var kind: Kind

    @inline(__always)
    init(name: Name, value: Range<Int>, kind: Kind) {
        self.name = name
        self.value = Place(value)
        self.kind = kind
    }
}

/// Names of fields that are not written in the line: the format knows them.
package enum KnownField: UInt8, CaseIterable, Hashable, Sendable {
    case host, program, pid, thread, facility, severity
    case messageID = 10
    case structuredData
    case client = 20
    case identity, user, request, method, path, `protocol`, status, bytes, referer
    case agent, forwardedFor, duration, server, port
    case logger = 40
    case file, line, function, module, component, tag, stream, process, code, query
    case database, role, backend, frontend, queue, sessionID, transactionID, state
    /// Times of a request in milliseconds, -1 where it did not come so far.
    case requestTime = 80
    case queueTime, connectTime, responseTime, queryID
    /// Of a format without names: columns by their number, from the first.
    case column1 = 128
    case column2, column3, column4, column5, column6, column7, column8, column9
    case column10, column11, column12, column13, column14, column15, column16
    case column17, column18, column19, column20, column21, column22, column23, column24
    case column25, column26, column27, column28, column29, column30, column31, column32

    /// Columns that have names.
    package static let columns = 32

    /// The column of a number from 0 on; nil behind the last one.
    package static func column(_ index: Int) -> KnownField? {
        guard (0..<columns).contains(index) else { return nil }
        return KnownField(rawValue: column1.rawValue + UInt8(index))
    }

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.text, $0) })

    /// The one that rules and screens write so.
    package init?(text: String) {
        guard let found = Self.named[text] else { return nil }
        self = found
    }

    /// As rules and screens write it.
    package var text: String {
        switch self {
        case .messageID: "message_id"
        case .structuredData: "structured_data"
        case .forwardedFor: "forwarded_for"
        case .sessionID: "session_id"
        case .transactionID: "transaction_id"
        case .requestTime: "request_time"
        case .queueTime: "queue_time"
        case .connectTime: "connect_time"
        case .responseTime: "response_time"
        case .queryID: "query_id"
        default: "\(self)"
        }
    }
}
