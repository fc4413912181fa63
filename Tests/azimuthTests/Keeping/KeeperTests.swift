import Atlas
import Collect
import Foundation
import History
import Synchronization
import Testing

@testable import azimuth

@Suite("What keeps when the disk is full", .timeLimit(.minutes(1)))
struct KeeperTests {
    /// A sink that takes nothing while it has an error to throw.
    private final class Disk: HistorySink {
        private struct State {
            var error: HistoryError?
            /// A batch with this line can never be kept.
            var poison: UInt64 = 0
            var kept: [HistoryBatch] = []
            var runs = 0
        }

        private let state = Mutex(State())

        func fail(_ error: HistoryError?) { state.withLock { $0.error = error } }
        func poison(_ line: UInt64) { state.withLock { $0.poison = line } }

        var kept: [HistoryBatch] { state.withLock(\.kept) }
        var lines: [UInt64] {
            kept.flatMap(\.chunks).flatMap { chunk in
                (0..<chunk.count).map { chunk.firstLine + UInt64($0) }
            }
        }

        var nextLine: UInt64 { (lines.last ?? 0) + 1 }
        var nextObservation: Int64 { 1 }
        func positions() -> [ReadPosition] { [] }
        var runs: Int { state.withLock(\.runs) }

        func begin(
            _ plan: WatchPlan,
            picture: Picture,
            at instant: Instant
        ) throws(HistoryError) {
            let error = state.withLock { state in
                if state.error == nil { state.runs += 1 }
                return state.error
            }
            if let error { throw error }
        }

        func append(_ batch: HistoryBatch) throws(HistoryError) {
            let error = state.withLock { state -> HistoryError? in
                let isPoisoned = batch.chunks.contains { $0.firstLine == state.poison }
                let error = isPoisoned ? .misused(detail: "poison") : state.error
                // The picture is small: it finds room.
                let isPicture = batch.chunks.isEmpty && batch.observations.isEmpty
                if isPicture, state.runs == 0 { return .misused(detail: "no run began") }
                if error == nil || isPicture { state.kept.append(batch) }
                return isPicture ? nil : error
            }
            if let error { throw error }
        }
    }

    private final class Ears: Sendable {
        struct Heard {
            var troubles: [KeepingTrouble?] = []
            var holds: [Bool] = []
            var kept: [UInt64] = []
            var losses = 0
            var dropped: [Int: Int] = [:]
            var hears = true
            var said: [String] = []
        }

        let heard = Mutex(Heard())
        func now<T: Sendable>(_ part: @Sendable (Heard) -> T) -> T { heard.withLock { part($0) } }

        var ties: Keeper.Ties {
            Keeper.Ties(
                changed: { now in self.heard.withLock { $0.troubles.append(now) } },
                kept: { now in self.heard.withLock { $0.kept += now } },
                lost: { self.heard.withLock { $0.losses += 1 } },
                hold: { now in self.heard.withLock { $0.holds.append(now) } },
                dropped: { source, count in
                    self.heard.withLock { heard in
                        if heard.hears { heard.dropped[source, default: 0] += count }
                        return heard.hears
                    }
                },
                say: { now in self.heard.withLock { $0.said.append(now) } }
            )
        }
    }

    private struct Scene {
        let disk = Disk()
        let ears = Ears()
        var keeper: Keeper
        let start = Monotonic.now()
        var next: UInt64 = 1
        let opening = RunOpening(
            plan: WatchPlan(),
            picture: Picture(at: Instant(seconds: 0), estate: Estate()),
            at: Instant(seconds: 0)
        )

        init(_ limits: Keeper.Limits = Keeper.Limits(), isBegun: Bool = true) {
            if isBegun { try? opening.begin(in: disk) }
            keeper = Keeper(
                sink: disk,
                sources: ["a.log", "b.log"],
                limits: limits,
                ties: ears.ties
            )
        }

        /// Hands over a batch of so many lines of `a.log`, and one of `b.log`.
        mutating func hand(_ count: Int, at second: Int64, receipts: [UInt64] = []) {
            var lines = (0..<count).map { KeptLine(text: "line \($0)") }
            lines.append(KeptLine(text: "other", source: 1))
            let chunk = LogChunk(lines, firstLine: next, receipts: receipts)
            next += UInt64(lines.count)
            let at = Instant(seconds: second)
            keeper.keep(
                [HistoryBatch(at: at, chunks: [chunk], parts: [.clock(at)])],
                now: start + .seconds(second)
            )
        }
    }

    private static let full = HistoryError.full(path: "h.db", detail: "no space")

    @Test("a short while without room loses nothing, and readers are held back meanwhile")
    func shortWhile() {
        var scene = Scene()
        scene.hand(5, at: 0, receipts: [1])
        scene.disk.fail(Self.full)
        for second in 1...40 { scene.hand(3, at: Int64(second), receipts: [UInt64(second) + 1]) }
        #expect(scene.ears.now(\.holds) == [true])
        #expect(scene.ears.now(\.kept) == [1])
        #expect(scene.disk.lines == Array(1...6))
        #expect(scene.ears.now(\.troubles).last??.finding.health == .warn)
        scene.disk.fail(nil)
        scene.hand(1, at: 50, receipts: [42])
        #expect(scene.disk.lines == Array(1..<scene.next))
        #expect(scene.ears.now(\.kept) == Array(1...42))
        #expect(scene.ears.now(\.holds) == [true, false])
        #expect(scene.ears.now(\.losses) == 0)
        #expect(scene.ears.now(\.dropped).isEmpty)
        #expect(scene.ears.now { $0.troubles.last.map { $0 == nil } } == true)
        #expect(scene.ears.now(\.said).last?.contains("nothing lost") == true)
    }

