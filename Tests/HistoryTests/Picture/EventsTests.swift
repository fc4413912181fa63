import Atlas
import Chance
import History
import Testing

@Suite("Events of every history")
struct EventsTests {
    /// Three runs; the plan loses nothing, but each begins without what the one before knew.
    private func written(_ seed: Int, to subjects: [Subject]) throws {
        var dice = Dice(seed)
        var picture = dice.picture(at: Instant(seconds: 0))
        for second in 0..<240 {
            let old = picture
            dice.change(&picture, at: Instant(seconds: Int64(second) * 10))
            let isStart = second % 100 == 0
            if isStart {
                picture = dice.picture(at: picture.at)
                if dice.isLucky(50) { picture.marks = old.marks }
            }
            for subject in subjects {
                if isStart {
                    try subject.sink.begin(testPlan, picture: picture, at: picture.at)
                } else {
                    let parts = picture.changes(since: old)
                    try subject.sink.append(HistoryBatch(at: picture.at, parts: parts))
                }
            }
        }
    }

    private func all(_ query: EventQuery, _ history: any History) throws -> [EstateEvent] {
        var query = query
        var events: [EstateEvent] = []
        while true {
            let page = try history.events(query)
            events += page.events
            guard let next = page.next else { return events }
            try #require(next > query.after ?? -1, "a page goes on")
            query.after = next
        }
    }

    @Test(
        "are those of the pictures it was given, whatever the range and the pages",
        arguments: 0..<4
    )
    func sameAsModel(seed: Int) throws {
        let (file, model) = (try Subject(.file), try Subject(.model))
        try written(seed, to: [file, model])
        let whole = try all(EventQuery(), model.history)
        #expect(whole.count > 50)
        var dice = Dice(seed + 100)
        for _ in 0..<12 {
            let since = Instant(seconds: Int64(dice.roll(-100...2_400)))
            let query = EventQuery(
                since: since,
                until: since + .seconds(Int64(dice.roll(0...1_500))),
                limit: dice.roll(1...60)
            )
            let isSame = try all(query, file.history) == all(query, model.history)
            try #require(isSame, "\(query)")
        }
        #expect(try all(EventQuery(limit: 7), file.history) == whole)
    }

    @Test("of an empty history are none", arguments: Subject.Kind.allCases)
    func none(kind: Subject.Kind) throws {
        let page = try Subject(kind).history.events(EventQuery())
        #expect(page == EventPage())
    }
}
