import Testing

@testable import Atlas

@Suite("The parts of a picture")
struct PicturePartTests {
    private func picture(_ second: Int64, health: Health) -> Picture {
        let estate = Estate(
            name: "x",
            resources: [Resource(name: "a", place: Place(area: "tokyo"), layer: "data")]
        )
        let at = Instant(seconds: second)
        var picture = Picture(at: at, estate: estate)
        picture.resources = [
            ResourceState(name: "a", health: health, reason: "", since: at),
            ResourceState(name: "b", health: .ok, reason: "", since: Instant(seconds: 0)),
        ]
        picture.failovers = [
            FailoverRun(id: "s@1", service: "s", kind: .outage, started: Instant(seconds: 0))
        ]
        return picture
    }

    @Test("all of them, applied to nothing, make the picture again")
    func whole() {
        let picture = picture(1, health: .ok)
        var made = Picture(at: .distantPast, estate: Estate())
        for part in picture.parts { made.apply(part) }
        #expect(made == picture)
    }

    @Test("what changed, applied to the older one, makes the newer, and nothing else is sent")
    func changes() {
        let old = picture(1, health: .ok)
        var new = picture(2, health: .down)
        new.failovers.append(
            FailoverRun(id: "s@2", service: "s", kind: .failover, started: Instant(seconds: 2))
        )
        let changes = new.changes(since: old)
        #expect(changes.map(\.kind) == ["clock", "resource", "failover"])
        var made = old
        for part in changes { made.apply(part) }
        #expect(made == new)
        #expect(new.changes(since: new).isEmpty)
    }
}
