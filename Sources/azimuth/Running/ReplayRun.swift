import Atlas
import Collect
import Configure
import History
import Pipeline
import Screens
import Synchronization

/// A recording played into a fold of its own, held and begun anew as the screen asks.
final class ReplayRun: DashboardFeed {
    let box: PictureBox
    let kind: Feed
    let length: Span?
    private let log: MemoryLog
    private let steering: Steering
    private let thread: WorkerThread

    /// Starts to play at once, from the beginning.
    ///
    /// `end` is where to stop; nil plays all. `wake` is called after each new picture.
    init(
        _ recording: Recording,
        speed: ReplaySpeed,
        until end: Instant?,
        wake: @escaping @Sendable () -> Void
    ) throws {
        var first = Pipeline(plan: recording.plan).picture()
        first.at = recording.file.made
        let box = PictureBox(first, wake: wake)
        let log = MemoryLog(recording.plan)
        let steering = try Steering(speed: speed)
        let player = Player(
            recording: recording,
            end: end ?? Instant(nanoseconds: .max),
            box: box,
            log: log,
            steering: steering
        )
        self.box = box
        self.log = log
        self.steering = steering
        kind = .replay(speed: speed.factor)
        length = recording.file.ended.map { $0 - recording.file.made }
        thread = try WorkerThread(name: "azimuth-replay") {
            while let leg = steering.nextLeg() {
                player.play(from: leg.start, clock: leg.clock)
            }
        }
    }

    func picture(at instant: Instant) -> Picture? {
        box.read().log.picture(at: instant)
    }

    func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer {
        log.lines.answer(question, wish)
    }

    var metrics: any MetricHistory { log.metrics }

    func pause() { steering.pause() }

    func resume(from instant: Instant?) {
        if let instant {
            steering.begin(at: instant)
        } else {
            steering.clock.isPaused = false
        }
    }

    func setSpeed(_ speed: Double) { steering.clock.speed = ReplaySpeed(factor: speed) }

    func mark(_ text: String) -> Notice {
        Notice("a recording takes no marks: it stays as it was", isError: true)
    }

    func finish() {
        steering.stop()
        thread.join()
    }
}

/// What the screen wants of the player: where to begin, and the clock of the present leg.
private final class Steering: Sendable {
    private struct State {
        var clock: ReplayClock
        var isFresh = true
    }

    private let state: Mutex<State>
    private let starts: Mailbox<Instant>

    init(speed: ReplaySpeed) throws {
        state = Mutex(State(clock: try ReplayClock(speed: speed)))
        starts = try Mailbox(capacity: 16)
        _ = starts.offer(.distantPast)
    }

    var clock: ReplayClock { state.withLock(\.clock) }

    /// Holds the clock; when this returns, nothing more is shown until it goes on.
    func pause() {
        state.withLock { $0.clock.isPaused = true }
    }

    /// Shows a picture, unless the clock was held meanwhile.
    func show(_ picture: Picture, in box: PictureBox) {
        state.withLock { state in
            if !state.clock.isPaused { box.put(picture) }
        }
    }

    /// Ends the present leg; the next one begins at a moment of the recording.
    func begin(at start: Instant) {
        _ = starts.offer(start)
        clock.stop()
    }

    func stop() {
        starts.close()
        clock.stop()
    }

    /// Waits for the next start; nil when stopped.
    func nextLeg() -> (start: Instant, clock: ReplayClock)? {
        while starts.waitUntil(nil), !starts.isClosed {
            guard let start = starts.take().last else { continue }
            let clock = state.withLock { state in
                defer { state.isFresh = false }
                if !state.isFresh, let next = try? ReplayClock(speed: state.clock.speed) {
                    state.clock = next
                }
                return state.clock
            }
            return (start, clock)
        }
        return nil
    }
}

/// Plays legs of a recording.
private struct Player: Sendable {
    let recording: Recording
    let end: Instant
    let box: PictureBox
    let log: MemoryLog
    let steering: Steering

    /// Folds from the first input; shows what comes at and after `start`, with the clock's pace.
    func play(from start: Instant, clock: ReplayClock) {
        box.change { $0.isOver = false }
        var pipeline = Pipeline(plan: recording.plan)
        log.removeAll()
        var complaint: String?
        do throws(CollectError) {
            var reader = try recording.inputs()
            var isShowing = false
            reading: while true {
                let inputs = try reader.next(256)
                if inputs.isEmpty { break }
                for input in inputs {
                    if input.at > end { break reading }
                    if input.at >= start, !clock.wait(until: input.at) { return }
                    log.take(pipeline.step(input))
                    guard input.at >= start else { continue }
                    // Without waiting, more than one picture a second of the recording is waste.
                    if !isShowing || input.event == .tick || clock.speed != .max {
                        steering.show(pipeline.picture(), in: box)
                        isShowing = true
                    }
                }
            }
            complaint = reader.report.complaint
        } catch {
            complaint = error.what
        }
        log.take(pipeline.finish())
        let last = pipeline.picture()
        box.put(last)
        box.change { content in
            content.isOver = true
            content.notice = complaint
        }
    }
}
