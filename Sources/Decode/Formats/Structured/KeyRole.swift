/// What a key of a structured line says by its name, upper and lower case alike.
///
/// Keys of bunyan, pino, winston, zap, logrus, zerolog, slog, structlog, Python, log4j 2, logback,
/// Monolog, Serilog's CLEF (`@t` `@m` `@mt` `@l`), ECS (`@timestamp` `log.level`), GELF
/// (`short_message`), OpenTelemetry and Google Cloud (`severity` `textPayload`). Of several the one
/// of the lowest rank counts, of the same rank the last.
enum KeyRole {
    /// What numbers mean where a level is told by one.
    enum Scale {
        case level, severity, priority, python
        /// SeverityNumber of OpenTelemetry.
        case otel
    }

    case other
    case time(UInt8)
    case level(UInt8, Scale)
    case message(UInt8)

    /// `@t`: where it is and `@l` is not, the level is Information.
    static let clefTime: UInt8 = 3
    /// `short_message`: beside it `level` is a severity of syslog.
    static let gelfMessage: UInt8 = 2
    /// `log`: text of a container, or the object of ECS that has the level.
    static let log: UInt8 = 5

    @inline(__always)
    init(_ line: borrowing RawSpan, _ key: Range<Int>) {
        guard let word = FoldedWord(line, key) else {
            self = .other
            return
        }
        self = word.rest == 0 ? Self.short(word.start) : Self.long(word)
    }

    // Generated from the names behind, eight bytes each, the first one lowest.
    @inline(__always)
    private static func short(_ word: UInt64) -> KeyRole {
        switch word {
        case 0x7460: .time(3)  // @t
        case 0x65_6D69_7460: .time(0)  // @time
        case 0x656D_6974: .time(4)  // time
        case 0x7374: .time(5)  // ts
        case 0x656D_6974_6574_6164: .time(6)  // datetime
        case 0x65_6D69_7463_7361: .time(6)  // asctime
        case 0x6574_6164: .time(7)  // date
        case 0x74: .time(8)  // t
        case 0x6C_6576_656C: .level(0, .level)  // level
        case 0x7974_6972_6576_6573: .level(1, .severity)  // severity
        case 0x6C766C: .level(2, .level)  // lvl
        case 0x6C60: .level(2, .level)  // @l
        case 0x6C65_7665_6C67_6F6C: .level(2, .level)  // loglevel
        case 0x7974_6972_6F69_7270: .level(6, .priority)  // priority
        case 0x6F_6E6C_6576_656C: .level(7, .python)  // levelno
        case 0x65_6761_7373_656D: .message(0)  // message
        case 0x67736D: .message(1)  // msg
        case 0x6D60: .message(3)  // @m
        case 0x676F6C: .message(5)  // log
        case 0x7478_6574: .message(6)  // text
        case 0x74_6E65_7665: .message(7)  // event
        case 0x7964_6F62: .message(8)  // body
        case 0x746D60: .message(9)  // @mt
        default: .other
        }
    }

    private static func long(_ word: FoldedWord) -> KeyRole {
        switch (word.start, word.rest) {
        case (0x6174_7365_6D69_7460, 0x706D): .time(1)  // @timestamp
        case (0x6D61_7473_656D_6974, 0x70): .time(2)  // timestamp
        case (0x6C6C_696D_656D_6974, 0x7369): .time(6)  // timeMillis
        case (0x7869_6E75_656D_6974, 0x6F6E_616E): .time(6)  // timeUnixNano
        case (0x6D69_7474_6E65_7665, 0x65): .time(6)  // eventTime
        case (0x6576_656C_7F67_6F6C, 0x6C): .level(2, .level)  // log_level
        case (0x6576_656C_2E67_6F6C, 0x6C): .level(2, .level)  // log.level
        case (0x6D61_6E6C_6576_656C, 0x65): .level(2, .level)  // levelname
        case (0x616E_7F6C_6576_656C, 0x656D): .level(2, .level)  // level_name
        case (0x7974_6972_6576_6573, 0x7478_6574): .level(2, .level)  // severityText
        case (0x7974_6972_6576_6573, 0x74_7865_747F): .level(2, .level)  // severity_text
        case (0x7974_6972_6576_6573, 0x7265_626D_756E): .level(7, .otel)  // severityNumber
        case (0x7974_6972_6576_6573, 0x72_6562_6D75_6E7F): .level(7, .otel)  // severity_number
        case (0x656D_7F74_726F_6873, 0x65_6761_7373): .message(2)  // short_message
        case (0x6C79_6170_7478_6574, 0x64616F): .message(4)  // textPayload
        default: .other
        }
    }
}
