import Atlas
import Testing

@testable import Configure

@Suite("A recording.yaml carries its plan")
struct RecordingFileTests {
    private func load(_ text: String) throws(ConfigureError) -> RecordingFile {
        try RecordingFile.load(yaml: text, file: "recording.yaml", catalogue: catalogue)
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try load(text)
            return []
        } catch {
            return told(error.problems)
        }
    }

    @Test("what is written is what is read", arguments: 0..<300)
    func roundTrip(_ seed: Int) throws {
        var maker = PlanMaker(seed: seed)
        let recording = maker.recording()
        let text = recording.yaml
        do {
            #expect(try load(text) == recording, "\(text)")
        } catch {
            Issue.record("\(error)\n\(text)")
        }
    }

    @Test("the text is one that a person would write")
    func golden() throws {
        var plan = WatchPlan()
        plan.estate.name = "acme"
        plan.estate.layers = ["data"]
        plan.estate.areas = [
            Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a"])
        ]
        plan.estate.resources = [
            Resource(name: "a", place: Place(area: "tokyo", zone: "1a"), layer: "data")
        ]
        plan.estate.services = [Service(name: "orders", members: ["a"], rto: .seconds(60))]
        plan.targets = [ProbeTarget(probe: "postgresql", resource: "a", address: "host=h")]
        plan.packs = [
            SignaturePack(
                system: "postgresql",
                signatures: [
                    Signature(
                        name: "promoted",
                        match: "received promote request",
                        phase: .switch,
                        edge: .begin,
                        role: .successor,
                        sample: "LOG:  received promote request"
                    )
                ]
            )
        ]
        let recording = RecordingFile(
            made: Instant(nanoseconds: 1_795_418_431_180_000_000),
            by: "azimuth 0.1.0",
            title: "kill -9 of the primary",
            plan: plan
        )
        #expect(
            recording.yaml == """
                recording:
                  format: 1
                  made: "2026-11-23T07:20:31.180Z"
                  by: azimuth 0.1.0
                  title: kill -9 of the primary
                estate:
                  name: acme
                  layers: [data]
                  regions:
                    tokyo: {code: ap-northeast-1, zones: [1a]}
                  resources:
                    a: {at: tokyo/1a, layer: data}
                  services:
                    orders: {members: [a], rto: 1m}
                probes:
                  - {probe: postgresql, resource: a, address: "host=h", every: 1s, timeout: 2s}
                signatures:
                  - system: postgresql
                    signatures:
                      - name: promoted
                        match: received promote request
                        phase: switch
                        edge: begin
                        role: successor
                        sample: "LOG:  received promote request"

                """
        )
    }

    @Test("its formats are those of its sources, whatever this program calls its own")
    func formats() throws {
        let text = """
            recording: {format: 1, made: 2026-11-23T07:20:31Z}
            formats: [{name: plain, pattern: "(?<message>.*)", samples: [{line: x}]}]
            sources: [{name: a, file: /a, format: plain}, {name: b, file: /b, format: mine}]
            """
        #expect(
            problems(text) == [
                "3:75 'format' of source 'b': there is no format 'mine' /"
                    + " use one of: postgresql, plain"
            ]
        )
        let plan = try load(text.replacing("format: mine", with: "format: plain")).plan
        #expect(plan.formats.map(\.name) == ["plain"])
    }

    @Test("a later format is refused without a word about the rest")
    func laterFormat() {
        #expect(
            problems("recording: {format: 2, made: soon, color: red}\nestate: []\n") == [
                "1:21 the recording has format 2; this program reads format 1 /"
                    + " replay it with the azimuth that made it, or a newer one",
                "1:36 unknown key 'color' in 'recording' /"
                    + " use one of: format, made, ended, by, title",
            ]
        )
    }

    @Test("what is missing or bad in its head")
    func head() {
        #expect(
            problems("estate: {}\n") == [
                "1:1 the file has no 'recording' / add recording: {format: 1, made: ...}"
            ]
        )
        #expect(
            problems("recording: {format: 1, made: yesterday, by: x}\ntheme: mono\n") == [
                "1:30 'made' of 'recording' is 'yesterday', which is no RFC 3339 time /"
                    + " write it like 2026-11-23T07:20:31.180Z",
                "2:1 unknown key 'theme' in the file /"
                    + " use one of: recording, estate, sources, probes, canaries, rules, formats, signatures",
            ]
        )
    }

    @Test("cut at any byte it is read or refused, never a crash")
    func cut() throws {
        var maker = PlanMaker(seed: 7)
        let recording = maker.recording()
        let bytes = Array(recording.yaml.utf8)
        for end in bytes.indices {
            guard let text = String(validating: bytes[..<end], as: UTF8.self) else { continue }
            // A cut between two lines can leave a whole, smaller plan: only a crash is a failure.
            _ = try? load(text)
        }
    }
}
