internal import Atlas

/// HAProxy's log as a syslog daemon keeps it, and what it writes to standard error.
///
///     Nov 23 07:03:30 lb-1 haproxy[3055]: Server be/web1 is DOWN. 1 active and 0 backup servers …
///     └ head (SyslogHead)                 └ message
///     … 127.0.0.1:40366 [23/Nov/2026:07:03:24.780] fe be/web1 0/0/0/-1/2001 504 198 - - sH-- …
///       └ client         └ accepted                └ proxies  └ times, the last one all told (ms)
///     [WARNING]  (3055) : Server be/web1 is DOWN. 1 active and 0 backup servers left. …
///
/// A request is logged when it is over: when it came plus what it took gives the milliseconds that
/// the head lacks. The level is that of what is told, since a file does not keep syslog's.
///
/// Sources: HAProxy 2.6 configuration manual, 8.2 "Log formats" and 8.4 "Timing events"; the other
/// texts in src/server.c, src/check.c and src/proxy.c.
package struct HAProxyLog: LogFormat {
    package let name = "haproxy"
    package let summary = "HAProxy's log out of a syslog file, and its standard error"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead.read(line, &fields) else {
            return standardError(line, into: &fields)
        }
        let start = head.messageStart
        guard let request = Request(line, at: start) else {
            let level = Self.level(ofText: line, from: start)
            // `log-tag` may give it another name; what says nothing of it is another program's.
            let isOwn = level != nil || line.hasPrefix("haproxy", at: head.tag.lowerBound)
            if isOwn, fields.isWanted {
                add(head, to: &fields)
                Self.addServer(line, from: start, to: &fields)
            }
            return ParsedLine(
                shape: isOwn ? .record : .unknown,
                time: head.time,
                level: level,
                messageStart: start,
                step: head.step
            )
        }
        if fields.isWanted {
            add(head, to: &fields)
            request.add(line, to: &fields)
        }
        return ParsedLine(
            shape: .record,
            time: Self.refined(head.time, by: request),
            level: request.level,
            messageStart: start
        )
    }

    private func add(_ head: SyslogHead, to fields: inout FieldList) {
        if !head.host.isEmpty { fields.add(.host, head.host) }
        if !head.tag.isEmpty { fields.add(.program, head.tag) }
        if !head.pid.isEmpty { fields.add(.pid, head.pid) }
    }

    /// The one that a text is about: `Server be/web1 is DOWN`.
    private static func addServer(_ line: RawSpan, from start: Int, to fields: inout FieldList) {
        guard let found = line.find("erver ", from: start) else { return }
        let word = found + 6
        let end = line.next(0x20, from: word)
        let slash = line.next(0x2F, from: word, to: end)
        guard word < slash, slash + 1 < end else { return }
        fields.add(.backend, word..<slash)
        fields.add(.server, slash + 1..<end)
    }

    /// `[WARNING]  (3055) : text`; without a time.
    private func standardError(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let isAlert = line.hasPrefix("[ALERT]", at: 0)
        let isWarning = line.hasPrefix("[WARNING]", at: 0)
        guard isAlert || isWarning || line.hasPrefix("[NOTICE]", at: 0),
            let colon = line.find(" : ", from: 8)
        else { return ParsedLine(shape: .unknown) }
        let open = line.next(0x28, from: 8, to: colon)
        let pid = min(open + 1, colon)..<line.next(0x29, from: open, to: colon)
        if fields.isWanted {
            if line.isNumber(pid) { fields.add(.pid, pid, .number) }
            Self.addServer(line, from: colon + 3, to: &fields)
        }
        let stated = isAlert ? Level.error : isWarning ? .warn : .notice
        return ParsedLine(
            shape: .record,
            level: Self.level(ofText: line, from: colon + 3) ?? stated,
            messageStart: colon + 3
        )
    }

    /// Nil for a text of another kind.
    private static func level(ofText line: RawSpan, from start: Int) -> Level? {
        if line.hasPrefix("Health check for ", at: start) {
            return line.find(" failed,", from: start) == nil ? .info : .warn
        }
        // All of these have it, and few other texts.
        guard line.find("erver ", from: start) != nil else { return nil }
        if line.find(" has no server available", from: start) != nil { return .fatal }
        if line.find(" is DOWN", from: start) != nil { return .error }
        if line.find(" is going DOWN", from: start) != nil { return .warn }
        return line.find(" is UP", from: start) == nil ? nil : .notice
    }

    /// The head's second with the request's milliseconds, where both mean the same second.
    private static func refined(_ time: ParsedLine.Time, by request: Request) -> ParsedLine.Time {
        switch time {
        case .exact(let instant):
            return .exact(Instant(request.refined(instant.civil())) ?? instant)
        case .yearUnknown(let civil, let offset):
            return .yearUnknown(request.refined(civil), offset: offset)
        case .none, .zoneUnknown:
            return time
        }
    }
}

/// A line about a request or a connection that is over: `option httplog` or `option tcplog`.
private struct Request {
    /// When it was over: second of the minute, and millisecond of that.
    let endSecond: Int
    let endMillisecond: Int
    let level: Level
    /// Where its words begin: client, frontend, backend, times, and what follows these.
    private let client: Int
    private let frontend: Int
    private let backend: Int
    private let times: Int
    private let rest: Int
    private let isHTTP: Bool

