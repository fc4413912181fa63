import Atlas
import Collect
import History
import Screens
import Terminal

/// A run of this process that leaves nothing behind: its newest lines are in memory only.
struct MemoryFeed: DashboardFeed {
    let run: LiveRun
    let memory: MemoryLog
    let kind = Feed.live

    var box: PictureBox { run.box }
    var metrics: any MetricHistory { memory.metrics }

    func picture(at instant: Instant) -> Picture? { run.box.read().log.picture(at: instant) }

    func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer {
        memory.lines.answer(question, wish)
    }

    func mark(_ text: String) -> Notice {
        run.mark(text) ? Notice("noted") : Notice("too much is waiting: try again", isError: true)
    }
}

extension DashboardSession {
    /// Watches a plan on the screen, without a history.
    ///
    /// `backlog` is how many lines before its end each file begins with.
    static func watch(
        _ plan: WatchPlan,
        redaction: RedactionPlan = RedactionPlan(),
        backlog: Int,
        follows: Bool = true,
        wake: WakeSignal,
        look: Look,
        options: LookOptions
    ) throws {
        var plan = plan
        let zone = Setup.localTime(at: LiveClock().now()).offset
        for index in plan.sources.indices { plan.sources[index].zone = zone }
        let memory = MemoryLog(plan)
        let run = try LiveRun(
            LiveRun.Parts(
                plan: plan,
                redaction: redaction,
                memory: memory,
                backlog: backlog,
                follows: follows,
                wake: wake.signal
            )
        )
        do {
            try Self.run(
                MemoryFeed(run: run, memory: memory),
                wake: wake,
                look: look,
                options: options
            )
        } catch {
            _ = run.finish()
            throw error
        }
        _ = run.finish()
    }
}
