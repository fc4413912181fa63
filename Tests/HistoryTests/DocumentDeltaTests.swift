import Chance
import Testing

@testable import History
@testable import HistoryFormat

@Suite("What changed in a document")
struct DocumentDeltaTests {
    @Test("makes the new one out of the old one", arguments: 0..<100)
    func roundTrip(seed: Int) throws {
        var dice = Dice(seed)
        let old = (0..<dice.roll(0...400)).map { _ in UInt8(dice.roll(97...100)) }
        var new = old
        for _ in 0..<dice.roll(0...5) {
            let start = dice.roll(0...new.count)
            let end = min(new.count, start + dice.roll(0...40))
            new.replaceSubrange(start..<end, with: (0..<dice.roll(0...20)).map { _ in UInt8(65) })
        }
        let delta = DocumentDelta.encode(new, from: old)
        #expect(DocumentDelta.decode(delta, from: old) == new)
    }

    @Test("is small where a ring moves on")
    func ring() {
        let old = Array(
            (100..<160).map { "{\"at\":\($0),\"good\":10}" }.joined(separator: ",").utf8
        )
        let new = Array(
            (101..<161).map { "{\"at\":\($0),\"good\":10}" }.joined(separator: ",").utf8
        )
        #expect(DocumentDelta.encode(new, from: old).count < 48)
    }

    @Test("is refused where it does not fit, and never traps", arguments: 0..<200)
    func garbage(seed: Int) {
        var dice = Dice(seed)
        let delta = (0..<dice.roll(1...30)).map { _ in UInt8(dice.roll(0...255)) }
        let new = DocumentDelta.decode(delta, from: [1, 2, 3])
        #expect((new?.count ?? 0) <= delta.count * 3)
        #expect(DocumentDelta.decode([9, 2], from: [1, 2, 3]) == nil)
    }
}
