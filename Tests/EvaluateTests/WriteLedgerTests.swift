import Atlas
import Testing

@testable import Evaluate

@Suite("The ledger of acknowledged writes")
struct WriteLedgerTests {
    @Test("counts what is missing between the islands, and when")
    func losses() throws {
        var ledger = WriteLedger()
        for number in 1...100 { ledger.acknowledge(Int64(number), at: .at(Int64(number) * 100)) }
        let losses = ledger.losses(present: [1...40, 45...99], window: 1...100)
        #expect(losses.acknowledged == 100)
        #expect(losses.lost == 5)
        #expect(losses.firstLost == .at(4_100))
        #expect(losses.lastLost == .at(10_000))
    }

    @Test("a row that is there and was never acknowledged is not counted")
    func unacknowledged() {
        var ledger = WriteLedger()
        ledger.acknowledge(1, at: .at(0))
        ledger.acknowledge(3, at: .at(200))
        #expect(ledger.losses(present: [1...3], window: 1...3).lost == 0)
    }

    @Test("numbers that fall, as in a damaged recording, never make a window that ends before it")
    func falling() throws {
        var ledger = WriteLedger()
        for number in [5, 9, 2, 9, 10] as [Int64] { ledger.acknowledge(number, at: .at(number)) }
        let window = try #require(ledger.window(since: .at(0)))
        #expect(window == (5, 10))
    }
}
