import Atlas
import Configure
import Foundation
import Testing

@testable import Pipeline

@Suite("A recorded Redis pair with three sentinels, folded")
struct CapturedRedisTests {
    private let servers = ["n1", "n2"]
    private let sentinels = ["s1", "s2", "s3"]

    private func plan() throws -> WatchPlan {
        let members = servers + sentinels
        let packs = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Evaluate/Failovers/Packs/redis.yaml")
        return WatchPlan(
            estate: Estate(
                name: "capture",
                layers: ["data"],
                areas: [Area(kind: .site, name: "lab", code: "on-prem")],
                resources: members.map {
                    Resource(name: $0, place: Place(area: "lab"), layer: "data")
                },
                links: [ReplicationLink(name: "cache", from: "n1", to: "n2", kind: "async")],
                services: [Service(name: "cache", members: members)]
            ),
            sources: members.map {
                LogSource(name: "\($0) log", path: "\($0).log", format: "redis", resource: $0)
            },
            targets: members.map { ProbeTarget(probe: "redis", resource: $0, address: "\($0):1") },
            packs: [try SignaturePack.load(path: packs.standardizedFileURL.path)]
        )
    }

    private func text(_ name: String) throws -> String {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let data = try Data(contentsOf: fixtures.appending(path: "redis/\(name)"))
        return String(decoding: data, as: UTF8.self)
    }

    /// `@@ TIME node=NODE rc=EXIT ms=DURATION $ COMMAND`, then what INFO said.
    private func replies(_ target: Int) throws -> [Input] {
        let names =
            servers.map { "\($0).info_replication" } + sentinels.map { "\($0).info_sentinel" }
        let blocks = try text("\(names[target]).ticks").components(separatedBy: "@@ ").dropFirst()
        return try blocks.map { block in
            let parts = block.split(separator: "\n", maxSplits: 1).map(String.init)
            let head = parts[0].split(separator: " ")
            let at = try #require(Instant(rfc3339: head[0]))
            let took = try #require(Int64(head[3].dropFirst("ms=".count)))
            let said = parts.count > 1 ? parts[1] : ""
            let reply = ProbeReply(
                target: target,
                question: .status,
                started: at,
                ended: at + .milliseconds(took),
                outcome: head[2] == "rc=0"
                    ? .answered(said) : .failed(ProbeFailure(kind: .unreachable, detail: said))
            )
            return Input(at: reply.ended, event: .reply(reply))
        }
    }

    /// Each line arrives 20 ms after the time it states.
    private func lines(_ source: Int, _ name: String) throws -> [Input] {
        try text("logs/\(name).log").split(separator: "\n").compactMap {
            (line: Substring) -> Input? in
            let words = line.split(separator: " ", maxSplits: 5)
            guard words.count == 6, words[2] == "Nov" else { return nil }
            let time = "\(words[3])-11-\(words[1])T\(words[4])Z"
            let at = try #require(Instant(rfc3339: time)) + .milliseconds(20)
            let bytes = Array(line.utf8)
            let batch = LineBatch(
                source: UInt16(source),
                bytes: bytes,
                ends: [UInt32(bytes.count)]
            )
            return Input(at: at, event: .lines(batch))
        }
    }

    private func fold(_ each: (Input, Picture) -> Void = { _, _ in }) throws -> Picture {
        var inputs = try (0..<5).flatMap { try replies($0) }
        for (index, name) in servers.enumerated() { inputs += try lines(index, "\(name).redis") }
        for (index, name) in sentinels.enumerated() {
            inputs += try lines(index + 2, "\(name).sentinel")
        }
        let times = inputs.map(\.at).sorted()
        var tick = try #require(times.first)
        while let last = times.last, tick < last {
            inputs.append(Input(at: tick, event: .tick))
            tick = tick + .seconds(1)
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

    @Test("kill -9 of the master is one failover n1 → n2; sentinels tell the address last")
    func killed() throws {
        let picture = try fold()
        #expect(picture.failovers.count == 1)
        let run = try #require(picture.failovers.first)
        #expect(run.kind == .failover)
        #expect(run.from == "n1")
        #expect(run.to == "n2")
        #expect(run.state == .verified)
        #expect(run.steps.map(\.state) == [.done, .absent, .done, .absent, .done])
        #expect(run.steps[0].start == Instant(rfc3339: "2026-11-23T06:58:13.954Z"))
        #expect(run.steps[2].start == Instant(rfc3339: "2026-11-23T06:58:17.183Z"))
        #expect(run.steps[2].end == Instant(rfc3339: "2026-11-23T06:58:17.321Z"))
        #expect(run.steps[4].start == Instant(rfc3339: "2026-11-23T06:58:18.130Z"))
        #expect(run.steps[4].end == Instant(rfc3339: "2026-11-23T06:58:18.196Z"))
        #expect(run.evidence.contains { $0.subject == "s1" && $0.text.hasPrefix("+odown") })
    }

    @Test("the sentinels stay well and watch their master, and none of them takes part")
    func watchers() throws {
        var healths: Set<Health> = []
        let picture = try fold { _, picture in
            healths.formUnion(picture.resources.dropFirst(2).map(\.health))
        }
        #expect(healths.subtracting([.noData]) == [.ok])
        for sentinel in picture.resources.dropFirst(2) {
            #expect(sentinel.role == nil)
            #expect(sentinel.metrics.first { $0.name == "masters" }?.value == 1)
            #expect(sentinel.metrics.first { $0.name == "tilt" }?.value == 0)
        }
        #expect(picture.services.first?.serving == "n2")
    }

    @Test("the old master comes back as a second one, until the sentinels make it a replica")
    func cameBack() throws {
        var sawBoth = false
        let picture = try fold { _, picture in
            sawBoth = sawBoth || picture.links.first?.reason == "both ends take writes"
        }
        #expect(sawBoth, "from 06:59:04 to 06:59:14 both said they are master")
        #expect(picture.failovers.first?.hasTwoWriters == true)
        #expect(picture.links.first?.from == "n2")
        #expect(picture.links.first?.health == .ok)
        #expect(picture.sources.allSatisfy { $0.unparsed == 0 })
    }
}
