import Atlas
import Testing

@testable import Evaluate

@Suite("The newest evidence of a service")
struct EvidenceWindowTests {
    private func window(_ milliseconds: [Int64]) -> EvidenceWindow {
        var window = EvidenceWindow()
        for at in milliseconds { _ = window.add(.line(at, "a", .detect, .point, .any)) }
        return window
    }

    @Test("belongs to a run when it is at most ten seconds older, however late it came")
    func lookBack() {
        let own = window([1_000, 12_000, 2_001, 20_000]).traces(ofRunFrom: .at(12_000))
        #expect(own.map(\.at) == [.at(12_000), .at(2_001), .at(20_000)])
    }

    @Test("up to the end of the run before belongs to that one")
    func lastEnd() {
        var window = window([4_000, 5_000, 5_001])
        window.runEnded(.at(5_000))
        #expect(window.traces(ofRunFrom: .at(6_000)).map(\.at) == [.at(5_001)])
    }

    @Test("dates a failover by the first that its own two sides left")
    func start() {
        var window = window([])
        for (at, member) in [(1_000, "c"), (2_000, "a"), (3_000, "a")] as [(Int64, String)] {
            _ = window.add(.line(at, member, .stop, .end, .predecessor))
        }
        #expect(window.start(foundAt: .at(4_000), from: "a", to: "b") == .at(2_000))
        #expect(window.start(foundAt: .at(13_000), from: "a", to: "b") == .at(13_000))
    }

    @Test("is held once, and no more than 200 of it")
    func limits() {
        var window = window(Array(0..<201))
        let isNew = window.add(.line(200, "a", .detect, .point, .any))
        #expect(!isNew)
        #expect(window.traces(ofRunFrom: .at(0)).first?.at == .at(1))
        #expect(window.traces(ofRunFrom: .at(0)).count == 200)
    }

    @Test("is dropped after twenty seconds, a note after two minutes")
    func expires() {
        var window = window([0, 1])
        window.add(note: .note("pulled the plug", on: "s", at: .at(0)))
        window.expire(at: .at(20_001))
        #expect(window.traces(ofRunFrom: .at(0)).map(\.at) == [.at(1)])
        #expect(window.notes.count == 1)
        window.expire(at: .at(120_001))
        #expect(window.notes.isEmpty)
    }
}
