import Atlas
import Glibc
import Probes

/// Connects for each question, speaks, listens until the answer is whole, and hangs up.
///
/// States: closed → (begin) looking up → connecting, to one address after the other → listening
/// → closed. A numeric address skips the first. Over TLS, its channel stands between.
final class ConnectionLane: Lane {
    private let probe: any ConnectionProbe
    private let clock: LiveClock
    private var exchange: Exchange?
    private var dialogue = Dialogue(host: "", port: 0)
    /// Under way, by name; one outlives a question that was over before it, so that no name is
    /// looked up twice at a time.
    private var lookups: [String: AddressLookup] = [:]
    /// Not tried so far, the next one last.
    private var addresses: [SocketAddress] = []
    private var lastError = ""
    private var socket: Descriptor?
    private var connected: Span?
    private var input: [UInt8] = []
    private let trust = TLSTrust()
    private var tls: TLSChannel?

    init(probe: any ConnectionProbe, clock: LiveClock) {
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    var deadline: Monotonic? { exchange?.deadline }
    private(set) var descriptor: Int32?
    private(set) var events = POLLIN

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        exchange = Exchange(clock, timeout: timeout)
        input = []
        connected = nil
        do {
            dialogue = try probe.dialogue(for: address)
        } catch {
            return fail(.noClient, "\(error.what): \(error.remedy)")
        }
        if let path = dialogue.path {
            addresses = SocketAddress.local(path).map { [$0] } ?? []
            lastError = "the path is too long for a socket"
            return connectNext()
        }
        addresses = SocketAddress.numeric(dialogue.host, port: dialogue.port).map { [$0] } ?? []
        guard addresses.isEmpty else { return connectNext() }
        if lookups[dialogue.host] == nil {
            do {
                lookups[dialogue.host] = try AddressLookup(dialogue.host)
            } catch {
                return fail(.noClient, error.what)
            }
        }
        events = POLLIN
        descriptor = lookups[dialogue.host]?.descriptor
        return nil
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard isAsking else { return nil }
        if socket == nil { return takeAddresses() }
        if connected == nil { return takeConnection() }
        return listen(&context.buffer)
    }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange, exchange.deadline <= now else { return nil }
        return fail(exchange.timedOut.kind, exchange.timedOut.detail)
    }

    func close(_ reaper: inout Reaper, grace: Span) { hangUp() }

    private func takeAddresses() -> LaneOutcome? {
        guard let found = lookups[dialogue.host]?.result else { return nil }
        lookups[dialogue.host] = nil
        switch found {
        case .success(let found):
            addresses = found.reversed().map { $0.with(port: dialogue.port) }
            return connectNext()
        case .failure(let error):
            return fail(.unreachable, "\(dialogue.host): \(error.reason)")
        }
    }

    /// Nil while a connection is under way.
    private func connectNext() -> LaneOutcome? {
        while let address = addresses.popLast() {
            hangUp()
            let number = address.openSocket()
            guard number >= 0 else {
                lastError = words(of: errno)
                continue
            }
            socket = Descriptor(number)
            if address.connect(number) { return speak() }
            if errno == EINPROGRESS {
                descriptor = number
                events = POLLOUT
                return nil
            }
            let error = errno
            lastError = words(of: error)
            if error == EACCES, dialogue.path != nil { return fail(.denied, lastError) }
        }
        return fail(.unreachable, lastError)
    }

    private func takeConnection() -> LaneOutcome? {
        let error = pendingError(of: descriptor ?? -1)
        guard error == 0 else {
            lastError = words(of: error)
            return connectNext()
        }
        return speak()
    }

    private func speak() -> LaneOutcome? {
        guard let number = socket?.number else { return nil }
        connected = exchange?.took
        descriptor = number
        events = POLLIN
        if let wishes = dialogue.tls { return shakeHands(wishes) }
        transmit(Array(dialogue.text.utf8))
        return probe.isComplete([], expects: dialogue.expects) ? answer() : nil
    }

    private func shakeHands(_ wishes: TLSWishes) -> LaneOutcome? {
        do {
            let channel = try TLSChannel(
                wishes,
                question: dialogue.text,
                context: trust.context(for: wishes),
                clock: clock
            )
            tls = channel
            transmit(channel.start().toSend)
            return nil
        } catch {
            return fail(.noClient, error.what)
        }
    }

    /// What the other side does not take is not retried: the missing answer will tell.
    private func transmit(_ bytes: [UInt8]) {
        guard let number = socket?.number, !bytes.isEmpty else { return }
        _ = bytes.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func listen(_ buffer: inout [UInt8]) -> LaneOutcome? {
        let number = descriptor ?? -1
        let count = buffer.withUnsafeMutableBytes { recv(number, $0.baseAddress, $0.count, 0) }
        if count > 0 {
            let step = tls?.receive(buffer[..<count])
            transmit(step?.toSend ?? [])
            input += step?.plain ?? Array(buffer[..<count])
            let isOver =
                input.count >= OneShotReply.limit
                || probe.isComplete(input, expects: dialogue.expects)
            if isOver { return answer() }
            switch step?.end {
            case nil: return nil
            case .distrusted: return answer()
            case .closed: return end(Self.silence)
            case .failed(let words): return fail(.broken, words)
            }
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        return end(count < 0 ? words(of: errno) : Self.silence)
    }

    private static let silence = "the connection was closed without an answer"

    /// The other side has said all.
    private func end(_ words: String) -> LaneOutcome? {
        if let tls, tls.report == nil { return fail(.broken, "no TLS: \(words)") }
        return input.isEmpty ? fail(.broken, words) : answer()
    }

    private func answer() -> LaneOutcome? {
        let ending = OneShotReply.Ending.hungUp(connected: connected ?? .zero)
        guard let tls, let report = tls.report else {
            return finish(exchange?.outcome(ending, input, expects: dialogue.expects))
        }
        transmit(tls.close())
        let bytes = Array((report.text + "\n").utf8) + input
        return finish(exchange?.outcome(ending, bytes, expects: dialogue.expects))
    }

    private func fail(_ kind: ProbeFailure.Kind, _ words: String) -> LaneOutcome? {
        // Nothing is known then of what was asked about.
        let kind = dialogue.isHearsay && kind != .denied ? .noClient : kind
        return finish(exchange?.outcome(.failed(ProbeFailure(kind, words: words))))
    }

    private func finish(_ outcome: LaneOutcome?) -> LaneOutcome? {
        hangUp()
        exchange = nil
        return outcome
    }

    private func hangUp() {
        socket = nil
        tls = nil
        descriptor = nil
    }
}
