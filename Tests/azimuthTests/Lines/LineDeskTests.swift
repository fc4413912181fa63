import Atlas
import Collect
import History
import Screens
import Synchronization
import Testing

@testable import azimuth

@Suite("The desk that finds lines beside the screen", .serialized)
struct LineDeskTests {
    /// Answers with the limit of the question as a line's number; `slow` ones wait to be let go.
    private final class GatedFeed: DashboardFeed {
        static let slow = 1_000

        let box = PictureBox(Picture(at: .distantPast, estate: Estate()), wake: {})
        let begun: Mailbox<Int>
        let letGo: Mailbox<Int>
        let given = Mutex<[Int]>([])
        /// Questions whose search ended since nobody wanted them any more.
        let unwanted = Mutex<[Int]>([])

        init() throws {
            begun = try Mailbox(capacity: 1_000)
            letGo = try Mailbox(capacity: 1)
        }

        var kind: Feed { .live }
        let metrics: any MetricHistory = MetricLog()

        func picture(at instant: Instant) -> Picture? { nil }

        func mark(_ text: String) -> Notice { Notice(text) }

        func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer {
            _ = begun.offer(question.limit)
            if question.limit >= Self.slow {
                while wish.isWanted(), !letGo.waitUntil(Monotonic.now() + .milliseconds(2)) {}
            }
            if !wish.isWanted() { unwanted.withLock { $0.append(question.limit) } }
            given.withLock { $0.append(question.limit) }
            return LogAnswer(question, found: UInt64(question.limit))
        }
    }

    private struct Office {
        let feed: GatedFeed
        let desk: LineDesk
        /// One element for each time the screen was woken.
        let woken: Mailbox<Int>

        init() throws {
            feed = try GatedFeed()
            let woken = try Mailbox<Int>(capacity: 1_000)
            self.woken = woken
            desk = try LineDesk(feed) { _ = woken.offer(1) }
        }

        func ask(_ limit: Int) { desk.ask(LogQuestion(limit: limit)) }

        func awaitAnswer() throws -> LogAnswer {
            try expect(woken, "an answer")
            return try #require(desk.take())
        }

        func expect(_ mailbox: Mailbox<Int>, _ what: Comment) throws {
            try #require(mailbox.waitUntil(Monotonic.now() + .seconds(30)), what)
        }
    }

    @Test("wakes the screen, which takes the answer once")
    func answers() throws {
        let office = try Office()
        defer { office.desk.finish() }
        #expect(office.desk.take() == nil)
        office.ask(7)
        #expect(try office.awaitAnswer().found == 7)
        #expect(office.desk.take() == nil)
        #expect(office.woken.take().count == 1)
    }

    @Test("gives up a search when the next question comes, and answers only that")
    func newestCounts() throws {
        let office = try Office()
        defer { office.desk.finish() }
        office.ask(GatedFeed.slow)
        try office.expect(office.feed.begun, "the slow search to begin")
        office.ask(8)
        #expect(try office.awaitAnswer().found == 8)
        #expect(office.feed.unwanted.withLock { $0 } == [GatedFeed.slow])
        #expect(office.woken.take().count == 1)
    }

    @Test("an answer that is not yet taken goes when another question is asked")
    func forgetsOldAnswer() throws {
        let office = try Office()
        defer { office.desk.finish() }
        office.ask(7)
        try office.expect(office.woken, "the first answer")
        office.ask(GatedFeed.slow)
        #expect(office.desk.take() == nil)
        _ = office.woken.take()
        _ = office.feed.letGo.offer(1)
        #expect(try office.awaitAnswer().found == UInt64(GatedFeed.slow))
    }

    @Test("takes any number of questions while one search goes on, and waits for none")
    func neverWaits() throws {
        let office = try Office()
        defer { office.desk.finish() }
        office.ask(GatedFeed.slow)
        try office.expect(office.feed.begun, "the slow search to begin")
        for number in 1...500 { office.ask(number) }
        var found: UInt64?
        while found != 500 {
            try office.expect(office.woken, "the answer to the last question")
            _ = office.woken.take()
            if let answer = office.desk.take() { found = answer.found }
        }
        #expect(office.desk.take() == nil)
    }

    @Test("ends while a search goes on, and answers no more")
    func finishes() throws {
        let office = try Office()
        office.ask(GatedFeed.slow)
        try office.expect(office.feed.begun, "the slow search to begin")
        office.desk.finish()
        #expect(office.feed.given.withLock { $0 } == [GatedFeed.slow])
        #expect(office.feed.unwanted.withLock { $0 } == [GatedFeed.slow])
        #expect(office.desk.take() == nil)
        office.ask(9)
        #expect(office.desk.take() == nil)
    }
}
