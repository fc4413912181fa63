import Atlas
import Testing

@testable import Pipeline

@Suite("Rules in the fold")
struct RuleStageTests {
    private static let start = Instant(nanoseconds: 1_795_418_431_000_000_000)

    private static func plan(_ rules: [LineRule], resource: String? = nil) -> WatchPlan {
        WatchPlan(
            estate: Estate(
                layers: ["l"],
                areas: [Area(kind: .site, name: "s", code: "s")],
                resources: ["lb-1", "lb-2", "web"].map {
                    Resource(name: $0, place: Place(area: "s"), layer: "l")
                }
            ),
            sources: [
                LogSource(name: "hub", path: "/hub", format: "own", resource: resource)
            ],
            formats: [
                UserFormat(
                    name: "own",
                    pattern: #"(?<host>lb-\d) (?<level>\w+) (?<message>.*)"#,
                    continuation: "\\s+(?<message>.*)"
                )
            ],
            rules: rules
        )
    }

    private static let place = LineRule(
        name: "place",
        action: .place(
            LineRule.Placement(field: "host", pattern: .regex("(?<resource>.*)"), traits: [])
        )
    )

    private static let drop = LineRule(
        name: "quiet",
        when: [.levelBelow(.notice)],
        action: .drop
    )

    private static func input(_ lines: [String], stream: UInt32 = 0) -> Input {
        var batch = LineBatch(source: 0, stream: stream, bytes: [], ends: [])
        for line in lines {
            batch.bytes += Array(line.utf8)
            batch.ends.append(UInt32(batch.bytes.count))
        }
        batch.position = ReadPosition(
            source: "hub",
            device: 1,
            inode: 2,
            offset: UInt64(batch.bytes.count),
            head: 3,
            tail: 4
        )
        return Input(at: start, event: .lines(batch))
    }

    private func run(_ plan: WatchPlan, _ inputs: [Input]) -> (Picture, [LogChunk]) {
        var pipeline = Pipeline(plan: plan)
        var effects: [Effect] = []
        for input in inputs { effects += pipeline.step(input) }
        effects += pipeline.finish()
        let chunks = effects.compactMap { effect -> LogChunk? in
            if case .keep(let chunk) = effect { chunk } else { nil }
        }
        return (pipeline.picture(), chunks)
    }

    private func texts(_ chunks: [LogChunk]) -> [String] {
        chunks.flatMap { chunk in
            (0..<chunk.count).map { String(decoding: chunk.line($0), as: UTF8.self) }
        }
    }

    @Test("drop lines with those that go on with them, count them, and move the position")
    func drops() throws {
        let lines = [
            "lb-1 INFO a", "  goes on", "lb-1 WARN b", "  goes on", "other", "lb-2 DEBUG c",
        ]
        let (picture, chunks) = run(Self.plan([Self.drop]), [Self.input(lines)])
        #expect(texts(chunks) == ["lb-1 WARN b", "  goes on"])
        #expect(chunks.last?.positions.count == 1)
        let state = try #require(picture.sources.first)
        #expect(state.lines == 6)
        #expect(state.ruled == [RuleCount(rule: "quiet", fate: .dropped, lines: 4)])
        #expect(state.health == .ok)
    }

    @Test("keep the position of a batch of which every line was dropped")
    func onlyPosition() {
        let (_, chunks) = run(Self.plan([Self.drop]), [Self.input(["lb-1 INFO a"])])
        #expect(chunks.map(\.count) == [0])
        #expect(chunks.flatMap(\.positions).count == 1)
    }

    @Test("make a part of the source of each resource that lines are placed at")
    func places() throws {
        let lines = ["lb-2 WARN a", "  goes on", "lb-1 WARN b", "unread", "lb-9 WARN c"]
        let (picture, chunks) = run(Self.plan([Self.place]), [Self.input(lines)])
        let chunk = try #require(chunks.first)
        #expect(chunk.sources == [1, 1, 2, 0, 0])
        #expect(chunk.placed.map(\.name) == ["hub: lb-2", "hub: lb-1"])
        #expect(picture.sources.map(\.name) == ["hub", "hub: lb-2", "hub: lb-1"])
        #expect(picture.sources.map(\.resource) == [nil, "lb-2", "lb-1"])
        #expect(picture.sources.map(\.lines) == [5, 2, 1])
        #expect(
            picture.sources[0].ruled == [RuleCount(rule: "place", fate: .unplaced, lines: 1)]
        )
    }

    @Test("leave a line that is placed where its source is with the source itself")
    func home() throws {
        let plan = Self.plan([Self.place], resource: "lb-1")
        let (_, chunks) = run(plan, [Self.input(["lb-1 WARN a", "lb-2 WARN b"])])
        #expect(chunks.first?.sources == [0, 1])
    }

    @Test("do not mix up what goes on with which line of two streams")
    func streams() {
        let inputs = [
            Self.input(["lb-1 INFO a"], stream: 1), Self.input(["lb-2 WARN b"], stream: 2),
            Self.input(["  of a"], stream: 1), Self.input(["  of b"], stream: 2),
        ]
        let (_, chunks) = run(Self.plan([Self.drop]), inputs)
        #expect(texts(chunks) == ["lb-2 WARN b", "  of b"])
    }

    @Test("come to the same result however lines are cut into batches")
    func cuts() {
        let sample = LineRule(name: "one in three", action: .sample(oneIn: 3, by: nil))
        let rules = [Self.drop, sample, Self.place]
        let lines = (0..<60).map { index in
            index % 5 == 4
                ? "  goes on" : "lb-\(index % 3) \(["INFO", "WARN", "ERROR"][index % 3]) \(index)"
        }
        let whole = run(Self.plan(rules), [Self.input(lines)])
        let single = run(Self.plan(rules), lines.map { Self.input([$0]) })
        #expect(texts(whole.1) == texts(single.1))
        #expect(whole.1.flatMap(\.sources) == single.1.flatMap(\.sources))
        #expect(whole.0.sources.map(\.ruled) == single.0.sources.map(\.ruled))
    }

    @Test("find evidence in placed lines for the resource that they are placed at, none in dropped")
    func evidence() {
        var plan = Self.plan([
            LineRule(name: "d", when: [.field("message", .matches("no"))], action: .drop),
            Self.place,
        ])
        plan.estate.services = [Service(name: "front", members: ["lb-1", "lb-2"])]
        plan.packs = [
            SignaturePack(
                system: "own",
                signatures: [
                    Signature(
                        name: "up",
                        match: "takes over",
                        phase: .switch,
                        edge: .begin,
                        role: .successor,
                        sample: "takes over"
                    )
                ]
            )
        ]
        let (quiet, _) = run(plan, [Self.input(["lb-2 WARN no takes over"])])
        #expect(quiet.failovers.isEmpty)
        let (told, _) = run(plan, [Self.input(["lb-2 WARN takes over"])])
        #expect(told.failovers.first?.evidence.first?.subject == "lb-2")
    }
}
