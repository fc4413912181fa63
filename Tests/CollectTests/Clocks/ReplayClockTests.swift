import Atlas
import Collect
import Testing

@Suite("The clock of a replay")
struct ReplayClockTests {
    private let start = Instant(seconds: 1_795_000_000)

    private func measure(_ body: () throws -> Void) rethrows -> Span {
        let before = Monotonic.now()
        try body()
        return Monotonic.now() - before
    }

    @Test("plays the first input at once, and the others at their distance over the speed")
    func paces() throws {
        let clock = try ReplayClock(speed: .times(8))
        #expect(clock.position == nil)
        let took = measure {
            for tenths in 0...8 {
                #expect(clock.wait(until: start + .milliseconds(Int64(tenths) * 100)))
            }
        }
        #expect(took >= .milliseconds(100))
        #expect(took < .seconds(5))
        let position = try #require(clock.position)
        #expect(position >= start + .milliseconds(800))
    }

    @Test("waits for nothing at full speed, nor for what lies behind")
    func runsFree() throws {
        let clock = try ReplayClock(speed: .max)
        for day in 0..<10_000 {
            #expect(clock.wait(until: start + .seconds(86_400 * Int64(day))))
        }
        #expect(clock.position == start + .seconds(86_400 * 9_999))
        clock.speed = .times(1)
        #expect(clock.wait(until: start))
    }

    @Test("is stopped, set free and stepped from another thread while it waits")
    func isSteered() throws {
        let clock = try ReplayClock(speed: .times(1))
        let ready = try Mailbox<Bool>(capacity: 4)
        let start = start
        let player = try WorkerThread(name: "player") {
            _ = clock.wait(until: start)
            _ = ready.offer(true)
            _ = ready.offer(clock.wait(until: start + .seconds(3_600)))
            _ = ready.offer(clock.wait(until: start + .seconds(7_200)))
        }
        let deadline = Monotonic.now() + .seconds(30)
        #expect(ready.waitUntil(deadline) && ready.take() == [true])
        clock.speed = .max
        #expect(ready.waitUntil(deadline))
        player.join()
        #expect(ready.take() == [true, true])

        let paused = try ReplayClock(speed: .max)
        paused.isPaused = true
        let waiter = try WorkerThread(name: "waiter") { _ = ready.offer(paused.wait(until: start)) }
        #expect(!ready.waitUntil(Monotonic.now() + .milliseconds(20)))
        paused.stop()
        waiter.join()
        #expect(ready.take() == [false])
    }

    @Test("does not move while it is paused, and jumps nowhere afterwards")
    func pauses() throws {
        let clock = try ReplayClock(speed: .times(1_000))
        #expect(clock.wait(until: start))
        clock.isPaused = true
        let position = try #require(clock.position)
        try awaitMoment()
        #expect(clock.position == position)
        clock.isPaused = false
        let later = try #require(clock.position)
        #expect(later >= position)
        #expect(later < position + .seconds(1_000))
    }

    @Test("reads the wall clock to the microsecond")
    func readsWallClock() {
        let clock = LiveClock()
        let (first, second) = (clock.now(), clock.now())
        #expect(first > Instant(seconds: 1_700_000_000))
        #expect(second >= first - .seconds(1))
        #expect(first.nanoseconds.isMultiple(of: 1_000))
    }
}