    init?(_ line: borrowing RawSpan, at start: Int) {
        // CLIENT [23/Nov/2026:07:00:25.240] FRONTEND BACKEND/SERVER TIMES …
        let accepted = Self.wordEnd(line, from: start) + 1
        guard line.has("[", at: accepted), line.month(at: accepted + 4) != nil,
            line.has(":", at: accepted + 18),
            let second = line.number(at: accepted + 19, digits: 2),
            line.has(".", at: accepted + 21),
            let millisecond = line.number(at: accepted + 22, digits: 3),
            line.has("]", at: accepted + 25), line.has(" ", at: accepted + 26)
        else { return nil }
        client = start
        frontend = accepted + 27
        backend = Self.wordEnd(line, from: frontend) + 1
        times = Self.wordEnd(line, from: backend) + 1
        rest = Self.wordEnd(line, from: times) + 1
        guard rest < line.byteCount, let times = Times(line, times..<(rest - 1)) else { return nil }
        isHTTP = times.count == 5
        let milliseconds = millisecond + times.total
        endSecond = (second + milliseconds / 1_000) % 60
        endMillisecond = milliseconds % 1_000
        switch times.count {
        case 5: level = Self.level(ofStatus: line.number(at: rest, digits: 3))
        case 3:
            let state = Self.wordEnd(line, from: rest) + 1
            level = state < line.byteCount ? Self.level(ofState: line.byte(state)) : .info
        default: return nil
        }
    }

    /// What the request was and how it went, in the order of the line.
    func add(_ line: RawSpan, to fields: inout FieldList) {
        fields.add(.client, client..<(frontend - 28))
        fields.add(.frontend, frontend..<(backend - 1))
        let slash = line.next(0x2F, from: backend, to: times - 1)
        fields.add(.backend, backend..<slash)
        if slash + 1 < times { fields.add(.server, slash + 1..<(times - 1)) }
        addTimes(line, to: &fields)
        // Status, bytes, two cookies and the state for HTTP; bytes and the state otherwise.
        var index = rest
        for part in isHTTP ? 0..<5 : 1..<5 where isHTTP || part == 1 || part == 4 {
            let end = Self.wordEnd(line, from: index)
            guard end > index else { return }
            switch part {
            case 0: fields.add(.status, index..<end, .number)
            case 1: fields.add(.bytes, index..<end, .number)
            case 4: fields.add(.state, index..<end)
            default: break
            }
            guard end < line.byteCount else { return }
            index = end + 1
        }
        guard isHTTP, line.has("\"", at: line.byteCount - 1) else { return }
        let quote = line.next(0x22, from: index)
        guard quote + 1 < line.byteCount else { return }
        AccessRequest.add(line, quote + 1..<line.byteCount - 1, to: &fields)
    }

    /// `TR/Tw/Tc/Tr/Ta` of HTTP, `Tw/Tc/Tt` of TCP; milliseconds.
    private func addTimes(_ line: RawSpan, to fields: inout FieldList) {
        var names: [5 of KnownField] = [
            .requestTime, .queueTime, .connectTime, .responseTime, .duration,
        ]
        if !isHTTP { names = [.queueTime, .connectTime, .duration, .duration, .duration] }
        var index = times
        for number in 0..<(isHTTP ? 5 : 3) {
            let end = line.next(0x2F, from: index, to: rest - 1)
            guard index < end else { return }
            // `+` says that it was logged before its end.
            fields.add(names[number], index..<end, line.byte(index) == 0x2B ? .text : .number)
            index = end + 1
        }
    }

    func refined(_ civil: Civil) -> Civil {
        guard civil.nanosecond == 0, civil.second == endSecond else { return civil }
        var civil = civil
        civil.nanosecond = endMillisecond * 1_000_000
        return civil
    }

    /// Of an HTTP status; nil (written as -1) when the client went away before there was one.
    private static func level(ofStatus status: Int?) -> Level {
        guard let status else { return .notice }
        return (500...599).contains(status) ? .error : .info
    }

    /// Of the first letter of a termination state (8.5): who ended the connection, where that was
    /// none of its two ends by agreement.
    private static func level(ofState byte: UInt8) -> Level {
        switch byte {
        case 0x53, 0x73, 0x50, 0x52, 0x49, 0x44: .warn  // S s P R I D
        default: .info
        }
    }

    private static func wordEnd(_ line: borrowing RawSpan, from start: Int) -> Int {
        max(start, line.next(0x20, from: start))
    }

    /// `0/0/0/-1/2001`, or `…/+2001` where a request is logged before its end (option logasap).
    private struct Times {
        private(set) var count = 1
        /// The last one, in milliseconds, 0 to 2^31.
        private(set) var total = 0

        init?(_ line: borrowing RawSpan, _ range: Range<Int>) {
            for index in range {
                switch line.byte(index) {
                case 0x2F:
                    count += 1
                    total = 0
                case 0x2B, 0x2D: continue
                case let digit where digit &- 48 < 10:
                    total = total * 10 + Int(digit &- 48)
                    guard total <= 1 << 31 else { return nil }
                default: return nil
                }
            }
        }
    }
}
