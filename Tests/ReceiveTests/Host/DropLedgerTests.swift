import Atlas
import Collect
import Testing

@testable import Receive

@Suite("What is dropped is counted, told and said")
struct DropLedgerTests {
    @Test("one event for each reason, with the sum")
    func sums() {
        var ledger = DropLedger()
        ledger.add(2, source: 1, reason: "a")
        ledger.add(1, source: 1, reason: "b")
        ledger.add(3, source: 1, reason: "a")
        var events: [SourceEvent] = []
        _ = ledger.tell {
            events.append($0)
            return true
        }
        #expect(events.map(\.count) == [5, 1])
        #expect(events.map(\.detail) == ["a", "b"])
        #expect(ledger.isEmpty)
    }

    @Test("what finds no room stays")
    func refused() {
        var ledger = DropLedger()
        ledger.add(2, source: 0, reason: "a")
        #expect(ledger.tell { _ in false }.isEmpty)
        ledger.add(1, source: 0, reason: "a")
        var count = 0
        _ = ledger.tell {
            count += $0.count
            return true
        }
        #expect(count == 3)
    }

    @Test("a reason is said once a minute, with all that came since")
    func saying() {
        var ledger = DropLedger()
        func said(_ count: Int, _ second: Int64) -> Int? {
            ledger.toSay(
                count,
                source: 0,
                reason: "a",
                at: Monotonic(nanoseconds: second * 1_000_000_000)
            )
        }
        #expect(said(2, 100) == 2)
        #expect(said(3, 101) == nil)
        #expect(said(4, 159) == nil)
        #expect(said(1, 160) == 8)
    }

    @Test("senders cannot make reasons without end")
    func reasons() {
        var ledger = DropLedger()
        for number in 0..<10_000 { ledger.add(1, source: 0, reason: "\(number)") }
        var events: [SourceEvent] = []
        _ = ledger.tell {
            events.append($0)
            return true
        }
        #expect(events.count <= 66)
        #expect(events.reduce(0) { $0 + $1.count } == 10_000)
    }
}
