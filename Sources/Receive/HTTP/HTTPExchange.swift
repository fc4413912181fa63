import Atlas
import HTTPTypes
import HummingbirdCore
import NIOCore
import Unpack
import Wire

/// The requests of one connection, one after the other: read, kept, answered.
///
/// An answer of 200 means that the history has the events. Any other means that it has none of
/// them, but for 503 after a wait, of which nobody knows.
struct HTTPExchange: Sendable {
    /// How often room for events is looked for before the sender is asked to come again.
    private static let tries = 100
    private static let pause = TimeAmount.milliseconds(20)
    /// How long the history may take.
    private static let keeping = TimeAmount.seconds(30)
    /// What DEFLATE makes of a byte at most (zlib's Technical Details).
    private static let growth = 1_032

    let loop: any EventLoop
    let link: NIOLoopBound<Link>
    let pace: NIOLoopBound<HTTPPace>
    let tokens: BearerTokens?
    let bodyLimit: Int

    func answer(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        var answer: HTTPAnswer
        do throws(BodyMistake) {
            let kind = try HTTPRequestKind(request.head, tokens: tokens, bodyLimit: bodyLimit)
            try await admit(kind)
            if kind.waits {
                try await said { try await writer.writeInformationalHead(.init(status: .continue)) }
            }
            answer = try await take(kind, request.body)
        } catch {
            answer = .refused(error)
            if let reason = HTTPAnswer.reason(of: error.status) { count(reason) }
        }
        let (link, pace) = (link, pace)
        loop.execute {
            _ = link.value.hold(0)
            pace.value.answered()
        }
        try await writer.write(
            response: answer.head,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    // MARK: taking

    /// Asks for room for the body: what it may become is counted before it is read.
    private func admit(_ kind: HTTPRequestKind) async throws(BodyMistake) {
        let packed = kind.length ?? bodyLimit
        let unpacked =
            switch kind.packing {
            case nil: 0
            case .gzip: min(bodyLimit, packed.multipliedReportingOverflow(by: Self.growth).0)
            default: bodyLimit
            }
        // The body, and its events as lines.
        let cost = packed + unpacked + max(packed, unpacked)
        let link = link
        let answer = try? await loop.submit { () -> BodyMistake? in
            switch link.value.room(for: cost) {
            case .ending: return BodyMistake("the receiver ends; try again", status: 503)
            case .full: return BodyMistake("too many requests at a time; try again", status: 429)
            case .free: return link.value.hold(cost) ? nil : BodyMistake("too many", status: 429)
            }
        }.get()
        if let mistake = answer ?? nil { throw mistake }
    }

    private func take(
        _ kind: HTTPRequestKind,
        _ parts: RequestBody
    ) async throws(BodyMistake) -> HTTPAnswer {
        let body = try await collect(parts, packed: kind.packing, length: kind.length)
        var form = kind.body
        if form == .either {
            let first = body.first { ![0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains($0) }
            form = first == 0x7B || first == 0x5B ? .json : .text
        }
        switch form {
        case .export:
            let logs = try OTLPLogs(body)
            try await keep(logs.lines)
            if logs.rejected > 0 { drop(logs.rejected, "log records that are none") }
            return .exported(rejected: logs.rejected, reason: logs.reason)
        case .json, .text, .either:
            guard !body.isEmpty else { throw BodyMistake("the body is empty") }
            let lines = try form == .json ? EventLines.json(body) : EventLines.text(body)
            try await keep(lines)
            return .kept(lines.count)
        }
    }

    /// The body, unpacked.
    private func collect(
        _ parts: RequestBody,
        packed form: PackedForm?,
        length: Int?
    ) async throws(BodyMistake) -> [UInt8] {
        var whole = ByteBuffer()
        var isOver = false
        try await said {
            for try await part in parts {
                guard whole.readableBytes + part.readableBytes <= bodyLimit else {
                    isOver = true
                    return
                }
                whole.writeImmutableBuffer(part)
            }
        }
        if isOver { throw HTTPRequestKind.tooLarge(bodyLimit) }
        if let length, whole.readableBytes < length {
            throw BodyMistake("the body ends after \(whole.readableBytes) of \(length) bytes")
        }
        guard let form else { return Array(whole.readableBytesView) }
        switch PackedBody.unpack(whole, form, limit: bodyLimit, whole: bodyLimit) {
        case .unpacked(let body): return Array(body.readableBytesView)
        case .refused(.damaged): throw BodyMistake("the body is no \(form.name), or is damaged")
        case .refused(.noMemory):
            throw BodyMistake("there is no memory to unpack the body; try again", status: 503)
        case .refused(.bomb), .refused(.tooLarge), .large:
            throw HTTPRequestKind.tooLarge(bodyLimit)
        }
    }

    /// What the connection throws ends the request.
    private func said(_ body: () async throws -> Void) async throws(BodyMistake) {
        do {
            try await body()
        } catch {
            throw BodyMistake("the connection ended inside the request")
        }
    }

    // MARK: keeping

    private enum Outcome {
        case kept
        case full
        case late
        /// The request did not come whole.
        case torn
    }

    /// Returns once the history has the lines.
    private func keep(_ lines: EventLines) async throws(BodyMistake) {
        guard lines.count > 0 else { return }
        let promise = loop.makePromise(of: Outcome.self)
        let give = Giving(exchange: self, lines: lines, promise: promise)
        loop.execute { give.attempt(triesLeft: Self.tries) }
        let outcome = (try? await promise.futureResult.get()) ?? .late
        switch outcome {
        case .kept: return
        case .full: throw BodyMistake("there is no room for more now; try again", status: 503)
        case .late:
            throw BodyMistake("the history did not keep the events in time; try again", status: 503)
        case .torn: throw BodyMistake("the connection ended inside the request")
        }
    }

    private struct Giving: Sendable {
        let exchange: HTTPExchange
        let lines: EventLines
        let promise: EventLoopPromise<Outcome>

        func attempt(triesLeft: Int) {
            guard exchange.pace.value.whole > 0 else { return promise.succeed(.torn) }
            let (promise, loop) = (promise, exchange.loop)
            let isTaken = exchange.link.value.handAtOnce(
                lines.bytes,
                lines.ends,
                told: { promise.succeed(.kept) },
                abandoned: { promise.succeed(.late) }
            )
            if isTaken {
                let late = loop.scheduleTask(in: keeping) { promise.succeed(.late) }
                promise.futureResult.whenComplete { _ in late.cancel() }
            } else if triesLeft > 1 {
                _ = loop.scheduleTask(in: pause) { attempt(triesLeft: triesLeft - 1) }
            } else {
                promise.succeed(.full)
            }
        }
    }

    /// A request that was refused; one that was cut off by us is counted with why it was.
    private func count(_ reason: String) {
        let link = link
        loop.execute {
            if !link.value.isEnding { link.value.drop(1, reason) }
        }
    }

    private func drop(_ count: Int, _ reason: String) {
        let link = link
        loop.execute { link.value.drop(count, reason) }
    }
}
