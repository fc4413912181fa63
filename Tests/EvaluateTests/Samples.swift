import Atlas

@testable import Evaluate

extension Instant {
    /// Milliseconds after some fixed moment.
    static func at(_ milliseconds: Int64) -> Instant {
        Instant(seconds: 1_795_000_000) + .milliseconds(milliseconds)
    }
}

extension Canary {
    /// One that writes, with a choice between the members `a` and `b`, ten times a second.
    static func writing(to service: String) -> Canary {
        Canary(
            name: "\(service)-write",
            service: service,
            probe: "postgresql",
            mode: .write,
            table: "t",
            targets: [.init(resource: "a", address: ""), .init(resource: "b", address: "")],
            every: .milliseconds(100)
        )
    }
}

extension CanaryTry {
    /// The try number `index` of a canary with a period of 100 ms; each takes 5 ms.
    static func sample(_ index: Int, isGood: Bool, target: Int = 0) -> CanaryTry {
        CanaryTry(
            canary: 0,
            number: Int64(1_000 + index),
            started: .at(Int64(index) * 100),
            ended: .at(Int64(index) * 100 + 5),
            target: target,
            failure: isGood ? nil : ProbeFailure(kind: .unreachable, detail: "refused")
        )
    }
}

extension Trace {
    /// A line of a member's log, at milliseconds after the fixed moment.
    static func line(
        _ milliseconds: Int64,
        _ member: String,
        _ phase: FailoverPhase,
        _ edge: Signature.Edge,
        _ side: Signature.Side,
        _ text: String = "line"
    ) -> Trace {
        let evidence = Evidence(
            at: .at(milliseconds),
            phase: phase,
            eye: .log,
            subject: member,
            text: text,
            health: .ok,
            line: 1
        )
        return Trace(evidence, edge: edge, side: side)
    }
}
