internal import Atlas

/// Any text: the whole line is the message, its arrival is its time.
package struct PlainLog: LogFormat {
    package let name = "plain"
    package let summary = "any text; the time is the time of arrival"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        ParsedLine(shape: .record)
    }
}
