import Atlas
import Testing

@testable import Pipeline

@Suite("Several probes that look at one resource")
struct SeveralEyesTests {
    private let plan = WatchPlan(
        estate: Estate(
            name: "e",
            layers: ["data"],
            areas: [Area(kind: .site, name: "here", code: "")],
            resources: [Resource(name: "a", place: Place(area: "here"), layer: "data")]
        ),
        targets: [
            ProbeTarget(probe: "exec", resource: "a", address: "x"),
            ProbeTarget(probe: "postgresql", resource: "a", address: "x"),
            ProbeTarget(probe: "nagios", resource: "a", address: "x"),
        ]
    )
    private let primary = "server|15.8|f|00000001|0/3000000||\nload|1|20|886"

    private func picture(_ replies: [(Int, ProbeReply.Outcome)]) -> Picture {
        var pipeline = Pipeline(plan: plan)
        for (number, reply) in replies.enumerated() {
            let at = Instant(seconds: 1_000 + Int64(number) / 3)
            let reply = ProbeReply(
                target: reply.0,
                question: .status,
                started: at,
                ended: at,
                outcome: reply.1
            )
            _ = pipeline.step(Input(at: at, event: .reply(reply)))
        }
        return pipeline.picture()
    }

    private func exec(_ line: String) -> (Int, ProbeReply.Outcome) {
        (0, .answered("@@azimuth exit 0 after 9 us\n\(line)\n"))
    }

    private func nagios(_ status: Int) -> (Int, ProbeReply.Outcome) {
        (2, .answered("@@azimuth exit \(status) after 9 us\nDISK|/=5B\n"))
    }

    @Test("its health is the worst that they say, and none covers another")
    func worst() {
        let metric = exec(#"{"type":"metric","name":"m","value":1}"#)
        let fine = picture([(1, .answered(primary)), metric, nagios(0)]).resources[0]
        #expect(fine.health == .ok)
        #expect(fine.role == .primary && fine.position != nil)
        #expect(
            fine.metrics.map(\.name) == ["m", "commits", "connections", "connections-limit", "/"]
        )
        let full = picture([nagios(2), (1, .answered(primary)), metric]).resources[0]
        #expect(full.health == .down && full.reason == "DISK" && full.role == .primary)
        let refused = ProbeReply.Outcome.failed(ProbeFailure(kind: .unreachable, detail: "refused"))
        let gone = picture([(1, refused), (1, refused), nagios(0), metric]).resources[0]
        #expect(gone.health == .down && gone.reason == "refused")
        #expect(picture([nagios(0), metric]).resources[0].health == .noData)
    }

    @Test("an event that is told again and again is marked once")
    func events() {
        let event = #"{"type":"event","at":"1970-01-01T00:16:00Z","level":"error","text":"moved"}"#
        let other = event + "\n" + #"{"type":"event","text":"noted"}"#
        let marks = picture([exec(event), exec(event), exec(other), exec(other)]).marks
        #expect(marks.map(\.text) == ["a: moved", "a: noted"])
        #expect(marks.map(\.kind) == [.warn, .note])
        #expect(marks[0].at == Instant(seconds: 960))
    }
}
