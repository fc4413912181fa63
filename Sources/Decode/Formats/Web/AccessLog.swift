internal import Atlas

/// Access logs of web servers in the common and in the combined format.
///
///     10.0.0.9 - ann [23/Nov/2026:07:00:25 +0000] "GET /a?b HTTP/1.1" 200 8 "-" "curl/7.88.1" …
///     └ client │ └ user └ time, whole seconds      └ request           └ status └ referer └ agent
///              └ identity                                            bytes ┘     and more ┘
///
/// What may follow: the addresses that the request was forwarded for in quotes, as nginx' own
/// configuration has it, and how long it took: `0.012` or `rt=0.012` are seconds, digits alone
/// microseconds (`%D` of Apache). A server's name with its port may stand before the client
/// (`vhost_combined`). A level is that of the status: 5xx error, 4xx notice, for many clients ask
/// for what is not there.
///
/// Apache writes `\"` and `\\`, nginx `\x22` and `\x5C`; a field with either has the kind
/// `backslashed`. Sources: Apache 2.4, mod_log_config and ap_escape_logitem in server/util.c;
/// nginx, ngx_http_log_escape in src/http/modules/ngx_http_log_module.c.
package struct AccessLog: LogFormat {
    package let name = "access"
    package let summary =
        "access logs of Apache and nginx, common or combined, both with more fields"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let count = line.byteCount
        let client = line.next(0x20, from: 0)
        // ` - `, nearly always.
        let isAnonymous = line.isWord(0x20_2D20, 3, at: client)
        let identity = isAnonymous ? client &+ 2 : line.next(0x20, from: client &+ 1)
        guard client > 0, identity &+ 2 < count,
            let (time, open, close) = Self.time(line, from: identity &+ 1, &fields.times)
        else { return ParsedLine(shape: .unknown) }
        let head = Head(client: 0..<client, identity: (client &+ 1)..<identity, open: open)
        // `] "` and behind the request `" `.
        guard line.isWord(0x2220, 2, at: close &+ 1) else { return ParsedLine(shape: .unknown) }
        let request = close &+ 3
        guard let requestEnd = Self.quoteEnd(line, from: request),
            line.has(" ", at: requestEnd &+ 1)
        else {
            // Torn or too long: what it says is kept.
            head.add(line, hasEscapes: true, to: &fields)
            return Self.record(time, status: 0, request)
        }
        let status = requestEnd &+ 2
        let written = Self.code(line.word(at: status))
        let statusEnd = written == nil ? line.next(0x20, from: status) : status &+ 3
        let code = written ?? 0
        guard fields.isWanted else { return Self.record(time, status: code, request) }
        // Most lines have none: then no field needs to be searched for one.
        let hasEscapes = line.far(0x5C, from: 0) < count
        head.add(line, hasEscapes: hasEscapes, to: &fields)
        AccessRequest.add(line, request..<requestEnd, hasEscapes: hasEscapes, to: &fields)
        let statusKind = written == nil ? Self.kind(line, status..<statusEnd) : .number
        fields.add(.status, status..<statusEnd, statusKind)
        guard statusEnd < count else { return Self.record(time, status: code, request) }
        let bytes = statusEnd &+ 1
        var bytesEnd = line.endOfDigits(from: bytes)
        if bytesEnd > bytes, bytesEnd == count || line.byte(bytesEnd) == 0x20 {
            fields.add(.bytes, bytes..<bytesEnd, .number)
        } else {
            bytesEnd = line.next(0x20, from: bytes)
            fields.add(.bytes, bytes..<bytesEnd, Self.kind(line, bytes..<bytesEnd))
        }
        Self.addRest(line, from: bytesEnd, hasEscapes: hasEscapes, to: &fields)
        return Self.record(time, status: code, request)
    }

    /// Three digits with a blank behind them, in the lowest bytes of a word; nil for anything else.
    @inline(__always)
    private static func code(_ word: UInt64) -> Int? {
        let digits = word & 0xFF_FFFF ^ 0x30_3030
        guard word >> 24 & 0xFF == 0x20, (digits &+ 0x76_7676) & 0x80_8080 == 0,
            digits & 0x80_8080 == 0
        else { return nil }
        return Int(digits & 0xFF) &* 100 &+ Int(digits >> 8 & 0xFF) &* 10 &+ Int(digits >> 16)
    }

    /// The message begins at the quote before the request.
    @inline(__always)
    private static func record(_ time: Instant, status: Int, _ request: Int) -> ParsedLine {
        let level: Level = status >= 500 ? .error : status >= 400 ? .notice : .info
        return ParsedLine(
            shape: .record,
            time: .exact(time),
            level: level,
            messageStart: request &- 1,
            step: .seconds(1)
        )
    }

    /// The first time in brackets; a user's name may hold blanks and brackets, too.
    @inline(__always)
    private static func time(
        _ line: borrowing RawSpan,
        from start: Int,
        _ times: inout TimeReader
    ) -> (Instant, open: Int, close: Int)? {
        // `- [`, nearly always.
        if line.isWord(0x5B_202D, 3, at: start) {
            let close = start &+ 3 &+ TimeReader.accessLength
            if let instant = times.accessInstant(line, at: start &+ 3), line.has("]", at: close) {
                return (instant, start &+ 2, close)
            }
        }
        return anyTime(line, from: start, &times)
    }

    private static func anyTime(
        _ line: borrowing RawSpan,
        from start: Int,
        _ times: inout TimeReader
    ) -> (Instant, open: Int, close: Int)? {
        var from = start
        while true {
            let open = line.next(0x5B, from: from)
            guard open &+ 22 <= line.byteCount else { return nil }
            if line.byte(open &- 1) == 0x20 {
                let close = open &+ 1 &+ TimeReader.accessLength
                if let instant = times.accessInstant(line, at: open &+ 1), line.has("]", at: close)
                {
                    return (instant, open, close)
                }
                if let (time, close) = odd(line, at: open) { return (time, open, close) }
            }
            from = open &+ 1
        }
    }

    /// With parts of a second, `[23/Nov/2026:07:00:25.123 +0000]`, or as ISO 8601 has it; and where
    /// its last bracket is.
    private static func odd(_ line: borrowing RawSpan, at open: Int) -> (Instant, close: Int)? {
        let start = open &+ 1
        guard line.byte(start &+ 2) == 0x2F else {
            guard let stamp = line.stamp(at: start), line.has("]", at: stamp.next),
                let offset = stamp.offset
            else { return nil }
            return (stamp.asUTC - offset, stamp.next)
        }
        guard line.has("/", at: start &+ 6), let month = line.month(at: start &+ 3),
            start &+ 20 <= line.byteCount,
            let asUTC = line.instant(
                year: line.twoDigits(start &+ 7) &* 100 &+ line.twoDigits(start &+ 9),
                month: month,
                day: line.twoDigits(start),
                clock: start &+ 12
            )
        else { return nil }
        let (nanosecond, next) = line.fraction(at: start &+ 20)
        guard let (offset, close) = line.zone(at: next), line.has("]", at: close) else {
            return nil
        }
        return (asUTC + Span(nanoseconds: Int64(nanosecond)) - offset, close)
    }

    /// What stands before the time.
    private struct Head {
        var client: Range<Int>
        var identity: Range<Int>
        /// The bracket before the time.
        var open: Int

        @inline(__always)
        func add(_ line: borrowing RawSpan, hasEscapes: Bool, to fields: inout FieldList) {
            if AccessLog.isDash(line, user), AccessLog.isDash(line, identity) {
                fields.add(.client, client)
                fields.add(.identity, identity, .null)
                fields.add(.user, user, .null)
            } else {
                addNamed(line, hasEscapes: hasEscapes, to: &fields)
            }
        }

        private var user: Range<Int> {
            let start = identity.upperBound &+ 1
            return start..<max(start, open &- 1)
        }

        private func addNamed(
            _ line: borrowing RawSpan,
            hasEscapes: Bool,
            to fields: inout FieldList
        ) {
            var (client, identity) = (client, identity)
            var user = user
            if user.count > 2, let server = server(line, user) {
                fields.add(.server, client.lowerBound..<server)
                fields.add(.port, (server &+ 1)..<client.upperBound, .number)
                client = identity
                let blank = line.next(0x20, from: user.lowerBound)
                identity = user.lowerBound..<blank
                user = (blank &+ 1)..<user.upperBound
            }
            fields.add(.client, client)
            fields.add(.identity, identity, AccessLog.isDash(line, identity) ? .null : .text)
            AccessLog.addText(.user, line, user, hasEscapes: hasEscapes, to: &fields)
        }

        /// The colon before its port, where the first word is the server that was asked.
        private func server(_ line: borrowing RawSpan, _ user: Range<Int>) -> Int? {
            guard let colon = line.lastIndex(of: 0x3A, in: client),
                line.isNumber((colon &+ 1)..<client.upperBound),
                let blank = line.index(of: 0x20, in: user), blank &+ 1 < user.upperBound,
                line.index(of: 0x2E, in: identity) != nil
                    || line.index(of: 0x3A, in: identity) != nil
            else { return nil }
            return colon
        }
    }

    /// Referer, agent, addresses and duration, from behind the number of bytes.
    private static func addRest(
        _ line: borrowing RawSpan,
        from start: Int,
        hasEscapes: Bool,
        to fields: inout FieldList
    ) {
        var index = start
        var quoted = 0
        while index < line.byteCount {
            guard line.byte(index) != 0x20 else {
                index &+= 1
                continue
            }
            if line.byte(index) == 0x22 {
                let isNone = line.isWord(0x22_2D22, 3, at: index)
                guard let close = isNone ? index &+ 2 : quoteEnd(line, from: index &+ 1) else {
                    return
                }
                let value = (index &+ 1)..<close
                index = close &+ 1
                switch quoted {
                case 0: addText(.referer, line, value, hasEscapes: hasEscapes, to: &fields)
                case 1: addText(.agent, line, value, hasEscapes: hasEscapes, to: &fields)
                case 2: addText(.forwardedFor, line, value, hasEscapes: hasEscapes, to: &fields)
                default: break
                }
                quoted &+= 1
                continue
            }
            let end = line.next(0x20, from: index)
            addBare(line, index..<end, to: &fields)
            index = end
        }
    }

    /// `0.012`, `12345`, or a name with its value.
    private static func addBare(
        _ line: borrowing RawSpan,
        _ word: Range<Int>,
        to fields: inout FieldList
    ) {
        if let equals = line.index(of: 0x3D, in: word), equals > word.lowerBound {
            let value = (equals &+ 1)..<word.upperBound
            let name = word.lowerBound..<equals
            if line.isWord(name, "rt") || line.isWord(name, "request_time") {
                return fields.add(.duration, value, kind(line, value))
            }
            return fields.add(named: name, value, kind(line, value))
        }
        if kind(line, word) == .number { fields.add(.duration, word, .number) }
    }

    @inline(__always)
    fileprivate static func addText(
        _ name: KnownField,
        _ line: borrowing RawSpan,
        _ value: Range<Int>,
        hasEscapes: Bool,
        to fields: inout FieldList
    ) {
        if isDash(line, value) { return fields.add(name, value, .null) }
        let isEscaped = hasEscapes && line.index(of: 0x5C, in: value) != nil
        fields.add(name, value, isEscaped ? .backslashed : .text)
    }

    /// The quote that closes a text: the next one, unless a backslash is before it.
    @inline(__always)
    private static func quoteEnd(_ line: borrowing RawSpan, from start: Int) -> Int? {
        let quote = line.far(0x22, from: start)
        guard quote < line.byteCount else { return nil }
        return line.byte(quote &- 1) == 0x5C ? line.closingQuote(from: start)?.end : quote
    }

    @inline(__always)
    fileprivate static func isDash(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        range.upperBound &- range.lowerBound == 1 && line.byte(range.lowerBound) == 0x2D
    }

    /// A number such as `12` or `0.012`; `-` is null.
    fileprivate static func kind(_ line: borrowing RawSpan, _ range: Range<Int>) -> Field.Kind {
        if isDash(line, range) { return .null }
        let whole = line.endOfDigits(from: range.lowerBound)
        guard whole > range.lowerBound else { return .text }
        if whole >= range.upperBound { return .number }
        guard line.byte(whole) == 0x2E else { return .text }
        return line.isNumber((whole &+ 1)..<range.upperBound) ? .number : .text
    }
}

