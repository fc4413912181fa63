import Atlas
import Glibc
import Probes

/// Looks into files, on a thread of its own: a file system over the network can hang.
///
/// A look that hangs is waited for by the questions after it, so that there is one at a time.
final class FileLookLane: Lane {
    private let probe: any ErrandProbe
    private let clock: LiveClock
    private var exchange: Exchange?
    private var asked = ""
    private var look: (question: FileQuestion, by: FileLook)?

    init(probe: any ErrandProbe, clock: LiveClock) {
        self.probe = probe
        self.clock = clock
    }

    var isAsking: Bool { exchange != nil }
    var deadline: Monotonic? { exchange?.deadline }
    var descriptor: Int32? { isAsking ? look?.by.descriptor : nil }

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        let exchange = Exchange(clock, timeout: timeout)
        do {
            guard case .files(let question) = try probe.errand(for: address, timeout: timeout)
            else { return nil }
            if look?.question != question { look = (question, try FileLook(question)) }
        } catch let error as any Explained {
            let failure = ProbeFailure(.noClient, words: "\(error.what): \(error.remedy)")
            return exchange.outcome(.failed(failure))
        } catch {
            return exchange.outcome(.failed(ProbeFailure(.noClient, words: "\(error)")))
        }
        self.exchange = exchange
        asked = address
        return nil
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? {
        guard let exchange, let result = look?.by.result else { return nil }
        look = nil
        self.exchange = nil
        switch result {
        case .success(let findings):
            return exchange.outcome(
                .found,
                Array(findings.text.utf8),
                expects: exchange.context(of: asked)
            )
        case .failure(let error):
            return exchange.outcome(.failed(error.failure))
        }
    }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        guard let exchange, exchange.deadline <= now else { return nil }
        self.exchange = nil
        return exchange.outcome(.failed(exchange.timedOut))
    }

    func close(_ reaper: inout Reaper, grace: Span) { exchange = nil }
}
