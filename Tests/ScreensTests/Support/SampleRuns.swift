import Atlas

/// Failover runs of the invented estate.
enum SampleRuns {
    private static let now = SampleEstate.now
    /// First bad try of the newest run.
    static let bad = SampleEstate.at("2026-11-23T03:03:25.300Z")

    static func running() -> FailoverRun {
        var run = base("orders#4", "orders", started: bad)
        run.to = "pg-1c"
        run.firstBad = bad
        run.fault = bad - .milliseconds(400)
        run.steps[0] = step(.detect, 0.1, 8.2)
        run.steps[2] = step(.switch, 8.2, 12.1)
        run.steps[3] = FailoverStep(
            phase: .restart,
            state: .running,
            start: bad + .milliseconds(12_100)
        )
        run.evidence = evidence
        run.felt = felt(bad: 10..<52, of: 52)
        run.estimate = LossEstimate(
            amount: 1_240_000,
            span: .milliseconds(1_200),
            asOf: bad - .milliseconds(700),
            isSourceGone: true
        )
        run.lostWrites = LostWrites(state: .pending)
        return run
    }

    static func finished() -> FailoverRun {
        var run = running()
        run.state = .verified
        run.steps[3] = step(.restart, 12.1, 51.4)
        run.steps[4] = step(.address, 51.4, 53.8)
        run.firstGood = bad + .milliseconds(54_200)
        run.clusterClaim = .milliseconds(43_300)
        run.felt = felt(bad: 10..<65, of: 90)
        run.lostWrites = LostWrites(
            state: .counted,
            acknowledged: 4_210,
            lost: 17,
            firstLost: bad - .milliseconds(1_300),
            lastLost: bad - .milliseconds(100)
        )
        run.evidence.append(
            Evidence(
                at: bad + .milliseconds(54_200),
                phase: nil,
                eye: .canary,
                subject: "orders",
                text: "good again",
                health: .ok
            )
        )
        return run
    }

    /// Oldest first.
    static func past() -> [FailoverRun] {
        [
            over("orders#1", "2026-08-21T19:40:00Z", 131, detect: 30.1, restart: 80.5, lost: 0),
            over("stock#1", "2026-09-12T16:58:00Z", 31, detect: 6, restart: 12, lost: 190),
            over("orders#2", "2026-10-02T17:10:00Z", 64, detect: 8, restart: 15, lost: 0),
            over("orders#3", "2026-11-23T01:15:10Z", 38.2, detect: 7.9, restart: 14.8, lost: 0),
        ]
    }

    static func over(
        _ id: String,
        _ started: String,
        _ outage: Double,
        detect: Double,
        restart: Double,
        lost: Int
    ) -> FailoverRun {
        let start = SampleEstate.at(started)
        let service = String(id.prefix { $0 != "#" })
        var run = base(id, service, started: start)
        run.state = .verified
        run.to = service == "orders" ? "pg-1c" : "pg-v1a"
        run.firstBad = start
        run.firstGood = start + .milliseconds(Int64(outage * 1_000))
        run.steps[0] = step(.detect, 0, detect, from: start)
        run.steps[2] = step(.switch, detect, detect + 1.3, from: start)
        run.steps[3] = step(.restart, detect + 1.3, detect + 1.3 + restart, from: start)
        run.steps[4] = step(.address, detect + 1.3 + restart, outage, from: start)
        run.clusterClaim = .milliseconds(Int64((outage - detect) * 1_000))
        run.lostWrites = LostWrites(state: .counted, acknowledged: 2_000, lost: lost)
        return run
    }

    /// An outage without a change of place, a second one, two writers.
    static func troubled() -> [FailoverRun] {
        var outage = base("stock#2", "stock", started: now - .seconds(300))
        outage.kind = .outage
        outage.firstBad = now - .seconds(300)
        outage.felt = felt(bad: 5..<40, of: 40, from: now - .seconds(300))
        var second = finished()
        second.id = "orders#5"
        second.secondOutage = .milliseconds(12_400)
        second.hasTwoWriters = true
        second.lostWrites = LostWrites(state: .unknown, reason: "pg-1c did not answer in time")
        return [outage, second]
    }

    private static func base(_ id: String, _ service: String, started: Instant) -> FailoverRun {
        var run = FailoverRun(id: id, service: service, kind: .failover, started: started)
        run.from = service == "orders" ? "pg-1a" : "pg-sng"
        run.rto = service == "orders" ? .seconds(120) : .seconds(300)
        run.rpo = .seconds(30)
        return run
    }

    private static func step(
        _ phase: FailoverPhase,
        _ start: Double,
        _ end: Double,
        from origin: Instant = bad
    ) -> FailoverStep {
        FailoverStep(
            phase: phase,
            state: .done,
            start: origin + .milliseconds(Int64(start * 1_000)),
            end: origin + .milliseconds(Int64(end * 1_000))
        )
    }

    static func felt(
        bad: Range<Int>,
        of count: Int,
        from start: Instant = bad
    ) -> [FeltBucket] {
        (0..<count).map { index in
            let isBad = bad.contains(index)
            return FeltBucket(
                start: start + .seconds(Int64(index - bad.lowerBound)),
                good: isBad ? 0 : 10,
                bad: isBad ? 10 : 0,
                slowest: isBad ? .zero : .milliseconds(Int64(4 + index % 5))
            )
        }
    }

    static let evidence: [Evidence] = [
        line(0, .detect, "pg-1a", "LOG:  received immediate shutdown request", .down),
        probe(0.4, .detect, "pg-1a", "connection refused", .down),
        line(8.2, .switch, "pg-1c", "LOG:  received promote request", .moving),
        line(
            9.0,
            .switch,
            "pg-1c",
            "LOG:  redo done at 0/5F2A8C0 system usage: CPU: user: 0.01 s, system: 0.02 s, elapsed: 61.22 s",
            .ok
        ),
        line(12.1, .switch, "pg-1c", "LOG:  selected new timeline ID: 2", .ok),
        probe(12.4, .restart, "pg-1c", "primary on timeline 2", .ok),
        line(13.0, .restart, "pg-1c", "LOG:  archive recovery complete", .ok),
        Evidence(
            at: bad + .milliseconds(30_100),
            phase: nil,
            eye: .canary,
            subject: "orders",
            text: "still refused: the database system is not accepting writes",
            health: .warn
        ),
    ]

    private static func line(
        _ after: Double,
        _ phase: FailoverPhase,
        _ subject: String,
        _ text: String,
        _ health: Health
    ) -> Evidence {
        Evidence(
            at: bad + .milliseconds(Int64(after * 1_000)),
            phase: phase,
            eye: .log,
            subject: subject,
            text: text,
            health: health,
            line: 324_000 + UInt64(after * 10)
        )
    }

    private static func probe(
        _ after: Double,
        _ phase: FailoverPhase,
        _ subject: String,
        _ text: String,
        _ health: Health
    ) -> Evidence {
        Evidence(
            at: bad + .milliseconds(Int64(after * 1_000)),
            phase: phase,
            eye: .probe,
            subject: subject,
            text: text,
            health: health
        )
    }
}
