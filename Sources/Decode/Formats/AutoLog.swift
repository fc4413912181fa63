internal import Atlas

/// Lines of any of the formats, each read as what it looks like: standard input, say, of which
/// nothing can be seen before it is read.
package struct AutoLog: LogFormat {
    package let name = "auto"
    package let summary = "any of these, each line as what it looks like"

    /// What many programs write comes after what one system does.
    private static let formats: [any LogFormat] =
        FormatCatalog.systems + FormatCatalog.structured + [SyslogLog()]

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        for format in Self.formats {
            // One that gave up may have added some.
            fields.removeAll()
            let parsed = format.parse(line, into: &fields)
            if parsed.shape == .record, parsed.time != .none { return parsed }
        }
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
