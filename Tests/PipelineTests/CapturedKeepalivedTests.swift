import Atlas
import Configure
import Foundation
import Testing

@testable import Pipeline

@Suite("A recorded VRRP pair, folded")
struct CapturedKeepalivedTests {
    enum Mode: String, CaseIterable {
        case node
        case service
    }

    private struct Truth: Decodable {
        struct Outage: Decodable {
            var seconds: Double
        }

        struct Event: Decodable {
            var t: Instant
            var event: String
        }

        var outages: [Outage]
        var events: [Event]
    }

    private let members = ["n1", "n2"]

    private func plan() throws -> WatchPlan {
        let packs = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Evaluate/Failovers/Packs/keepalived.yaml")
        return WatchPlan(
            estate: Estate(
                name: "capture",
                layers: ["edge"],
                areas: [Area(kind: .site, name: "lab", code: "on-prem")],
                resources: members.map {
                    Resource(name: $0, place: Place(area: "lab"), layer: "edge")
                },
                services: [Service(name: "web", members: members)]
            ),
            sources: members.map {
                LogSource(name: "\($0) log", path: "\($0).log", format: "keepalived", resource: $0)
            },
            targets: members.map {
                ProbeTarget(probe: "keepalived", resource: $0, address: "10.77.0.100")
            },
            canaries: [
                Canary(
                    name: "web-read",
                    service: "web",
                    probe: "tcp",
                    mode: .read,
                    targets: [.init(resource: "n1", address: "10.77.0.100:7700")],
                    every: .milliseconds(50)
                )
            ],
            packs: [try SignaturePack.load(path: packs.standardizedFileURL.path)]
        )
    }

    private func text(_ mode: Mode, _ name: String) throws -> String {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let path = "keepalived/\(mode.rawValue)/\(name)"
        let data = try Data(contentsOf: fixtures.appending(path: path))
        return String(decoding: data, as: UTF8.self)
    }

    /// The samples are text; the probe asks for the same facts as JSON.
    private func replies(_ target: Int, _ mode: Mode) throws -> [Input] {
        try text(mode, "\(members[target]).ip_addr.ticks").components(separatedBy: "@@ ")
            .dropFirst().map { block in
                let lines = block.split(separator: "\n")
                let head = lines[0].split(separator: " ")
                let at = try #require(Instant(rfc3339: head[0]))
                let took = try #require(Int64(head[3].dropFirst("ms=".count)))
                let flags = lines[1].split(whereSeparator: { "<>".contains($0) })[1]
                    .split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
                let state = try #require(lines[1].firstMatch(of: /state ([A-Z]+)/)).1
                let addresses = lines.dropFirst(2).map { line in
                    let parts = line.split(separator: " ")[1].split(separator: "/")
                    return "{\"local\":\"\(parts[0])\",\"prefixlen\":\(parts[1])}"
                }
                let reply = ProbeReply(
                    target: target,
                    question: .status,
                    started: at,
                    ended: at + .milliseconds(took),
                    outcome: .answered(
                        "@@azimuth exit 0 after 1000 us 10.77.0.100\n"
                            + "[{\"ifname\":\"eth0\",\"flags\":[\(flags)],\"operstate\":\"\(state)\","
                            + "\"addr_info\":[\(addresses.joined(separator: ","))]}]"
                    )
                )
                return Input(at: reply.ended, event: .reply(reply))
            }
    }

    private func lines(_ source: Int, _ mode: Mode) throws -> [Input] {
        try text(mode, "\(members[source]).log").split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            let bytes = Array(parts[1].utf8)
            let batch = LineBatch(
                source: UInt16(source),
                bytes: bytes,
                ends: [UInt32(bytes.count)]
            )
            return Input(at: try #require(Instant(rfc3339: parts[0])), event: .lines(batch))
        }
    }

