import Atlas
import FoundationEssentials

/// One input as one line of a recording: a flat JSON object, described in Docs/recording.md.
///
/// Which keys are there tells what it is. Nothing is rounded: what is read back equals what was
/// written.
struct JournalLine: Codable {
    var at: Instant
    // Lines of a source.
    var source: UInt16?
    var stream: UInt32?
    var lines: [JournalText]?
    var position: ReadPosition?
    // Something that happened to a source.
    var event: SourceEvent.Kind?
    var count: Int?
    var files: [FileProgress]?
    var troubles: [String]?
    // A reply or a try: how long it took, in microseconds where that is exact.
    var us: Int64?
    var ns: Int64?
    /// When it began, only where the difference to the end does not fit.
    var started: Instant?
    /// When it ended, where that is not `at`.
    var ended: Instant?
    var failed: ProbeFailure.Kind?
    var detail: String?
    // A reply.
    var target: Int?
    /// The canary that asks, then the first and the last number.
    var writes: [Int64]?
    var reply: String?
    // A try.
    var canary: Int?
    var `try`: Int64?
    // A person's note.
    var mark: String?
    var tick: Bool?

    init(_ input: Input) {
        at = input.at
        switch input.event {
        case .lines(let batch):
            source = batch.source
            stream = batch.stream == 0 ? nil : batch.stream
            lines = (0..<batch.count).map { JournalText(batch.line($0)) }
            position = batch.position
        case .source(let happening):
            source = happening.source
            stream = happening.stream == 0 ? nil : happening.stream
            position = happening.position
            event = happening.kind
            detail = happening.detail.isEmpty ? nil : happening.detail
            count = happening.count == 0 ? nil : happening.count
            files = happening.files
            troubles = happening.troubles
        case .reply(let answer):
            target = answer.target
            if case .writes(let canary, let first, let last) = answer.question {
                writes = [Int64(canary), first, last]
            }
            take(from: answer.started, to: answer.ended)
            switch answer.outcome {
            case .answered(let text): reply = text
            case .failed(let failure): take(failure)
            }
        case .attempt(let attempt):
            canary = attempt.canary
            `try` = attempt.number
            target = attempt.target
            take(from: attempt.started, to: attempt.ended)
            if let failure = attempt.failure { take(failure) }
        case .mark(let text): mark = text
        case .tick: tick = true
        }
    }

    /// Nil when the keys do not make an input.
    var input: Input? {
        event(of: self).map { Input(at: at, event: $0) }
    }

    private mutating func take(from start: Instant, to end: Instant) {
        if end != at { ended = end }
        let (span, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        if overflow {
            started = start
        } else if span.isMultiple(of: 1_000) {
            us = span / 1_000
        } else {
            ns = span
        }
    }

    private mutating func take(_ failure: ProbeFailure) {
        failed = failure.kind
        detail = failure.detail.isEmpty ? nil : failure.detail
    }

    private var failure: ProbeFailure? {
        failed.map { ProbeFailure(kind: $0, detail: detail ?? "") }
    }

    private var times: (start: Instant, end: Instant)? {
        let end = ended ?? at
        if let started { return (started, end) }
        guard let nanoseconds = ns ?? us.map({ $0 &* 1_000 }) else { return nil }
        return (Instant(nanoseconds: end.nanoseconds &- nanoseconds), end)
    }

    private func event(of line: JournalLine) -> InputEvent? {
        if tick == true { return .tick }
        if let mark { return .mark(mark) }
        if let number = `try` { return attempt(number) }
        if reply != nil || failed != nil { return answer }
        guard let source else { return nil }
        if let event {
            return .source(
                SourceEvent(
                    source: source,
                    stream: stream ?? 0,
                    kind: event,
                    detail: detail ?? "",
                    count: count ?? 0,
                    position: position,
                    files: files,
                    troubles: troubles
                )
            )
        }
        return lines.map { .lines(batch(of: $0, source: source)) }
    }

    private func attempt(_ number: Int64) -> InputEvent? {
        guard let canary, let target, let times else { return nil }
        return .attempt(
            CanaryTry(
                canary: canary,
                number: number,
                started: times.start,
                ended: times.end,
                target: target,
                failure: failure
            )
        )
    }

    private var answer: InputEvent? {
        guard let times,
            let outcome: ProbeReply.Outcome = failure.map({ .failed($0) })
                ?? reply.map({ .answered($0) })
        else { return nil }
        var question = ProbeReply.Question.status
        if let writes {
            guard writes.count == 3, let canary = Int(exactly: writes[0]) else { return nil }
            question = .writes(canary: canary, first: writes[1], last: writes[2])
        }
        return .reply(
            ProbeReply(
                target: target,
                question: question,
                started: times.start,
                ended: times.end,
                outcome: outcome
            )
        )
    }

    private func batch(of lines: [JournalText], source: UInt16) -> LineBatch {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        ends.reserveCapacity(lines.count)
        for line in lines {
            line.append(to: &bytes)
            ends.append(UInt32(bytes.count))
        }
        return LineBatch(
            source: source,
            stream: stream ?? 0,
            bytes: bytes,
            ends: ends,
            position: position
        )
    }
}

/// Bytes of a log line: a JSON string where they are valid UTF-8, else `{"base64": "..."}`.
enum JournalText: Codable {
    case text(String)
    case bytes([UInt8])

    init(_ line: ArraySlice<UInt8>) {
        self = String(validating: line, as: UTF8.self).map { .text($0) } ?? .bytes(Array(line))
    }

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .bytes(let raw): bytes.append(contentsOf: raw)
        }
    }

    private enum CodingKeys: CodingKey {
        case base64
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.singleValueContainer(),
            let text = try? container.decode(String.self)
        {
            self = .text(text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self = .bytes(Array(try container.decode(Data.self, forKey: .base64)))
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .bytes(let raw):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(Data(raw), forKey: .base64)
        }
    }
}
