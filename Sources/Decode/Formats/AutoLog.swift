internal import Atlas

/// Lines of any of the formats, each read as what it looks like: standard input, say, of which
/// nothing can be seen before it is read.
///
/// Once many lines of a stream in a row had one format, that one is asked first, and before it only
/// the narrower ones that write in the same way.
package struct AutoLog: LogFormat {
    package let name = "auto"
    package let summary = "any of these, each line as what it looks like"

    /// What many programs write comes after what one system does.
    private static let formats: [any LogFormat] =
        FormatCatalog.systems + FormatCatalog.structured + [SyslogLog()]

    /// By the index of a usual format: those before it that take lines which it would take, too.
    private static let rivals: [[Int]] = formats.indices.map { usual in
        let names = narrower(than: formats[usual].name)
        return formats.indices.filter { $0 < usual && names.contains(formats[$0].name) }
    }

    private static func narrower(than name: String) -> [String] {
        let names = narrower[name] ?? []
        return names + names.flatMap(narrower(than:))
    }

    private static let narrower: [String: [String]] = [
        "syslog": [
            "keepalived", "haproxy", "pacemaker", "corosync", "heartbeat", "mysql", "log4j",
        ],
        "log4j": ["mariadb", "mysql", "zookeeper"],
        "python": ["mariadb", "mysql", "log4j"],
        "patroni": ["mariadb", "mysql", "log4j", "python"],
        "mariadb": ["postgresql"],
    ]

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        fields.beginLine()
        defer { fields.endLine() }
        return look(line, Self.formats.indices, into: &fields)?.parsed ?? other(line, into: &fields)
    }

    package func parse(
        _ line: RawSpan,
        _ state: inout StreamState,
        into fields: inout FieldList
    ) -> ParsedLine {
        fields.beginLine()
        defer { fields.endLine() }
        if let usual = state.habit.usual {
            if let found = look(line, Self.rivals[usual], into: &fields) {
                state.habit.note(found.format, narrower: Self.rivals)
                return found.parsed
            }
            if let parsed = read(line, usual, into: &fields) { return parsed }
        }
        guard let found = look(line, Self.formats.indices, into: &fields) else {
            return other(line, into: &fields)
        }
        state.habit.note(found.format, narrower: Self.rivals)
        return found.parsed
    }

    /// The first of some formats that takes the line.
    private func look(
        _ line: RawSpan,
        _ formats: some Sequence<Int>,
        into fields: inout FieldList
    ) -> (parsed: ParsedLine, format: Int)? {
        for format in formats {
            if let parsed = read(line, format, into: &fields) { return (parsed, format) }
        }
        return nil
    }

    private func read(_ line: RawSpan, _ format: Int, into fields: inout FieldList) -> ParsedLine? {
        // One that gave up may have added some.
        fields.removeAll()
        let parsed = Self.formats[format].parse(line, into: &fields)
        return parsed.shape == .record && parsed.time != .none ? parsed : nil
    }

    /// A line that none takes.
    private func other(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        fields.removeAll()
        // Its look is enough.
        if line.has("{", at: 0) {
            let parsed = JSONLog().parse(line, into: &fields)
            if parsed.shape == .record { return parsed }
            fields.removeAll()
        }
        return ParsedLine(shape: line.has("\t", at: 0) ? .continuation : .record)
    }
}
