import Atlas
import Testing

@testable import azimuth

@Suite("What an ingester's log says of findings")
struct FindingLogTests {
    private func finding(_ key: String, _ title: String, _ health: Health = .warn) -> Finding {
        Finding(
            key: key,
            health: health,
            subject: key,
            place: nil,
            title: title,
            detail: "why",
            since: Instant(seconds: 0)
        )
    }

    private let start = Instant(seconds: 1_795_656_000)

    @Test("each is said when it comes, when it gets worse, and when it goes")
    func comesAndGoes() {
        var log = FindingLog()
        #expect(log.take([finding("a", "a is slow")], at: start) == ["a is slow: why"])
        #expect(log.take([finding("a", "a is slow")], at: start) == [])
        let worse = [finding("b", "b is late"), finding("a", "a is down", .down)]
        #expect(log.take(worse, at: start) == ["b is late: why", "a is down: why"])
        #expect(log.take([finding("b", "b is late")], at: start) == ["over: a is down"])
    }

    @Test("what a run opens with is said once there is more to say of it")
    func opening() {
        var log = FindingLog(opening: [
            finding("a", "a is not read"), finding("b", "b is not read"),
        ])
        var known = finding("a", "a is not read")
        known.since = start
        #expect(log.take([known, finding("b", "b is not read")], at: start) == [])
        known.detail = "no such file"
        #expect(log.take([known], at: start) == ["a is not read: no such file"])
        #expect(log.take([], at: start) == ["over: a is not read"])
    }

    @Test("what comes and goes all the time is counted, not said")
    func limits() {
        var log = FindingLog()
        var said: [String] = []
        for second in 0..<50 {
            let now = start + .seconds(Int64(second))
            said += log.take(second % 2 == 0 ? [finding("a", "a is slow")] : [], at: now)
        }
        #expect(said.count == 30)
        let later = log.take([finding("b", "b is late")], at: start + .seconds(60))
        #expect(later == ["20 more findings came or went", "b is late: why"])
    }
}
