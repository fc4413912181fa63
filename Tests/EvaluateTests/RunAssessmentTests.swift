import Atlas
import Testing

@testable import Evaluate

@Suite("What follows for a run from its traces")
struct RunAssessmentTests {
    private func assess(
        _ kind: FailoverRun.Kind,
        from: String?,
        _ traces: [Trace],
        links: [LinkState] = []
    ) -> FailoverRun {
        var run = FailoverRun(id: "s", service: "s", kind: kind, started: .at(0))
        run.from = from
        return RunAssessment.assess(run, traces: traces, links: links, served: nil)
    }

    @Test("a member that took over makes an outage a failover to it")
    func takeover() {
        let run = assess(.outage, from: "a", [.line(100, "b", .switch, .end, .successor)])
        #expect(run.kind == .failover && run.to == "b")
    }

    @Test("in an outage it is from the member that users are led away from")
    func ledAway() {
        let run = assess(.outage, from: nil, [.line(100, "a", .address, .end, .predecessor)])
        #expect(run.kind == .outage && run.from == "a" && run.isLedAway)
    }

    @Test("the claim is from the first line to the last that ends a phase; one line claims nothing")
    func claim() {
        let begin = Trace.line(100, "b", .switch, .begin, .successor)
        let end = Trace.line(400, "b", .restart, .end, .successor)
        let probe = Trace.promotion(of: "b", seen: .at(900))
        #expect(
            assess(.failover, from: "a", [begin, end, probe]).clusterClaim == .milliseconds(300)
        )
        #expect(assess(.failover, from: "a", [end, probe]).clusterClaim == nil)
    }

    @Test("the estimate is that of the link in the direction of the failover, as it was before")
    func estimate() {
        let links = [("b", "a"), ("a", "b")].map { from, to in
            var link = LinkState(name: "l", kind: "k", from: from, to: to, since: .at(0))
            let amount: Int64 = from == "a" ? 7 : 9
            link.loss = LossEstimate(
                amount: amount,
                span: .zero,
                asOf: .at(0),
                isSourceGone: false
            )
            return link
        }
        let switched = Trace.line(100, "b", .switch, .end, .successor)
        #expect(assess(.failover, from: "a", [switched], links: links).estimate?.amount == 7)
        #expect(assess(.outage, from: "a", [], links: links).estimate == nil)
    }

    @Test("where users felt nothing it is over when its last phase has ended")
    func end() {
        let begin = Trace.line(100, "b", .switch, .begin, .successor)
        let end = Trace.line(400, "b", .switch, .end, .successor)
        let running = assess(.failover, from: "a", [begin])
        #expect(RunAssessment.end(of: running, isCalm: true) == nil)
        let over = assess(.failover, from: "a", [begin, end])
        #expect(RunAssessment.end(of: over, isCalm: false) == .at(400))
    }

    @Test("where they did, when they were served again, for long enough to believe it")
    func calm() {
        var run = assess(.outage, from: "a", [])
        run.firstBad = .at(0)
        run.firstGood = .at(700)
        #expect(RunAssessment.end(of: run, isCalm: false) == nil)
        #expect(RunAssessment.end(of: run, isCalm: true) == .at(700))
    }
}
