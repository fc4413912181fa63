internal import Atlas

/// Time, level and message of a structured line, from those of its keys that tell them.
struct RoleReading {
    private var time = ParsedLine.Time.none
    private var step = Span.zero
    private var timeRank = UInt8.max
    private var level: Level?
    private var levelRank = UInt8.max
    /// 0 to 7 under a key that has other numbers elsewhere.
    private var severity: Int?
    private var message: Range<Int>?
    private var messageKind = Field.Kind.text
    private var messageRank = UInt8.max
    /// Of ECS.
    private(set) var logObject: Range<Int>?

    var hasLevel: Bool { level != nil }

    /// Numbers rank behind words: a logger that writes both means the word for people.
    private static let numberRank: UInt8 = 16

    @inline(__always)
    mutating func take(
        _ line: borrowing RawSpan,
        key: Range<Int>,
        value: Range<Int>,
        _ kind: Field.Kind,
        _ times: inout TimeReader
    ) {
        take(KeyRole(line, key), line, value, kind, &times)
    }

    /// The same where it is known what the key says.
    @inline(__always)
    mutating func take(
        _ role: KeyRole,
        _ line: borrowing RawSpan,
        _ value: Range<Int>,
        _ kind: Field.Kind,
        _ times: inout TimeReader
    ) {
        if case .other = role { return }
        takeTold(role, line, value, kind, &times)
    }

    private mutating func takeTold(
        _ role: KeyRole,
        _ line: borrowing RawSpan,
        _ value: Range<Int>,
        _ kind: Field.Kind,
        _ times: inout TimeReader
    ) {
        switch role {
        case .other: return
        case .time(let rank):
            guard rank <= timeRank, let read = times.read(line, value) else { return }
            (time, step) = read
            timeRank = rank
        case .level(let rank, let scale): takeLevel(line, value, rank, scale)
        case .message(let rank):
            if kind == .nested {
                if rank == KeyRole.log { logObject = value }
                return
            }
            guard rank <= messageRank, kind == .json || kind == .text || kind == .backslashed
            else { return }
            message = value
            messageKind = kind
            messageRank = rank
        }
    }

    private mutating func takeLevel(
        _ line: borrowing RawSpan,
        _ value: Range<Int>,
        _ rank: UInt8,
        _ scale: KeyRole.Scale
    ) {
        if let read = LevelWord.level(line, value) {
            if rank <= levelRank { (level, levelRank) = (read, rank) }
            return
        }
        guard let number = line.decimal(value) else { return }
        let rank = rank + Self.numberRank
        guard rank <= levelRank else { return }
        if let read = Self.level(number, scale) {
            (level, levelRank) = (read, rank)
        } else if scale == .level, number <= 7 {
            severity = number
        }
    }

    /// Scales overlap, so the key decides.
    ///
    /// `level`: 10 to 69 bunyan and pino (Python's numbers are in `levelno`), 100 to 699 Monolog; 0
    /// to 7 are syslog's only in GELF. `severity`: 1 to 7 syslog, 100 to 899 Google Cloud; its 0
    /// means nothing there and an emergency here, so none is read.
    private static func level(_ number: Int, _ scale: KeyRole.Scale) -> Level? {
        switch scale {
        case .level: number < 100 ? bunyan(number) : monolog(number)
        case .severity: number < 100 ? syslog(number) : googleCloud(number)
        case .priority: LevelWord.level(severity: number)
        case .python: python(number)
        case .otel: openTelemetry(number)
        }
    }

    private static func bunyan(_ number: Int) -> Level? {
        switch number {
        case 10..<20: .trace
        case 20..<30: .debug
        case 30..<40: .info
        case 40..<50: .warn
        case 50..<60: .error
        case 60..<70: .fatal
        default: nil
        }
    }

    private static func monolog(_ number: Int) -> Level? {
        switch number {
        case 100..<200: .debug
        case 200..<250: .info
        case 250..<300: .notice
        case 300..<400: .warn
        case 400..<500: .error
        case 500..<700: .fatal
        default: nil
        }
    }

    private static func syslog(_ number: Int) -> Level? {
        number == 0 ? nil : LevelWord.level(severity: number)
    }

    private static func googleCloud(_ number: Int) -> Level? {
        switch number {
        case 100..<200: .debug
        case 200..<300: .info
        case 300..<400: .notice
        case 400..<500: .warn
        case 500..<600: .error
        case 600..<900: .fatal
        default: nil
        }
    }

    private static func python(_ number: Int) -> Level? {
        switch number {
        case 1..<10: .trace
        case 10..<20: .debug
        case 20..<30: .info
        case 30..<40: .warn
        case 40..<50: .error
        case 50..<100: .fatal
        default: nil
        }
    }

    /// SeverityNumber of the log data model.
    private static func openTelemetry(_ number: Int) -> Level? {
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

    /// What the keys told together.
    func parsed(_ shape: ParsedLine.Shape) -> ParsedLine {
        var parsed = ParsedLine(shape: shape, time: time, level: level, step: step)
        if level == nil {
            if messageRank == KeyRole.gelfMessage {
                parsed.level = severity.flatMap(LevelWord.level(severity:))
            } else if timeRank == KeyRole.clefTime {
                parsed.level = .info
            }
        }
        if let message {
            parsed.messageStart = message.lowerBound
            parsed.messageEnd = message.upperBound
            parsed.messageKind = messageKind
        }
        return parsed
    }
}
