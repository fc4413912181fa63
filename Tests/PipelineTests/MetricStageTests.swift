import Atlas
import Testing

@testable import Pipeline

@Suite("What the fold measures")
struct MetricStageTests {
    private let plan = WatchPlan(
        estate: Estate(
            name: "test",
            resources: [Resource(name: "db1", place: Place(area: "a"), layer: "data")],
            services: [Service(name: "orders", members: ["db1"])]
        ),
        sources: [LogSource(name: "app", path: "/a", format: "plain")],
        targets: [ProbeTarget(probe: "tcp", resource: "db1", address: "db1:1")],
        canaries: [
            Canary(
                name: "reads",
                service: "orders",
                probe: "tcp",
                mode: .read,
                targets: [Canary.Target(resource: "db1", address: "db1:1")]
            )
        ]
    )

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(seconds: 1_700_000_000) + .milliseconds(milliseconds)
    }

    private func lines(_ count: Int, _ milliseconds: Int64, _ text: String = "hello") -> Input {
        let line = Array(text.utf8)
        let batch = LineBatch(
            source: 0,
            bytes: Array(repeatElement(line, count: count).joined()),
            ends: (1...count).map { UInt32($0 * line.count) }
        )
        return Input(at: at(milliseconds), event: .lines(batch))
    }

    private func tick(_ milliseconds: Int64) -> Input {
        Input(at: at(milliseconds), event: .tick)
    }

    private func tried(_ number: Int64, _ start: Int64, _ end: Int64, _ isGood: Bool) -> Input {
        let failure = ProbeFailure(kind: .timeout, detail: "no answer in time")
        return Input(
            at: at(end),
            event: .attempt(
                CanaryTry(
                    canary: 0,
                    number: number,
                    started: at(start),
                    ended: at(end),
                    target: 0,
                    failure: isGood ? nil : failure
                )
            )
        )
    }

    private func run(_ inputs: [Input]) -> [MetricRow] {
        var pipeline = Pipeline(plan: plan)
        var effects = inputs.flatMap { pipeline.step($0) }
        effects += pipeline.finish()
        return effects.flatMap { effect in
            if case .measure(let rows) = effect { rows } else { [MetricRow]() }
        }
    }

    private func values(_ rows: [MetricRow], _ name: String) -> [Int64: StatisticSet] {
        Dictionary(
            rows.filter { $0.series.name == name }
                .map { (($0.start - at(0)).nanoseconds / 1_000_000_000, $0.set) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test("of a source: lines in each second, zeros between them, nothing before the first")
    func lineRates() {
        let rows = run([
            tick(0), lines(3, 1_100), lines(4, 1_900), tick(2_000), tick(3_000), lines(5, 3_200),
            tick(4_000),
        ])
        let lines = values(rows, "lines")
        #expect(lines.mapValues(\.sum) == [1: 7, 2: 0, 3: 5, 4: 0])
        #expect(lines.values.allSatisfy { $0.count == 1 })
        #expect(values(rows, "error-lines").isEmpty)
    }

    @Test("of a source stays unknown while nobody watched")
    func gap() {
        let rows = run([tick(0), lines(1, 500), tick(1_000), tick(60_000), lines(1, 60_100)])
        #expect(values(rows, "lines").keys.sorted() == [0, 1, 60])
    }

    @Test("of a canary: whether it was served, and how long that took, by the start of the try")
    func canary() {
        let rows = run([
            tick(0), tried(1, 100, 140, true), tried(2, 600, 660, true),
            tried(3, 1_100, 2_100, false), tick(5_000),
        ])
        let served = values(rows, "served")
        #expect(served[0]?.count == 2)
        #expect(served[0]?.sum == 2)
        #expect(served[1]?.most == 0)
        #expect(values(rows, "latency").mapValues(\.sum) == [0: 100])
    }

    @Test("of a target: whether it answered, how soon, and what it told")
    func probe() {
        func reply(_ second: Int64, _ outcome: ProbeReply.Outcome) -> Input {
            let reply = ProbeReply(
                target: 0,
                question: .status,
                started: at(second * 1_000),
                ended: at(second * 1_000 + 20),
                outcome: outcome
            )
            return Input(at: reply.ended, event: .reply(reply))
        }
        let rows = run([
            tick(0), reply(1, .failed(ProbeFailure(kind: .unreachable, detail: "refused"))),
            reply(2, .failed(ProbeFailure(kind: .denied, detail: "password"))),
            reply(3, .answered("?")), tick(9_000),
        ])
        #expect(values(rows, "tcp-up").mapValues(\.sum) == [1: 0, 3: 1])
        #expect(values(rows, "tcp-latency").mapValues(\.sum) == [3: 20])
    }
}
