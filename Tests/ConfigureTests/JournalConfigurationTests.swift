import Atlas
import Testing

@testable import Configure

@Suite("Sources of systemd's journal")
struct JournalConfigurationTests {
    private func configuration(_ source: String) throws -> Configuration {
        try Configuration.parse(
            "sources:\n  - \(source)\n",
            file: "/etc/a/azimuth.yaml",
            catalogue: Catalogue(probes: [], formats: ["plain", "journal-export"], themes: []),
            home: nil
        )
    }

    private func problems(_ source: String) -> [String] {
        do {
            _ = try configuration(source)
            return []
        } catch ConfigureError.invalid(let problems) {
            return problems.map { "\($0.what) / \($0.remedy)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("this host's own, of some units, or a folder of other hosts'")
    func reads() throws {
        let own = try configuration("{journal: true}").plan.sources
        #expect(
            own == [
                LogSource(
                    name: "journal",
                    origin: .journal(SystemJournal()),
                    format: "journal-export"
                )
            ]
        )
        let some = try configuration(
            "{name: j, journal: ./remote, units: [a.service, b.service], start: beginning, redact: [card]}"
        )
        let journal = SystemJournal(
            directory: "/etc/a/remote",
            units: ["a.service", "b.service"]
        )
        let source = try #require(some.plan.sources.first)
        guard case .journal(let read) = source.origin else {
            Issue.record("no journal")
            return
        }
        #expect(read.units == journal.units && read.directory?.hasSuffix("/remote") == true)
        #expect(source.start == .beginning)
        #expect(some.redaction.sources == ["j": [.known(.card)]])
    }

    @Test("what has no meaning beside a journal, or without one, is said")
    func refuses() {
        #expect(
            problems("{journal: true, format: plain, file: /a}") == [
                "'format' of source 1 has no meaning beside 'journal'"
                    + " / leave it out, or make it a source of its own",
                "'file' of source 1 has no meaning beside 'journal'"
                    + " / leave it out, or make it a source of its own",
            ]
        )
        #expect(
            problems("{journal: yes}") == [
                "'journal' of source 1 is 'yes'"
                    + " / write true for this host's journal, or the path of a folder of journal files"
            ]
        )
        #expect(
            problems("{file: /a, format: plain, units: [x]}") == [
                "'units' of source 1 is only for systemd's journal"
                    + " / leave it out, or write journal: true instead of file"
            ]
        )
    }

    @Test("redactions of what others send hold, too")
    func redactsReceived() throws {
        let sent = try configuration(
            "{name: f, forward: '127.0.0.1:0', format: plain, redact: [email]}"
        )
        #expect(sent.redaction.sources == ["f": [.known(.email)]])
    }

    @Test("travels with a recording")
    func recording() throws {
        var recording = RecordingFile(made: Instant(seconds: 1), by: "x", plan: WatchPlan())
        recording.plan.sources = [
            LogSource(
                name: "j",
                origin: .journal(SystemJournal(directory: "/var/log/x", units: ["a.service"])),
                format: "journal-export"
            )
        ]
        let read = try RecordingFile.load(
            yaml: recording.yaml,
            file: "recording.yaml",
            catalogue: Catalogue(probes: [], formats: ["journal-export"], themes: [])
        )
        #expect(read.plan.sources == recording.plan.sources)
    }
}
