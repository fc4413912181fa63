import Atlas
import Testing

@testable import Evaluate

@Suite("From resources to places")
struct PlaceRollupTests {
    private let estate = Estate(
        layers: ["data", "web"],
        areas: [Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a", "1c"])],
        resources: [
            Resource(name: "a", place: Place(area: "tokyo", zone: "1a"), layer: "data"),
            Resource(name: "b", place: Place(area: "tokyo", zone: "1c"), layer: "data"),
        ]
    )

    @Test("a zone has its own, a region all of its zones, an empty layer is absent")
    func rows() {
        let rows = PlaceRollup.rows(estate, health: [.down, .ok])
        #expect(rows.map(\.place.description) == ["tokyo", "tokyo/1a", "tokyo/1c"])
        #expect(rows[0].layers[0] == .init(health: .down, ok: 1, total: 2))
        #expect(rows[1].layers[0] == .init(health: .down, ok: 0, total: 1))
        #expect(rows[2].layers[0] == .init(health: .ok, ok: 1, total: 1))
        #expect(rows[0].layers[1].health == .absent)
    }

    @Test("a region in which something takes over is moving, its broken zone is down")
    func moving() {
        let rows = PlaceRollup.rows(estate, health: [.down, .moving])
        #expect(rows[0].layers[0].health == .moving)
        #expect(rows[1].layers[0].health == .down)
    }
}