    private func tries(_ mode: Mode) throws -> [Input] {
        try text(mode, "tries").split(separator: "\n").enumerated().map { number, line in
            let parts = line.split(separator: " ", maxSplits: 2)
            let started = try #require(Instant(rfc3339: parts[0]))
            let took = Span(nanoseconds: Int64(try #require(Double(parts[1])) * 1e6))
            let attempt = CanaryTry(
                canary: 0,
                number: Int64(number),
                started: started,
                ended: started + took,
                target: 0,
                failure: parts.count == 2
                    ? nil : ProbeFailure(kind: .unreachable, detail: String(parts[2]))
            )
            return Input(at: attempt.ended, event: .attempt(attempt))
        }
    }

    private func fold(
        _ mode: Mode,
        without isLeftOut: (Input) -> Bool = { _ in false },
        watch each: (Input, Picture) -> Void = { _, _ in }
    ) throws -> Picture {
        var inputs = try replies(0, mode) + replies(1, mode) + tries(mode)
        // What was written before somebody looked is not read.
        let start = try #require(inputs.map(\.at).min())
        inputs += try (lines(0, mode) + lines(1, mode)).filter { $0.at >= start }
        inputs.removeAll(where: isLeftOut)
        let end = try #require(inputs.map(\.at).max())
        for second in 0...Int64((end - start).seconds) {
            inputs.append(Input(at: start + .seconds(second), event: .tick))
        }
        inputs = inputs.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        .map(\.element)
        var pipeline = Pipeline(plan: try plan())
        for input in inputs {
            _ = pipeline.step(input)
            if case .tick = input.event { each(input, pipeline.picture()) }
        }
        return pipeline.picture()
    }

    private func truth(_ mode: Mode) throws -> (outage: Double, fault: Instant, heal: Instant) {
        let truth = try JSONDecoder().decode(Truth.self, from: Data(text(mode, "truth.json").utf8))
        func at(_ event: String) throws -> Instant {
            try #require(truth.events.first { $0.event == event }).t
        }
        #expect(truth.outages.count == 1)
        return (try #require(truth.outages.first).seconds, try at("fault"), try at("heal_begin"))
    }

    @Test("the address moves to n2 as the truth has it, and back unfelt", arguments: Mode.allCases)
    func moves(mode: Mode) throws {
        let truth = try truth(mode)
        var early: [FailoverRun] = []
        let picture = try fold(
            mode,
            watch: { if $0.at < truth.fault { early += $1.failovers } }
        )
        #expect(early.isEmpty, "all was well until \(truth.fault)")
        #expect(picture.failovers.map(\.kind) == [.failover, .failover])
        let there = try #require(picture.failovers.first)
        #expect(there.from == "n1" && there.to == "n2" && there.state == .verified)
        let outage = try #require(there.outage(at: picture.at)).seconds
        #expect(abs(outage - truth.outage) <= 0.3, "\(outage) s, truth \(truth.outage) s")
        let back = try #require(picture.failovers.last)
        #expect(back.from == "n2" && back.to == "n1" && back.state == .verified)
        #expect(back.firstBad == nil && back.started > truth.heal)
        for run in picture.failovers {
            #expect(run.steps.map(\.state) == [.done, .done, .done, .absent, .done])
            #expect(!run.hasTwoWriters, "it moved between two looks")
            let took = run.steps.compactMap(\.took)
            #expect(took.allSatisfy { $0 >= .zero } && took[0] > .seconds(2))
            #expect(try #require(run.steps[4].took) < .seconds(1), "not until it is said again")
        }
        #expect(picture.services.first?.serving == "n1")
        #expect(picture.sources.allSatisfy { $0.unparsed == 0 })
    }

    @Test("the phases lie where the pair's notify scripts saw them")
    func phases() throws {
        let steps = try #require(try fold(.node).failovers.first).steps
        #expect(steps[1].start == Instant(rfc3339: "2026-11-23T07:01:13.552113Z"))
        #expect(steps[0].end == Instant(rfc3339: "2026-11-23T07:01:17.160736Z"))
        #expect(steps[2].end == Instant(rfc3339: "2026-11-23T07:01:17.160736Z"))
        #expect(steps[4].end == Instant(rfc3339: "2026-11-23T07:01:17.160736Z"))
    }

    @Test("without logs the roles alone tell where it went", arguments: Mode.allCases)
    func withoutLogs(mode: Mode) throws {
        let picture = try fold(
            mode,
            without: { input in if case .lines = input.event { true } else { false } }
        )
        #expect(picture.failovers.map(\.from) == ["n1", "n2"])
        #expect(picture.failovers.map(\.to) == ["n2", "n1"])
        #expect(picture.failovers.allSatisfy { $0.steps[4].state == .absent })
        #expect(picture.services.first?.serving == "n1")
    }
}
