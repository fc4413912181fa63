import Atlas
import Configure
import Foundation
import Testing

@testable import Pipeline

@Suite("A recorded HAProxy before two servers, folded")
struct CapturedHAProxyTests {
    /// A capture as inputs: `show stat` for each target, the log as it arrived, the client's tries.
    private struct Capture {
        let name: String
        private static let targets = ["be", "be/web1", "be/web2"]

        struct Truth: Decodable {
            struct Outage: Decodable {
                var seconds: Double
                var failedTries: Int
            }

            var outages: [Outage]
        }

        var truth: Truth {
            get throws {
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                return try decoder.decode(Truth.self, from: data("truth.json"))
            }
        }

        func plan() throws -> WatchPlan {
            let packs = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Sources/Evaluate/Failovers/Packs/haproxy.yaml")
            let zones = [Place(area: "tokyo", zone: "1a"), Place(area: "tokyo", zone: "1c")]
            return WatchPlan(
                estate: Estate(
                    name: "capture",
                    layers: ["edge", "web"],
                    areas: [
                        Area(
                            kind: .region,
                            name: "tokyo",
                            code: "ap-northeast-1",
                            zones: ["1a", "1c"]
                        )
                    ],
                    resources: [
                        Resource(name: "lb", place: Place(area: "tokyo"), layer: "edge"),
                        Resource(name: "pool", place: Place(area: "tokyo"), layer: "web"),
                        Resource(name: "web-1", place: zones[0], layer: "web"),
                        Resource(name: "web-2", place: zones[1], layer: "web"),
                    ],
                    services: [Service(name: "shop", members: ["lb"], rto: .seconds(30))]
                ),
                sources: [
                    LogSource(name: "log", path: "haproxy.log", format: "haproxy", resource: "lb")
                ],
                targets: zip(["pool", "web-1", "web-2"], Self.targets).map { resource, part in
                    ProbeTarget(
                        probe: "haproxy",
                        resource: resource,
                        address: "/run/haproxy/admin.sock \(part)",
                        alias: part
                    )
                },
                canaries: [
                    Canary(
                        name: "shop-read",
                        service: "shop",
                        probe: "http",
                        mode: .read,
                        targets: [.init(resource: "lb", address: "http://127.0.0.1/")],
                        every: .milliseconds(100)
                    )
                ],
                packs: [try SignaturePack.load(path: packs.standardizedFileURL.path)]
            )
        }

        func inputs() throws -> [Input] {
            var inputs = try replies() + lines() + tries()
            let times = inputs.map(\.at).sorted()
            var tick = try #require(times.first)
            while let last = times.last, tick < last {
                inputs.append(Input(at: tick, event: .tick))
                tick = tick + .seconds(1)
            }
            return inputs.enumerated().sorted {
                ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
            }
            .map(\.element)
        }

        private func data(_ file: String) throws -> Data {
            let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
            return try Data(
                contentsOf: try #require(fixtures).appending(path: "\(name)/\(file)")
            )
        }

        private func text(_ file: String) throws -> String {
            String(decoding: try data(file), as: UTF8.self)
        }

        private func replies() throws -> [Input] {
            let blocks = try text("show_stat.ticks").components(separatedBy: "@@ ")
            return try blocks.dropFirst().flatMap { block in
                let parts = block.split(separator: "\n", maxSplits: 1).map(String.init)
                let head = parts[0].split(separator: " ")
                let at = try #require(Instant(rfc3339: head[0]))
                let took = try #require(Int64(head[3].dropFirst("ms=".count)))
                return Self.targets.enumerated().map { index, part in
                    let text =
                        "@@azimuth connected 100 after \(took * 1_000) us \(part)\n"
                        + blocks[0] + parts[1]
                    let reply = ProbeReply(
                        target: index,
                        question: .status,
                        started: at,
                        ended: at + .milliseconds(took),
                        outcome: .answered(text)
                    )
                    return Input(at: reply.ended, event: .reply(reply))
                }
            }
        }

        private func lines() throws -> [Input] {
            try text("haproxy.log").split(separator: "\n").map { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                let bytes = Array(parts[1].utf8)
                let batch = LineBatch(source: 0, bytes: bytes, ends: [UInt32(bytes.count)])
                return Input(
                    at: try #require(Instant(rfc3339: parts[0])),
                    event: .lines(batch)
                )
            }
        }

        private struct ClientLine: Decodable {
            var t: String
            var seq: Int64
            var ok: Bool
            var ms: Double
            var err: String?
        }