    @Test("is tried again with pauses, and the picture is kept where it finds room")
    func pauses() {
        var scene = Scene()
        scene.disk.fail(Self.full)
        var pictures: [Int] = []
        for second in 0...12 {
            scene.hand(1, at: Int64(second))
            pictures.append(scene.disk.kept.count)
        }
        // After 1, 2, 4, 4 s.
        #expect(pictures == [1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5])
        #expect(scene.disk.kept.last?.parts == [.clock(Instant(seconds: 11))])
    }

    @Test("after a minute lines come in again, and what is lost is counted by source")
    func longWhile() {
        var scene = Scene()
        scene.disk.fail(Self.full)
        for second in 0...60 { scene.hand(1, at: Int64(second), receipts: [UInt64(second)]) }
        #expect(scene.ears.now(\.holds) == [true, false])
        #expect(scene.ears.now(\.troubles).last??.finding.health == .down)
        #expect(scene.ears.now(\.dropped).isEmpty)
        let retained = scene.next
        scene.ears.heard.withLock { $0.hears = false }
        for second in 61...80 { scene.hand(9, at: Int64(second), receipts: [UInt64(second)]) }
        scene.ears.heard.withLock { $0.hears = true }
        scene.hand(9, at: 81, receipts: [81])
        #expect(scene.ears.now(\.dropped) == [0: 21 * 9, 1: 21])
        #expect(scene.ears.now(\.losses) == 21)
        #expect(scene.ears.now(\.troubles).last??.lostLines == 21 * 10)
        let again = scene.next
        scene.disk.fail(nil)
        scene.hand(4, at: 90, receipts: [90])
        #expect(scene.disk.lines == Array(1..<retained) + Array(again..<scene.next))
        #expect(scene.ears.now(\.kept) == Array(0...60) + [90])
        #expect(scene.ears.now(\.holds) == [true, false, false])
        #expect(scene.ears.now(\.said).last?.contains("210 lines lost") == true)
    }

    @Test("what is lost is told by its kinds")
    func kinds() {
        var trouble = KeepingTrouble(error: Self.full, since: Instant(seconds: 0))
        #expect(!trouble.hasLost)
        trouble.lostSamples = 2
        #expect(trouble.lostText == "0 lines and 2 samples of metrics")
        (trouble.lostLines, trouble.lostInputs) = (1, 1)
        #expect(trouble.lostText == "1 line, 1 other input and 2 samples of metrics")
        #expect(trouble.hasLost)
    }

    @Test("more than there is room for is not retained, however short the while")
    func room() {
        var limits = Keeper.Limits()
        limits.room = 100_000
        var scene = Scene(limits)
        scene.disk.fail(Self.full)
        scene.hand(10_000, at: 0)
        #expect(scene.ears.now(\.holds) == [true, false])
        scene.hand(7, at: 1)
        #expect(scene.ears.now(\.dropped) == [0: 7, 1: 1])
    }

    @Test("a batch that can never be kept is lost, counted, and in nobody's way")
    func poison() {
        var scene = Scene()
        scene.disk.poison(1)
        scene.hand(2, at: 0, receipts: [1])
        scene.hand(2, at: 1, receipts: [2])
        #expect(scene.disk.lines == [4, 5, 6])
        #expect(scene.ears.now(\.kept) == [2])
        #expect(scene.ears.now(\.losses) == 1)
        #expect(scene.ears.now(\.dropped) == [0: 2, 1: 1])
        #expect(scene.ears.now(\.holds).isEmpty)
    }

    @Test("a run that could not begin is watched, and begins before anything of it is kept")
    func noBeginning() throws {
        var scene = Scene(isBegun: false)
        scene.disk.fail(Self.full)
        let failed = try #require(try scene.opening.begun(in: scene.disk))
        scene.keeper.open(failed, now: scene.start)
        #expect(scene.ears.now(\.holds) == [true])
        #expect(scene.ears.now(\.said).first?.contains("make room") == true)
        for second in 1...70 { scene.hand(1, at: Int64(second), receipts: [UInt64(second)]) }
        #expect(scene.ears.now(\.holds) == [true, false])
        #expect(scene.disk.kept.isEmpty)
        #expect(scene.ears.now(\.kept).isEmpty)
        scene.disk.fail(nil)
        scene.hand(1, at: 80)
        scene.hand(1, at: 81, receipts: [81])
        #expect(scene.disk.runs == 1)
        #expect(scene.disk.lines.last == scene.next - 1)
        #expect(scene.ears.now(\.kept).last == 81)
        #expect(scene.ears.now { $0.troubles.last.map { $0 == nil } } == true)
    }

    @Test("a run that can never begin is told at once")
    func neverBegins() {
        let scene = Scene(isBegun: false)
        scene.disk.fail(.damaged(path: "h.db", detail: "torn"))
        #expect(throws: HistoryError.self) { try scene.opening.begun(in: scene.disk) }
    }

    @Test("what is still not kept at the end is said")
    func end() {
        var scene = Scene()
        scene.disk.fail(Self.full)
        scene.hand(4, at: 0)
        scene.keeper.end()
        #expect(scene.ears.now(\.said).last?.contains("5 lines that waited") == true)
        scene.disk.fail(nil)
        scene.keeper.end()
        #expect(scene.disk.lines == Array(1...5))
        #expect(scene.ears.now(\.said).last?.contains("nothing lost") == true)
    }
}
