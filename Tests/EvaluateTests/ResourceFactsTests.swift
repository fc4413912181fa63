import Atlas
import Testing

@testable import Evaluate

@Suite("What a probe's replies say of a resource")
struct ResourceFactsTests {
    private func failing(_ kind: ProbeFailure.Kind, times: Int) -> Health {
        var facts = ResourceFacts(name: "a", every: .seconds(1))
        facts.take([.role(.primary)], asked: .at(0), answered: .at(1))
        for number in 1...times {
            facts.take(ProbeFailure(kind: kind, detail: "x"), at: .at(Int64(number) * 1_000))
        }
        return facts.health(at: .at(Int64(times) * 1_000)).0
    }

    @Test("one missing answer warns, two in a row are down")
    func down() {
        #expect(failing(.unreachable, times: 1) == .warn)
        #expect(failing(.unreachable, times: 2) == .down)
        #expect(failing(.timeout, times: 2) == .down)
    }

    @Test(
        "what only keeps us from looking is no data, and not the server's fault",
        arguments: [ProbeFailure.Kind.denied, .noClient, .refused, .tooLarge]
    )
    func blind(kind: ProbeFailure.Kind) {
        #expect(failing(kind, times: 5) == .noData)
    }

    @Test("silence is no data after three periods")
    func silence() {
        var facts = ResourceFacts(name: "a", every: .seconds(1))
        #expect(facts.health(at: .at(0)).0 == .noData)
        facts.take([.role(.primary)], asked: .at(0), answered: .at(1))
        #expect(facts.health(at: .at(3_000)).0 == .ok)
        #expect(facts.health(at: .at(6_000)).0 == .noData)
    }

    /// `a` is asked at full seconds, `b` half a second later; P is primary, s standby, - no answer.
    private func sharesPrimary(_ a: String, _ b: String) -> [Bool] {
        var facts = (
            ResourceFacts(name: "a", every: .seconds(1)),
            ResourceFacts(name: "b", every: .seconds(1))
        )
        func take(_ answer: Character, _ at: Int64, _ facts: inout ResourceFacts) {
            switch answer {
            case "P": facts.take([.role(.primary)], asked: .at(at), answered: .at(at + 5))
            case "s": facts.take([.role(.standby)], asked: .at(at), answered: .at(at + 5))
            default: facts.take(ProbeFailure(kind: .timeout, detail: ""), at: .at(at + 5))
            }
        }
        return zip(a, b).enumerated().map { second, answers in
            take(answers.0, Int64(second) * 1_000, &facts.0)
            take(answers.1, Int64(second) * 1_000 + 500, &facts.1)
            return facts.0.sharesPrimary(with: facts.1)
        }
    }

    @Test("two are primary at once when one said so before and after the other did")
    func shares() {
        #expect(sharesPrimary("PPsss", "sPPPP") == [false, false, false, false, false], "it moved")
        #expect(sharesPrimary("PPPP", "sPPP") == [false, false, true, true])
        #expect(sharesPrimary("PP-PP", "sPPPP") == [false, false, false, false, true])
        #expect(sharesPrimary("PPPs", "sPPP").last == false, "only while both say so")
    }

    @Test("a standby that nobody feeds warns; one that does not say is not judged")
    func cutOff() {
        var facts = ResourceFacts(name: "a", every: .seconds(1))
        facts.take([.role(.standby), .upstream(nil)], asked: .at(0), answered: .at(1))
        #expect(facts.health(at: .at(1)).0 == .warn)
        facts.take([.role(.standby)], asked: .at(0), answered: .at(1))
        #expect(facts.health(at: .at(1)).0 == .ok)
    }
}

@Suite("Lines by severity over the last hour")
struct RateCounterTests {
    @Test("silence shows as zeros, and an hour is all that is held")
    func window() {
        var counter = RateCounter()
        counter.count(.error, arrival: .at(0))
        counter.advance(to: .at(30_000))
        #expect(counter.rates.errors == [1, 0, 0, 0])
        counter.advance(to: .at(2 * 3_600_000))
        #expect(counter.rates.errors.count <= LogRates.capacity)
        #expect(counter.rates.errors.reduce(0, +) == 0)
    }

    @Test("the sum over the window is what was counted in it, whatever the order of arrival")
    func sums() {
        var counter = RateCounter()
        for step in 0..<1_000 {
            counter.count(.warn, arrival: .at(Int64(step * 37 % 500) * 1_000))
        }
        #expect(counter.rates.warnings.reduce(0, +) == 1_000)
    }
}

@Suite("Signatures in messages")
struct SignatureMatcherTests {
    private func names(_ match: String, in message: String) -> Bool {
        let signature = Signature(
            name: "x",
            match: match,
            phase: .detect,
            edge: .point,
            role: .any,
            sample: ""
        )
        let matcher = SignatureMatcher(SignaturePack(system: "s", signatures: [signature]))
        return !matcher.matches(Array(message.utf8)[...]).isEmpty
    }

    @Test("a text is found anywhere, a star stands for any run")
    func stars() {
        #expect(names("promote", in: "received promote request"))
        #expect(names("received*request", in: "received promote request"))
        #expect(!names("request*received", in: "received promote request"))
        #expect(!names("promoted", in: "received promote request"))
    }

    @Test(
        "the name of the resource that a line is about is read where the match says so",
        arguments: [
            ("Server {resource} is DOWN", "Backup Server be/web1 is DOWN. 1 left", "be/web1"),
            ("check for *server {resource} failed", "check for backup server a failed, b", "a"),
            ("{resource} is UP", "web1 is UP again", "web1"),
            ("up: {resource}", "up: web1", "web1"),
            ("Server {resource} is DOWN", "Server  is DOWN", ""),
        ]
    )
    func resources(match: String, message: String, name: String) throws {
        let signature = Signature(
            name: "x",
            match: match,
            phase: .detect,
            edge: .point,
            role: .any,
            sample: ""
        )
        let matcher = SignatureMatcher(SignaturePack(system: "s", signatures: [signature]))
        // A slice, as the message of a line is one.
        let line = Array("12:00 \(message)".utf8)
        #expect(matcher.matches(line[6...]).map(\.name) == [name])
        #expect(matcher.matches(line[6..<8]).isEmpty)
    }

    @Test("an empty match finds nothing, a match longer than the message neither")
    func edges() {
        #expect(!names("", in: "anything"))
        #expect(!names("*", in: "anything"))
        #expect(!names("a long one", in: "a"))
    }
}
