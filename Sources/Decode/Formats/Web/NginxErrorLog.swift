internal import Atlas

/// nginx' error log.
///
///     2026/11/23 07:00:25 [error] 2990#2990: *7 connect() failed …, client: 10.0.0.9, server: a, …
///     └ local time        └ level └ process  └ connection         └ what it was about
///                                 and thread
///
/// Sources: nginx, ngx_log_error_core in src/core/ngx_log.c; ngx_http_log_error_handler in
/// src/http/ngx_http_request.c.
package struct NginxErrorLog: LogFormat {
    package let name = "nginx-error"
    package let summary = "nginx' error log"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.hasPrefix(" [", at: 19), let stamp = line.stamp(at: 0, between: 0x2F),
            stamp.next == 19
        else {
            return ParsedLine(shape: line.has("\t", at: 0) ? .continuation : .unknown)
        }
        let close = line.next(0x5D, from: 21)
        guard close < line.byteCount, let level = line.level(named: 21..<close),
            line.has(" ", at: close + 1)
        else { return ParsedLine(shape: .unknown) }
        let pid = close + 2
        let pidEnd = line.endOfDigits(from: pid)
        let threadEnd = line.endOfDigits(from: pidEnd + 1)
        guard pidEnd > pid, line.has("#", at: pidEnd), threadEnd > pidEnd + 1,
            line.hasPrefix(": ", at: threadEnd)
        else {
            return ParsedLine(shape: .unknown)
        }
        let message = threadEnd + 2
        if fields.isWanted {
            fields.add(.pid, pid..<pidEnd, .number)
            fields.add(.thread, pidEnd + 1..<threadEnd, .number)
            addContext(line, from: message, to: &fields)
        }
        return ParsedLine(
            shape: .record,
            time: .zoneUnknown(stamp.asUTC),
            level: level,
            messageStart: message,
            step: .seconds(1)
        )
    }

    /// The number of the connection, and from `, client: ` on names with their values.
    private func addContext(_ line: RawSpan, from start: Int, to fields: inout FieldList) {
        if line.has("*", at: start) {
            let end = line.endOfDigits(from: start + 1)
            if end > start + 1 { fields.add(.sessionID, start + 1..<end, .number) }
        }
        guard let context = line.find(", client: ", from: start) else { return }
        var index = context + 2
        while index < line.byteCount {
            let colon = line.next(0x3A, from: index)
            guard colon > index, line.has(" ", at: colon + 1) else { return }
            let value = colon + 2
            let isQuoted = line.has("\"", at: value)
            let end: Int
            if isQuoted {
                guard let close = line.closingQuote(from: value + 1)?.end else { return }
                add(line, index..<colon, value + 1..<close, to: &fields)
                end = close + 1
            } else {
                end = line.find(", ", from: value) ?? line.byteCount
                add(line, index..<colon, min(value, end)..<end, to: &fields)
            }
            guard line.hasPrefix(", ", at: end) else { return }
            index = end + 2
        }
    }

    private func add(
        _ line: RawSpan,
        _ name: Range<Int>,
        _ value: Range<Int>,
        to fields: inout FieldList
    ) {
        if line.isWord(name, "client") { return fields.add(.client, value) }
        if line.isWord(name, "server") { return fields.add(.server, value) }
        if line.isWord(name, "upstream") { return fields.add(.backend, value) }
        if line.isWord(name, "referrer") { return fields.add(.referer, value) }
        if line.isWord(name, "request") {
            return AccessRequest.add(line, value, to: &fields)
        }
        fields.add(named: name, value)
    }
}