/// What stands between the quotes of a request.
enum AccessRequest {
    /// `GET /a HTTP/1.1` as method, path and protocol, the last only where it is there.
    ///
    /// What is no request of HTTP, such as the first bytes of TLS, is a `request` as a whole.
    /// `hasEscapes` is false where the line is known to hold no backslash.
    static func add(
        _ line: borrowing RawSpan,
        _ range: Range<Int>,
        hasEscapes: Bool = true,
        to fields: inout FieldList
    ) {
        let methodEnd = line.end(of: 0x20, in: range)
        guard methodEnd > range.lowerBound, methodEnd &+ 1 < range.upperBound,
            isMethod(line, range.lowerBound..<methodEnd)
        else {
            return AccessLog.addText(.request, line, range, hasEscapes: hasEscapes, to: &fields)
        }
        fields.add(.method, range.lowerBound..<methodEnd)
        var path = (methodEnd &+ 1)..<range.upperBound
        var version: Range<Int>?
        // `HTTP/1.1` at its end, usually.
        let start = path.upperBound &- 9
        // ` HTTP/`
        if start >= path.lowerBound, line.isWord(0x2F50_5454_4820, 6, at: start) {
            version = (start &+ 1)..<path.upperBound
        } else if let blank = line.lastIndex(of: 0x20, in: path),
            line.hasPrefix("HTTP/", at: blank &+ 1)
        {
            version = (blank &+ 1)..<path.upperBound
        }
        if let version { path = path.lowerBound..<max(path.lowerBound, version.lowerBound &- 1) }
        AccessLog.addText(.path, line, path, hasEscapes: hasEscapes, to: &fields)
        if let version { fields.add(.protocol, version) }
    }

    /// Letters, mostly in upper case, and what extensions have between them (RFC 9110 section 9.1).
    @inline(__always)
    private static func isMethod(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        // `GET `, nearly always.
        line.isWord(0x2054_4547, 4, at: range.lowerBound) || isOtherMethod(line, range)
    }

    private static func isOtherMethod(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        guard range.count <= 32 else { return false }
        for index in range {
            let byte = line.byte(index)
            guard (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F else {
                return false
            }
        }
        return true
    }
}
