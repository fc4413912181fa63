import Atlas
import Glibc
import Probes

/// One conversation with a client that stays: at most one process, and at most one open question to it.
///
/// States: closed → (begin) asking → answered: open → (begin) asking …; a failure or the end of
/// the process leads back to closed. For the thread of its loop only.
final class ClientLane: Lane {
    private let probe: any Probe
    private let clock: LiveClock
    private var process: ClientProcess?
    private var framer = ReplyFramer()
    private var exchange: Exchange?
    /// The process answered before.
    private var hasAnswered = false

    init(probe: any Probe, clock: LiveClock) {
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    /// When the open question fails; nil when there is none.
    var deadline: Monotonic? { exchange?.deadline }
    private(set) var descriptor: Int32?
    var hasChild: Bool { descriptor != nil }

    /// Asks, and starts the client first where none runs.
    ///
    /// No question may be open. An outcome means that it failed at once.
    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        exchange = Exchange(clock, timeout: timeout)
        if descriptor == nil, let failure = open(address, timeout, &context) {
            return finish(.failed(failure))
        }
        framer.expect(request)
        process?.send(request.text)
        return nil
    }

    private func open(
        _ address: String,
        _ timeout: Span,
        _ context: inout ProbeContext
    ) -> ProbeFailure? {
        hasAnswered = false
        let command: SessionCommand
        do {
            command = try probe.session(for: address, timeout: timeout)
        } catch {
            return ProbeFailure(.noClient, words: "\(error.what): \(error.remedy)")
        }
        do {
            let secret = try command.secretFile.map(SecretFile.line)
            process = try ClientProcess.startSession(
                command.arguments,
                environment: context.environment.entries(for: command)
            )
            context.statistics.started += 1
            descriptor = process?.descriptor
            if let secret { process?.send(secret) }
            return nil
        } catch {
            return ProbeFailure(.noClient, words: error.what)
        }
    }

    /// What a readable descriptor means.
    ///
    /// An outcome without an open question says that the client broke while idle. Reads at most once, so that a client that never stops delays nobody else.
    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard let chunk = process?.receive(into: &context.buffer) else { return nil }
        switch chunk {
        case .nothingYet: return nil
        case .bytes(let count):
            if let reply = framer.take(context.buffer[..<count]) {
                hasAnswered = true
                return finish(.answered(reply))
            }
            if framer.isHopeless {
                let failure = probe.classify(output: framer.text, wasConnected: hasAnswered)
                close(&context.reaper, grace: .milliseconds(100))
                return finish(.failed(failure))
            }
            guard framer.isTooLarge else { return nil }
            close(&context.reaper, grace: .zero)
            return finish(
                .failed(ProbeFailure(.tooLarge, words: "more than \(ReplyFramer.limit) bytes came"))
            )
        case .ended:
            let failure = probe.classify(output: framer.text, wasConnected: hasAnswered)
            close(&context.reaper, grace: .milliseconds(100))
            return finish(.failed(failure))
        }
    }

    /// The outcome of a question whose time is over; its client is killed.
    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange, exchange.deadline <= now else { return nil }
        close(&reaper, grace: .zero)
        return finish(.failed(exchange.timedOut))
    }

    /// Ends the client: its standard input ends, and after the grace its process group is killed.
    func close(_ reaper: inout Reaper, grace: Span) {
        guard let pid = process?.pid else { return }
        process = nil
        descriptor = nil
        reaper.take(pid, grace: grace, now: Monotonic.now())
    }

    private func finish(_ result: LaneOutcome.Result) -> LaneOutcome {
        defer { exchange = nil }
        return exchange?.outcome(result) ?? LaneOutcome(at: clock.now(), result)
    }
}
