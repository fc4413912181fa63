import Atlas
import Testing

@testable import Pipeline

@Suite("A service that is served only now and then")
struct ServedNowAndThenTests {
    private let start = Instant(nanoseconds: 1_795_000_000_000_000_000)

    private var plan: WatchPlan {
        let place = Place(area: "here")
        return WatchPlan(
            estate: Estate(
                layers: ["edge"],
                areas: [Area(kind: .site, name: "here", code: "on-prem")],
                resources: [Resource(name: "lb", place: place, layer: "edge")],
                services: [Service(name: "shop", members: ["lb"])]
            ),
            canaries: [
                Canary(
                    name: "shop-read",
                    service: "shop",
                    probe: "http",
                    mode: .read,
                    targets: [Canary.Target(resource: "lb", address: "http://lb-1/")],
                    every: .milliseconds(100)
                )
            ]
        )
    }

    private func attempt(_ number: Int64, isGood: Bool) -> Input {
        let at = start + Span.milliseconds(100 * number)
        let failure = isGood ? nil : ProbeFailure(kind: .timeout, detail: "no answer")
        let attempt = CanaryTry(
            canary: 0,
            number: number,
            started: at,
            ended: at + .milliseconds(isGood ? 2 : 90),
            target: 0,
            failure: failure
        )
        return Input(at: attempt.ended, event: .attempt(attempt))
    }

    @Test("stays down, since one time, until it was served for a second")
    func staysDown() throws {
        var pipeline = Pipeline(plan: plan)
        func shop() -> ServiceState { pipeline.picture().services[0] }
        for number in 0..<5 as Range<Int64> {
            _ = pipeline.step(attempt(number, isGood: true))
        }
        #expect(shop().health == .ok)
        // Every other try waits in vain; two in a row open the outage.
        let bad: Set<Int64> = [5, 6, 8, 10, 12, 14]
        var since: Instant?
        for number in 5..<16 as Range<Int64> {
            _ = pipeline.step(attempt(number, isGood: !bad.contains(number)))
            guard number >= 8 else { continue }
            #expect(shop().health == .down, "after try \(number)")
            since = since ?? shop().since
            #expect(shop().since == since, "after try \(number)")
        }
        for number in 16..<40 as Range<Int64> {
            _ = pipeline.step(attempt(number, isGood: true))
        }
        #expect(shop().health == .ok)
        #expect(pipeline.picture().failovers.count == 1)
    }
}
