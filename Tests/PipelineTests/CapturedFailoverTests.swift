import Atlas
import Testing

@testable import Pipeline

@Suite("Recorded PostgreSQL pairs, folded")
struct CapturedFailoverTests {
    private func fold(_ name: String, hasCanary: Bool) throws -> Picture {
        let capture = try CaptureReader(name)
        var pipeline = Pipeline(
            plan: capture.plan(packs: [.postgresql], hasCanary: hasCanary)
        )
        for input in try capture.inputs() { _ = pipeline.step(input) }
        return pipeline.picture()
    }

    @Test("kill -9 of the primary is one failover n1 → n2 with detect, switch and restart")
    func killed() throws {
        let picture = try fold("pg", hasCanary: false)
        #expect(picture.failovers.count == 1)
        let run = try #require(picture.failovers.first)
        #expect(run.kind == .failover)
        #expect(run.from == "n1")
        #expect(run.to == "n2")
        #expect(run.state == .verified)
        #expect(run.steps.map(\.state) == [.done, .absent, .done, .done, .absent])
        let promote = try #require(Instant(rfc3339: "2026-11-23T07:20:32.933Z"))
        let ready = try #require(Instant(rfc3339: "2026-11-23T07:20:33.097Z"))
        #expect(run.steps[2].start == promote)
        #expect(run.steps[3].end == ready)
        #expect(picture.links.first?.from == "n2", "after pg_rewind n1 follows n2")
        #expect(picture.links.first?.health == .ok)
        #expect(picture.resources.map(\.health) == [.ok, .ok])
    }

    @Test("paused replay is no failover and no outage, and the link says how far behind")
    func replayLag() throws {
        let capture = try CaptureReader("pg-replaylag")
        let truth = try capture.truth()
        #expect(truth.outages.isEmpty && truth.lostWrites == 0)
        var pipeline = Pipeline(plan: capture.plan(packs: [.postgresql], hasCanary: true))
        var worst = Span.zero
        var worstLoss = Span.zero
        var changes: [(at: Instant, text: String)] = []
        for input in try capture.inputs() {
            _ = pipeline.step(input)
            guard case .reply = input.event, let link = pipeline.picture().links.first,
                link.health != .noData
            else { continue }
            worst = max(worst, link.replayLag ?? .zero)
            worstLoss = max(worstLoss, link.loss?.span ?? .zero)
            let text = "\(link.health.rawValue) \(link.reason)"
            if changes.last?.text != text { changes.append((input.at, text)) }
        }
        let picture = pipeline.picture()
        #expect(picture.failovers.isEmpty)
        let service = try #require(picture.services.first)
        #expect(service.good == truth.clientAcked && service.bad == truth.clientErrors)
        let pause = truth.healedAt - truth.faultAt
        #expect(abs((worst - pause).seconds) <= 1.5, "\(worst), paused for \(pause)")
        #expect(worstLoss < .seconds(2), "all of it was received; seen \(worstLoss)")
        #expect(
            changes.map(\.text) == ["ok ", "warn received, but not applied in time", "ok "]
        )
        try #require(changes.count == 3)
        #expect(abs((changes[1].at - truth.faultAt - .seconds(5)).seconds) <= 1.5)
        #expect(abs((changes[2].at - truth.healedAt).seconds) <= 1.5)
    }
}

extension SignaturePack {
    static let postgresql = SignaturePack(
        system: "postgresql",
        signatures: [
            Signature(
                name: "a",
                match: "could not receive data from WAL stream",
                phase: .detect,
                edge: .begin,
                role: .successor,
                sample: ""
            ),
            Signature(
                name: "b",
                match: "received promote request",
                phase: .switch,
                edge: .begin,
                role: .successor,
                sample: ""
            ),
            Signature(
                name: "c",
                match: "archive recovery complete",
                phase: .switch,
                edge: .end,
                role: .successor,
                sample: ""
            ),
            Signature(
                name: "d",
                match: "archive recovery complete",
                phase: .restart,
                edge: .begin,
                role: .successor,
                sample: ""
            ),
            Signature(
                name: "e",
                match: "database system is ready to accept connections",
                phase: .restart,
                edge: .end,
                role: .any,
                sample: ""
            ),
        ]
    )
}
