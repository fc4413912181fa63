internal import Atlas
internal import Wire

extension FuzzTarget {
    static let wire = [
        FuzzTarget("forward") { bytes in
            let events = ForwardReading(bytes)
            for line in events.lines { isEvent(line) }
        },
        FuzzTarget("forward-json", forwardJSON),
        FuzzTarget("forward-ping") { bytes in
            var skipper = MessagePackSkipper()
            guard case .whole(let end) = skipper.advance(bytes.bytes, limit: 1 << 20) else {
                return
            }
            guard let ping = ForwardPing(bytes.bytes, skipper) else { return }
            let words = [ping.client, ping.salt, ping.digest, ping.user, ping.password]
            hold(words.reduce(0) { $0 + $1.count } <= end - 11, "its words are in the message")
        },
        FuzzTarget("syslog-stream") { bytes in
            // With a NUL the end of a block decides: nobody waits for what may never come.
            let isAnyCut = !bytes.contains(0)
            for limit in [24, 65_536] {
                let (whole, cuts, used) = syslog(bytes, limit, inPieces: false)
                let (pieces, pieceCuts, _) = syslog(bytes, limit, inPieces: true)
                hold(used <= bytes.count, "no byte is there twice")
                guard isAnyCut else { continue }
                hold(whole == pieces, "messages do not depend on the blocks")
                hold(cuts == pieceCuts, "nor does what is cut")
            }
        },
        FuzzTarget("syslog-datagram") { bytes in
            for limit in [24, 65_536] {
                var batch = LineBatch(source: 0, bytes: [], ends: [])
                let outcome = SyslogMessage.add(datagram: bytes, limit: limit, to: &batch)
                hold(batch.bytes.count <= min(limit, bytes.count), "a message is within the limit")
                hold(batch.count == (outcome == .kept || outcome == .cut ? 1 : 0), "one, or none")
            }
        },
        FuzzTarget("http-json") { bytes in
            guard let lines = try? EventLines.json(Array(bytes)) else { return }
            for line in split(lines.bytes, lines.ends) { isEvent(line) }
        },
        FuzzTarget("http-text") { bytes in
            guard let lines = try? EventLines.text(Array(bytes)) else { return }
            for line in split(lines.bytes, lines.ends) {
                hold(!line.isEmpty && !line.contains(10), "a line is one line")
            }
        },
        FuzzTarget("otlp") { bytes in
            guard let logs = try? OTLPLogs(Array(bytes)) else { return }
            for line in split(logs.lines.bytes, logs.lines.ends) { isEvent(line) }
        },
    ]

    /// A line of JSON that we wrote is what a reader of JSON takes, as one event on one line.
    private static func isEvent(_ line: [UInt8]) {
        hold(!line.contains(10) && !line.contains(13), "an event is one line")
        do throws(BodyMistake) {
            let events = try EventLines.json(line)
            hold(events.count == 1, "a line is one event")
            hold(events.bytes == line, "an event stays as it is")
        } catch {
            hold(error.words.contains("nested deeper"), "what is written is JSON")
        }
    }

    private static func split(_ bytes: [UInt8], _ ends: [UInt32]) -> [[UInt8]] {
        var start = 0
        return ends.map { end in
            defer { start = Int(end) }
            hold(start <= Int(end) && Int(end) <= bytes.count, "ends rise")
            return Array(bytes[start..<Int(end)])
        }
    }

    // MARK: syslog

    private static func syslog(
        _ bytes: UnsafeRawBufferPointer,
        _ limit: Int,
        inPieces: Bool
    ) -> (messages: [[UInt8]], cuts: Int, used: Int) {
        var framer = SyslogFramer(limit: limit)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        var cuts = 0
        func take(_ piece: UnsafeRawBufferPointer) {
            _ = framer.take(piece, into: &batch)
            cuts += framer.takeCuts()
            hold(framer.heldBytes <= limit + 300, "what is held is bounded")
        }
        if inPieces { bytes.cut(take) } else { _ = framer.take(bytes, into: &batch) }
        framer.finish(into: &batch)
        cuts += framer.takeCuts()
        return (split(batch.bytes, batch.ends), cuts, batch.bytes.count)
    }

    // MARK: Forward

    private static func forwardJSON(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first, first == 0x7B || first == 0x5B else { return }
        var skipper = JSONSkipper()
        let whole = skipper.advance(bytes.bytes, limit: 16_384)
        var slow = JSONSkipper()
        var progress = MessagePackSkipper.Progress.unfinished
        var count = 0
        while progress == .unfinished, count < bytes.count {
            count += min(bytes.count - count, 1 + count / 8)
            let part = Array(bytes[..<count])
            progress = slow.advance(part.span.bytes, limit: 16_384)
        }
        hold(progress == whole, "the end does not depend on the blocks")
        hold(slow.parts == skipper.parts, "nor do the parts")
        guard case .whole(let end) = whole,
            let message = JSONEvents.read(bytes.bytes, from: 0, skipper, end: end)
        else { return }
        _ = split(message.bytes, message.ends)
    }
}

/// The messages of one connection, as `ForwardConnection` goes through them.
struct ForwardReading {
    private static let head = Array(#"{"@tag":"a tag""#.utf8)

    private(set) var lines: [[UInt8]] = []
    private var writer = EventWriter()

    init(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        // Memory of its own, where address sanitizer sees the end: for many it would take long.
        for _ in 0..<16 where !rest.isEmpty {
            let message = Array(rest)
            guard let end = read(message.span.bytes) else { return }
            hold(end > 0 && end <= rest.count, "a message has an end")
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
    }

    private mutating func read(_ bytes: RawSpan) -> Int? {
        var skipper = MessagePackSkipper()
        let progress = skipper.advance(bytes, limit: 1 << 20)
        var slow = MessagePackSkipper()
        var seen = MessagePackSkipper.Progress.unfinished
        var count = 0
        while seen == .unfinished, count < bytes.byteCount {
            count += min(bytes.byteCount - count, 1 + count / 8)
            seen = slow.advance(bytes.extracting(first: count), limit: 1 << 20)
        }
        hold(seen == progress, "the end does not depend on the blocks")
        hold(slow.parts == skipper.parts, "nor do the parts")
        guard case .whole(let end) = progress else { return nil }
        guard let message = ForwardMessage(bytes, skipper, end: end) else { return end }
        for range in [message.tag, message.chunk].compactMap({ $0 }) {
            hold(range.upperBound <= end, "a text is in its message")
        }
        hold(message.size >= 1, "a message says of at least one event")
        switch message.events {
        case .bare(let range): write(bytes.extracting(range), isBare: true)
        case .sequence(let range): write(bytes.extracting(range), isBare: false)
        case .gzip(let range), .zstd(let range):
            hold(range.upperBound <= end, "packed events are in their message")
        }
        return end
    }

    private mutating func write(_ events: RawSpan, isBare: Bool) {
        var line = JSONSink()
        var offset = 0
        while offset < events.byteCount {
            let before = offset
            let outcome = writer.append(
                events,
                at: &offset,
                isBare: isBare,
                head: Self.head,
                to: &line
            )
            switch outcome {
            case .written: lines.append(line.take())
            case .invalid: hold(line.count == 0, "nothing is written of what is no event")
            case .torn:
                hold(line.count == 0, "nothing is written of what is no event")
                return
            }
            hold(offset > before && offset <= events.byteCount, "an event has an end")
            if isBare { return }
        }
    }
}
