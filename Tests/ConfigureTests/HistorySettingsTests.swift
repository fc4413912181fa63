import Atlas
import Testing

@testable import Configure

@Suite("The key 'history'")
struct HistorySettingsTests {
    private func load(_ text: String) throws -> Configuration {
        let catalogue = Catalogue(probes: [], formats: [], themes: [])
        return try Configuration.parse(
            text,
            file: "/etc/a.yaml",
            catalogue: catalogue,
            home: "/home/op"
        )
    }

    @Test("is a path, or a map with how long what is kept")
    func forms() throws {
        #expect(try load("history: ~/h.db\n").historyPath == "/home/op/h.db")
        #expect(try load("history: ~/h.db\n").retention == RetentionSettings())
        let configuration = try load(
            """
            history:
              file: h.db
              lines: {keep: 30d, size: 20GiB}
              states: {keep: 90d}
              hold: 5s
              metrics: {seconds: 6h, hours: 900d}
            """
        )
        #expect(configuration.historyPath == "/etc/h.db")
        #expect(configuration.hold == .seconds(5))
        #expect(configuration.retention.lines.keep == .seconds(30 * 86_400))
        #expect(configuration.retention.lines.size == 20 << 30)
        #expect(configuration.retention.inputs == RetentionSettings.Limit())
        #expect(configuration.retention.metrics.seconds == .seconds(6 * 3_600))
        #expect(configuration.retention.metrics.minutes == nil)
        #expect(configuration.retention.metrics.hours == .seconds(900 * 86_400))
        #expect(configuration.retention.states.keep == .seconds(90 * 86_400))
    }

    @Test(
        "says what is wrong, and where",
        arguments: [
            ("history: {lines: {keep: 30}}", "no length of time without a unit"),
            ("history: {lines: {size: much}}", "which is no size"),
            ("history: {lines: {size: 5}}", "outside of"),
            ("history: {logs: {keep: 3d}}", "unknown key 'logs'"),
            ("history: {metrics: {days: 3d}}", "unknown key 'days'"),
            ("history: {metrics: {hours: 3s}}", "outside of"),
            ("history: {lines: 30d}", "lines"),
        ]
    )
    func wrong(text: String, what: String) throws {
        let error = #expect(throws: ConfigureError.self) { try load(text + "\n") }
        guard case .invalid(let problems) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problems.count == 1)
        #expect(problems.first?.what.contains(what) == true, "\(problems)")
    }
}
