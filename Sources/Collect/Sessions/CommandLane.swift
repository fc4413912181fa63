import Atlas
import Glibc
import Probes

/// Runs a command for each question and takes what it writes, until it ends.
///
/// States: closed → (begin) reading → its output ends: waiting for its status → closed. Whatever
/// ends a question kills the whole process group, so nothing that the command started stays.
final class CommandLane: Lane {
    private let probe: any CommandProbe
    private let clock: LiveClock
    private var process: ClientProcess?
    private var output: [UInt8] = []
    /// Of the command that runs.
    private var expects = ""
    /// The moment of the reply comes back with it (`ErrandContext`).
    private let tellsTime: Bool
    private var exchange: Exchange?
    /// When to look again for its status; nil while its output is open.
    private var look: Monotonic?
    private var pause = Span.milliseconds(1)

    init(probe: any CommandProbe, clock: LiveClock, tellsTime: Bool = false) {
        self.tellsTime = tellsTime
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    var deadline: Monotonic? { [exchange?.deadline, look].compactMap(\.self).min() }
    private(set) var descriptor: Int32?
    var hasChild: Bool { process != nil }

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        exchange = Exchange(clock, timeout: timeout)
        output = []
        let command: SessionCommand
        do {
            command = try probe.session(for: address, timeout: timeout)
        } catch {
            let words = "\(error.what): \(error.remedy)"
            return finish(.failed(ProbeFailure(.noClient, words: words)))
        }
        expects = command.expects
        do {
            process = try ClientProcess.startCommand(
                command.arguments,
                environment: context.environment.entries(for: command)
            )
        } catch {
            return finish(.failed(ProbeFailure(.noClient, words: error.what)))
        }
        context.statistics.started += 1
        descriptor = process?.descriptor
        return nil
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard let chunk = process?.receive(into: &context.buffer) else { return nil }
        switch chunk {
        case .nothingYet: return nil
        case .bytes(let count):
            output += context.buffer[..<count]
            guard output.count > OneShotReply.limit else { return nil }
            close(&context.reaper, grace: .zero)
            let words = "more than \(OneShotReply.limit) bytes came"
            return finish(.failed(ProbeFailure(.tooLarge, words: words)))
        case .ended:
            descriptor = nil
            pause = .milliseconds(1)
            return lookForEnd(Monotonic.now(), &context.reaper)
        }
    }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        if let look, look <= now, let outcome = lookForEnd(now, &reaper) { return outcome }
        guard let exchange, exchange.deadline <= now else { return nil }
        close(&reaper, grace: .zero)
        return finish(.failed(exchange.timedOut))
    }

    func close(_ reaper: inout Reaper, grace: Span) {
        guard let pid = process?.pid else { return }
        process = nil
        descriptor = nil
        look = nil
        // It hears nothing of us, so there is no sign to give it.
        reaper.take(pid, grace: .zero, now: Monotonic.now())
    }

    /// A process closes its output a moment before it can be waited for.
    private func lookForEnd(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange, let pid = process?.pid else { return nil }
        switch ExitState(of: pid) {
        case .running:
            look = now + pause
            pause = min(pause * 2, .milliseconds(20))
            return nil
        case .ended(let ending):
            close(&reaper, grace: .zero)
            self.exchange = nil
            let expects = tellsTime ? exchange.context(of: expects) : expects
            return exchange.outcome(ending, output, expects: expects)
        case .unknown:
            close(&reaper, grace: .zero)
            return finish(.failed(ProbeFailure(.broken, words: "how it ended cannot be known")))
        }
    }

    private func finish(_ result: LaneOutcome.Result) -> LaneOutcome {
        defer { exchange = nil }
        return exchange?.outcome(result) ?? LaneOutcome(at: clock.now(), result)
    }
}

/// How a child is; it stays to be waited for.
private enum ExitState {
    case running
    case ended(OneShotReply.Ending)
    /// Somebody else has waited for it.
    case unknown

    init(of pid: pid_t) {
        var state = siginfo_t()
        guard waitid(P_PID, id_t(pid), &state, WEXITED | WNOHANG | WNOWAIT) == 0 else {
            self = errno == EINTR ? .running : .unknown
            return
        }
        guard state.si_signo == SIGCHLD else {
            self = .running
            return
        }
        let status = state._sifields._sigchld.si_status
        self = .ended(state.si_code == Int32(CLD_EXITED) ? .exit(status) : .signal(status))
    }
}
