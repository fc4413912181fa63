package import Atlas

/// How the lines of one kind of log are read: a value of the format catalogue, without state.
package protocol LogFormat: Sendable {
    /// Its name in azimuth.yaml, such as `postgresql`.
    var name: String { get }
    /// What it reads, in a sentence for `azimuth formats`.
    var summary: String { get }
    /// Names that `Field.Name.own` refers to.
    var fieldNames: [String] { get }
    /// Reads one line, given without its line end, and adds its fields in their order.
    ///
    /// Any bytes are allowed; never fails. Time, level and message are told by the result, and are
    /// no fields unless the line names them. The list is empty before.
    func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine
    /// The same for the next line of a stream, of which something is known.
    func parse(
        _ line: RawSpan,
        _ state: inout StreamState,
        into fields: inout FieldList
    ) -> ParsedLine
    /// Reads the lines of a run; every format has the one of the extension.
    func read(
        _ bytes: borrowing RawSpan,
        ends: borrowing Swift.Span<UInt32>,
        spacing: LineSpacing,
        arrival: Instant,
        _ state: inout StreamState,
        into readings: inout ReadingBuffer
    )
}

extension LogFormat {
    package var fieldNames: [String] { [] }

    @inline(__always)
    package func parse(
        _ line: RawSpan,
        _ state: inout StreamState,
        into fields: inout FieldList
    ) -> ParsedLine {
        parse(line, into: &fields)
    }

    /// Reads one line without its fields.
    package func parse(_ line: RawSpan) -> ParsedLine {
        var none = FieldList(isWanted: false)
        return parse(line, into: &none)
    }
}

/// What a format reads out of one line.
package struct ParsedLine: Hashable, Sendable {
    /// Whose time it is: as `Instant`, or civil time in a zone that the log does not make clear.
    package enum Time: Hashable, Sendable {
        case none
        case exact(Instant)
        /// Read as if it were UTC; the offset has to be found out.
        case zoneUnknown(Instant)
        /// The year is that of its arrival, or the one before: to be found out; that of the value
        /// is only one in which the day exists. `offset` is nil when the zone is unknown, too.
        case yearUnknown(Civil, offset: Span?)
    }

    package enum Shape: Hashable, Sendable {
        /// A line of its own.
        case record
        /// Goes on with the line before: has its time and level.
        case continuation
        /// Not the shape of this format; kept as it is.
        case unknown
    }

    package var shape: Shape
    package var time: Time
    /// Nil when the line states none.
    package var level: Level?
    /// Where the message begins.
    package var messageStart: Int
    /// How much later than its time it may have happened, where a log has coarse times: a second
    /// where it tells none smaller.
    package var step: Span
    /// Where the message ends, where something else stands behind it; nil for the line's end.
    package var messageEnd: Int?
    /// How the message is written (`FieldText`).
    package var messageKind = Field.Kind.text
    /// The rest of it is in the next line of the same lane.
    package var isPartial = false
    /// A bit for each of the outputs that share a log (1 standard output, 2 standard error); 0 where
    /// there is but one.
    package var lane: UInt8 = 0

    package init(
        shape: Shape,
        time: Time = .none,
        level: Level? = nil,
        messageStart: Int = 0,
        step: Span = .zero
    ) {
        self.shape = shape
        self.time = time
        self.level = level
        self.messageStart = messageStart
        self.step = step
    }
}

extension ParsedLine {
    /// The message as it stands in a line of so many bytes.
    package func message(upTo byteCount: Int) -> Range<Int> {
        let end = min(messageEnd ?? byteCount, byteCount)
        return min(messageStart, end)..<end
    }
}

/// All formats, by name; the one list that configuration, help and tests are made from.
package enum FormatCatalog {
    package static let all: [any LogFormat] =
        [PlainLog()] + systems + structured + configured + [SyslogLog(), AutoLog()]

    /// Those that one system writes.
    static let systems: [any LogFormat] = [
        PostgreSQLLog(),
        RedisLog(),
        MariaDBLog(),
        MySQLLog(),
        MySQLSlowLog(),
        KeepalivedLog(),
        HAProxyLog(),
        PacemakerLog(),
        CorosyncLog(),
        HeartbeatLog(),
        GlusterLog(),
        ClickHouseLog(),
        ZooKeeperLog(),
        AccessLog(),
        ApacheErrorLog(),
        NginxErrorLog(),
        KlogLog(),
        RubyLog(),
        Log4jLog(),
        PythonLog(),
        PatroniLog(),
    ]

    /// Those that many programs write and that can be told by their look; the narrower go first.
    static let structured: [any LogFormat] = [
        DockerLog(),
        JSONLog(),
        CRILog(),
        LogfmtLog(),
        LTSVLog(),
    ]

    /// Those that are not taken for what a line looks like.
    static let configured: [any LogFormat] = [
        ColumnLog.csv,
        ColumnLog.tsv,
        JournalExportLog(),
    ]

    /// The format of a name; the operator's own, those of a plan, go before the catalogue's.
    package static func format(named name: String, own: [RegexFormat] = []) -> (any LogFormat)? {
        own.first { $0.name == name } ?? all.first { $0.name == name }
    }
}
