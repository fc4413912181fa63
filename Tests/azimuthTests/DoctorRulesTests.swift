import Terminal
import Testing

@testable import azimuth

@Suite("The judgement of azimuth doctor")
struct DoctorRulesTests {
    private static let well = DoctorFacts(
        terminal: TerminalFacts(
            isTerminal: true,
            name: "xterm-256color",
            colors: .indexed256,
            canPlaceCursor: true,
            size: TerminalFacts.Size(columns: 120, rows: 40),
            isColorUnwanted: false,
            locale: "en_US.UTF-8",
            isLocaleThere: true,
            isUTF8: true
        ),
        clock: .kept(error: 31_000),
        share: DoctorFacts.Share(themes: 3, packs: 1, path: "/usr/share/azimuth/Themes"),
        settings: .usable(path: "/etc/azimuth/azimuth.yaml"),
        files: [DoctorFacts.File(path: "/var/log/a.log", state: .readable)],
        clients: [
            DoctorFacts.Client(
                program: "psql",
                probe: "postgresql",
                path: "/usr/bin/psql",
                isNeeded: true
            )
        ],
        history: DoctorFacts.History(
            path: "/var/lib/azimuth/history.db",
            state: .usable(version: 1, bytes: 52_000_000),
            holder: nil,
            isWritable: true,
            room: 40_000_000_000
        )
    )

    /// Those that are not ok, as `GRADE SUBJECT`.
    private func complaints(_ change: (inout DoctorFacts) -> Void) -> [String] {
        var facts = Self.well
        change(&facts)
        let verdicts = DoctorRules.verdicts(facts).filter { $0.grade != .ok }
        #expect(verdicts.allSatisfy { !$0.remedy.isEmpty })
        return verdicts.map { "\($0.grade) \($0.subject)" }
    }

    @Test("all is well: every line is ok, and the text says so")
    func well() {
        #expect(complaints { _ in } == [])
        #expect(
            DoctorCommand.text(DoctorRules.verdicts(Self.well)) == """
                  ok  terminal       xterm-256color, 120x40
                  ok  colours        256
                  ok  locale         'en_US.UTF-8'
                  ok  clock          kept right, to within 31 ms
                  ok  files          themes: 3, signature packs: 1, in /usr/share/azimuth/Themes
                  ok  configuration  /etc/azimuth/azimuth.yaml
                  ok  logs           1 of 1 can be read
                  ok  client         /usr/bin/psql, for the postgresql probe
                  ok  history        /var/lib/azimuth/history.db, format 1, 52 MB
                all is well

                """
        )
    }

    @Test("a terminal that cannot be drawn on is bad, a poor one is usable")
    func terminal() {
        #expect(complaints { $0.terminal.isTerminal = false } == ["warn terminal"])
        #expect(complaints { $0.terminal.colors = nil } == ["bad terminal"])
        #expect(complaints { $0.terminal.canPlaceCursor = false } == ["bad terminal"])
        #expect(complaints { $0.terminal.size = nil } == ["warn terminal"])
        #expect(complaints { $0.terminal.size = .init(columns: 39, rows: 40) } == ["warn terminal"])
        #expect(complaints { $0.terminal.size = .init(columns: 40, rows: 9) } == ["warn terminal"])
        #expect(complaints { $0.terminal.size = .init(columns: 40, rows: 10) } == [])
    }

    @Test("no colours are worth a word, unless they are not wanted")
    func colors() {
        #expect(complaints { $0.terminal.colors = .mono } == ["warn colours"])
        let unwanted = complaints {
            $0.terminal.colors = .mono
            $0.terminal.isColorUnwanted = true
        }
        #expect(unwanted == [])
    }

    @Test("a locale that this machine lacks is replaced; a plain one costs the drawing")
    func locale() {
        #expect(complaints { $0.terminal.isLocaleThere = false } == [])
        #expect(complaints { $0.terminal.locale = nil } == [])
        #expect(complaints { $0.terminal.isUTF8 = false } == ["warn locale"])
    }

    @Test("a clock that nobody keeps is worth a word")
    func clock() {
        #expect(complaints { $0.clock = .free } == ["warn clock"])
        #expect(complaints { $0.clock = .unknown } == ["warn clock"])
    }

    @Test("without its files the program is incomplete")
    func share() {
        #expect(complaints { $0.share = nil } == ["bad files"])
        #expect(complaints { $0.share?.packs = 0 } == ["bad files"])
    }

    @Test("a wrong configuration is bad, none is not")
    func settings() {
        #expect(complaints { $0.settings = .none } == ["warn configuration"])
        let wrong = complaints { $0.settings = .wrong(what: "a.yaml:1:1: x", remedy: "mend it") }
        #expect(wrong == ["bad configuration"])
    }

    @Test("a log that is missing may come; one that may not be read is bad")
    func files() {
        #expect(complaints { $0.files[0].state = .missing } == ["warn logs"])
        #expect(complaints { $0.files[0].state = .refused("Permission denied") } == ["bad logs"])
    }

    @Test("a client is missed when the configuration needs it, or nothing is configured yet")
    func clients() {
        #expect(complaints { $0.clients[0].path = nil } == ["bad client"])
        let unneeded = complaints {
            $0.clients[0].path = nil
            $0.clients[0].isNeeded = false
        }
        #expect(unneeded == [])
        let unconfigured = complaints {
            $0.settings = .none
            $0.clients[0].path = nil
            $0.clients[0].isNeeded = false
        }
        #expect(unconfigured == ["warn configuration", "warn client"])
    }

    @Test("a history that cannot be opened or written is bad; one that is being written is not")
    func history() {
        let refused = complaints { $0.history.state = .refused(what: "damaged", remedy: "move it") }
        #expect(refused == ["bad history"])
        #expect(complaints { $0.history.isWritable = false } == ["bad history"])
        let held = complaints {
            $0.history.isWritable = false
            $0.history.holder = 811
        }
        #expect(held == [])
        #expect(complaints { $0.history.state = .absent } == [])
        #expect(complaints { $0.history.room = 100_000_000 } == ["warn history"])
        #expect(complaints { $0.history.room = nil } == [])
    }
}
