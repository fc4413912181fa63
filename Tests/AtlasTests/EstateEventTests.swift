import Atlas
import Testing

@Suite("What happened to a part of the picture")
struct EstateEventTests {
    private let now = Instant(seconds: 100)

    private func resource(
        _ health: Health,
        _ role: ReplicationRole? = nil,
        since: Int64 = 90,
        heard: Bool = true
    ) -> PicturePart {
        var state = ResourceState(
            name: "db1",
            health: health,
            reason: "refused",
            since: Instant(seconds: since)
        )
        state.heard = heard ? Instant(seconds: 50) : nil
        state.role = role
        return .resource(state)
    }

    @Test("is another health, since when it is so, and why")
    func health() {
        let events = resource(.down).events(since: resource(.ok), at: now)
        #expect(
            events == [
                EstateEvent(
                    .health,
                    "db1",
                    at: Instant(seconds: 90),
                    health: .down,
                    from: "ok",
                    to: "down",
                    text: "refused"
                )
            ]
        )
    }

    @Test("is never later than it was kept, whatever a clock said")
    func clock() {
        let events = resource(.down, since: 500).events(since: resource(.ok), at: now)
        #expect(events.map(\.at) == [now])
    }

    @Test("is nothing where only figures changed, nor at a first look that finds it well")
    func nothing() {
        var state = ResourceState(name: "db1", health: .ok, reason: "", since: now)
        let old = PicturePart.resource(state)
        state.metrics = [MetricSample(name: "load", value: 2)]
        #expect(PicturePart.resource(state).events(since: old, at: now).isEmpty)
        let unseen = resource(.noData, heard: false)
        #expect(resource(.ok, .primary).events(since: unseen, at: now).isEmpty)
        #expect(resource(.down).events(since: unseen, at: now).map(\.to) == ["down"])
        #expect(resource(.down).events(since: nil, at: now).isEmpty)
    }

    @Test("is another role, and another way of a link")
    func role() {
        let promoted = resource(.ok, .primary).events(since: resource(.ok, .standby), at: now)
        #expect(promoted.map(\.kind) == [.role])
        #expect(promoted.map(\.from) == ["standby"])
        var link = LinkState(name: "l", kind: "async", from: "a", to: "b", since: now)
        let old = PicturePart.link(link)
        (link.from, link.to) = ("b", "a")
        #expect(PicturePart.link(link).events(since: old, at: now).map(\.to) == ["b → a"])
    }

    @Test("is a failover that begins and ends, with how long users waited")
    func failover() {
        var run = FailoverRun(
            id: "orders@60",
            service: "orders",
            kind: .outage,
            started: Instant(seconds: 60)
        )
        run.firstBad = run.started
        let began = PicturePart.failover(run)
        #expect(began.events(since: nil, at: now).map(\.at) == [Instant(seconds: 60)])
        (run.kind, run.from, run.to) = (.failover, "db1", "db2")
        let turned = PicturePart.failover(run)
        #expect(turned.events(since: began, at: now).map(\.to) == ["failover"])
        run.state = .verified
        run.firstGood = Instant(seconds: 75)
        let ended = PicturePart.failover(run).events(since: turned, at: now)
        #expect(ended.map(\.at) == [Instant(seconds: 75)])
        #expect(ended.map(\.text) == ["failover, db1 → db2, users waited 15.0 s"])
    }

    @Test("is a finding of its own that comes and goes; one that says a state again is none")
    func findings() {
        func finding(_ key: String) -> Finding {
            Finding(
                key: key,
                health: .warn,
                subject: "x",
                place: nil,
                title: key,
                detail: "",
                since: now
            )
        }
        let both = PicturePart.findings([finding("stalled:x"), finding("resource:x")])
        let none = PicturePart.findings([])
        #expect(both.events(since: none, at: now).map(\.to) == ["stalled:x"])
        #expect(none.events(since: both, at: now).map(\.from) == ["stalled:x"])
        let lost = PicturePart.findings([finding("lost:orders")])
        #expect(none.events(since: lost, at: now).isEmpty, "an hour later it is still lost")
    }

    @Test("is each note once, though the oldest go")
    func marks() {
        let marks = (0..<4).map { Mark(at: Instant(seconds: $0), kind: .note, text: "n\($0)") }
        let events = PicturePart.marks(Array(marks[1...])).events(
            since: .marks(Array(marks[..<3])),
            at: now
        )
        #expect(events.map(\.text) == ["n3"])
    }
}
