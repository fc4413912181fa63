import Atlas
import Testing

@testable import Pipeline

@Suite("A plan with a format and a signature pack of the operator's own")
struct OwnFormatTests {
    private static let plan: WatchPlan = {
        var estate = Estate()
        estate.resources = ["db-1", "db-2"].map {
            Resource(name: $0, place: Place(area: "s"), layer: "l")
        }
        estate.services = [Service(name: "orders", members: ["db-1", "db-2"])]
        return WatchPlan(
            estate: estate,
            sources: [LogSource(name: "a", path: "a", format: "script", resource: "db-2")],
            packs: [
                SignaturePack(
                    system: "script",
                    signatures: [
                        Signature(
                            name: "begins",
                            match: "promote: begins",
                            phase: .switch,
                            edge: .begin,
                            role: .successor,
                            sample: ""
                        )
                    ]
                )
            ],
            formats: [
                UserFormat(
                    name: "script",
                    pattern: #"(?<time>\d+) (?<level>\w+) (?<message>.*)"#,
                    time: "%s"
                )
            ]
        )
    }()

    private func outcome(_ lines: [String]) -> (picture: Picture, records: [LogRecord]) {
        var pipeline = Pipeline(plan: Self.plan)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        for line in lines {
            batch.bytes += Array(line.utf8)
            batch.ends.append(UInt32(batch.bytes.count))
        }
        var effects = pipeline.step(Input(at: Instant(seconds: 1_000), event: .lines(batch)))
        effects += pipeline.step(Input(at: Instant(seconds: 1_001), event: .tick))
        effects += pipeline.finish()
        var records: [LogRecord] = []
        for case .keep(let chunk) in effects { records += (0..<chunk.count).map(chunk.record) }
        return (pipeline.picture(), records)
    }

    @Test("reads its lines, counts what it cannot read, and finds the evidence")
    func evidence() throws {
        let (picture, records) = outcome([
            "990 WARN health: no answer", "995 INFO promote: begins", "not of this form",
        ])
        #expect(records.map(\.time) == [990, 995, 1_000].map { Instant(seconds: $0) })
        #expect(records.map(\.level) == [.warn, .info, .info])
        #expect(picture.sources.map(\.unparsed) == [1])
        let run = try #require(picture.failovers.first)
        #expect(run.to == "db-2")
        #expect(run.evidence.map(\.at).contains(Instant(seconds: 995)))
    }
}
