package import Atlas
package import Probes
import Synchronization

/// Asks all targets and runs all canaries: one thread, one poll loop, one client process for each.
///
/// What comes of it goes into the mailbox as inputs, in the order in which it ended. A target that
/// hangs, floods or dies delays no other. Nothing of it survives `stop`.
package final class ProbeRunner: Sendable {
    private let questions: Mailbox<ProbeReply.Question>
    private let published = Mutex(ProbeStatistics())
    private let thread = Mutex<WorkerThread?>(nil)

    /// Starts at once.
    ///
    /// Throws `CollectError.unknownProbe` and `.noCanary` for names that `probes` does not know.
    package init(
        targets: [ProbeTarget],
        canaries: [Canary] = [],
        into mailbox: Mailbox<Input>,
        probes: [any Probe] = ProbeCatalog.all
    ) throws(CollectError) {
        questions = try Mailbox(capacity: 1_024)
        let plan = try ProbeLoop.Plan(targets: targets, canaries: canaries, probes: probes)
        let worker = try WorkerThread(name: "probes") { [self] in
            var loop = ProbeLoop(plan, questions: questions, mailbox: mailbox)
            loop.run { statistics in published.withLock { $0 = statistics } }
        }
        thread.withLock { $0 = worker }
    }

    package var statistics: ProbeStatistics { published.withLock(\.self) }

    /// Asks which of a canary's writes are there.
    ///
    /// The answer comes as an input, a failure included. False when a thousand questions wait
    /// already, or it was stopped.
    package func ask(_ question: ProbeReply.Question) -> Bool {
        questions.offer(question)
    }

    /// Ends all clients, waits for them, and for the thread.
    ///
    /// Inputs that nobody took are dropped.
    package func stop() {
        questions.close()
        thread.withLock { $0?.join() }
    }

    /// Asks one target once, for a person who waits: at most its timeout and a second long.
    package static func askOnce(
        _ target: ProbeTarget,
        probe: any Probe
    ) throws(CollectError) -> ProbeReply {
        let mailbox = try Mailbox<Input>(capacity: 16)
        var once = target
        once.every = .seconds(86_400)
        let runner = try ProbeRunner(targets: [once], into: mailbox, probes: [probe])
        defer { runner.stop() }
        while true {
            _ = mailbox.waitUntil(nil)
            for case .reply(let reply) in mailbox.take().map(\.event) { return reply }
        }
    }
}