        private func tries() throws -> [Input] {
            try text("probe.ndjson").split(separator: "\n").map { line in
                let read = try JSONDecoder().decode(ClientLine.self, from: Data(line.utf8))
                let started = try #require(Instant(rfc3339: read.t))
                let attempt = CanaryTry(
                    canary: 0,
                    number: read.seq,
                    started: started,
                    ended: started + Span(nanoseconds: Int64(read.ms * 1e6)),
                    target: 0,
                    failure: read.ok ? nil : ProbeFailure(kind: .timeout, detail: read.err ?? "")
                )
                return Input(at: attempt.ended, event: .attempt(attempt))
            }
        }
    }

    private func fold(
        _ capture: Capture,
        _ each: (Input, Picture) -> Void = { _, _ in }
    ) throws -> Picture {
        var pipeline = Pipeline(plan: try capture.plan())
        for input in try capture.inputs() {
            _ = pipeline.step(input)
            if case .tick = input.event { each(input, pipeline.picture()) }
        }
        return pipeline.picture()
    }

    /// The health of a resource from one time to another, each once.
    private struct Story: Equatable {
        var states: [String] = []

        mutating func note(_ resource: ResourceState) {
            let text = "\(resource.health.rawValue) \(resource.reason)"
            if states.last != text { states.append(text) }
        }
    }

    @Test("a killed server is DOWN in its zone, and users feel nothing")
    func killed() throws {
        let capture = Capture(name: "haproxy")
        #expect(try capture.truth.outages.isEmpty)
        var server = Story()
        var pool = Story()
        var zone: [Health] = []
        let picture = try fold(capture) { _, picture in
            pool.note(picture.resources[1])
            server.note(picture.resources[2])
            if let row = picture.places.first(where: { $0.place.zone == "1a" }),
                zone.last != row.layers[1].health
            {
                zone.append(row.layers[1].health)
            }
        }
        let cause = "Layer4 connection problem: Connection refused"
        #expect(
            server.states.filter { !$0.hasPrefix("no-data") } == [
                "ok ", "warn UP: \(cause), 1 of 3 checks failed",
                "warn UP: \(cause), 2 of 3 checks failed",
                "down DOWN: \(cause), 3 checks in a row failed",
                "down DOWN: coming back, 1 of 2 checks passed", "ok ",
            ]
        )
        #expect(
            pool.states.filter { !$0.hasPrefix("no-data") } == [
                "ok 2 of 2 servers up",
                "warn 1 of 2 servers up; web1 DOWN: \(cause), 3 checks in a row failed",
                "warn 1 of 2 servers up; web1 DOWN: coming back, 1 of 2 checks passed",
                "ok 2 of 2 servers up",
            ]
        )
        #expect(zone.filter { $0 != .noData } == [.ok, .warn, .down, .ok])
        #expect(picture.failovers.isEmpty)
        #expect(
            picture.marks.contains {
                $0.kind == .down && $0.text.hasPrefix("web-1 down: DOWN: Layer4")
            }
        )
        #expect(picture.sources[0].unparsed == 0)
    }

    @Test("a hung server is one outage, until HAProxy leads users away from it")
    func hung() throws {
        let capture = Capture(name: "haproxy-hang")
        let truth = try #require(try capture.truth.outages.first)
        let picture = try fold(capture)
        #expect(picture.failovers.count == 1)
        let run = try #require(picture.failovers.first)
        let outage = try #require(run.outage(at: picture.at))
        #expect(abs(outage.seconds - truth.seconds) <= 0.3, "\(outage), truth \(truth.seconds)")
        #expect(run.felt.map(\.bad).reduce(0, +) == truth.failedTries)
        #expect(run.kind == .outage && run.isLedAway)
        #expect(run.state == .verified)
        #expect(run.from == "web-1")
        #expect(run.to == nil)
        #expect(run.steps.map(\.state) == [.done, .absent, .absent, .absent, .done])
        // HAProxy's lines have whole seconds; a fresh one is dated by its arrival.
        #expect(run.steps[4].start == Instant(rfc3339: "2026-11-23T07:03:30.590399Z"))
        #expect(run.steps[4].end == run.firstGood)
        let detections = run.evidence.filter { $0.eye == .log && $0.phase == .detect }
        #expect(detections.map(\.subject) == ["web-1", "web-1", "web-1"])
        #expect(run.evidence.contains { $0.subject == "web-1" && $0.text.contains(" is DOWN") })
    }
}
