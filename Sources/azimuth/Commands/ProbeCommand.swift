import ArgumentParser
import Atlas
import Collect
import Probes

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask one target once, and print what was understood.",
        discussion: """
            Ends with status 4 when the target does not answer, or not as it should.

            Examples:
              azimuth probe postgresql 'host=db-1 port=5432 user=azimuth dbname=postgres'
              azimuth probe postgresql 'service=orders' --raw
              azimuth probe tcp db-1:5432
              azimuth probe nagios '/usr/lib/nagios/plugins/check_disk -w 20% -c 10% -p /'
            """
    )

    @Argument(
        help: "The probe; `azimuth probes` lists them.",
        completion: .list(ProbeCatalog.all.map(\.name))
    )
    var name: String

    @Argument(help: "What it is to ask; `azimuth probes` shows what that looks like.")
    var target: String

    @Option(help: "How long to wait for the answer.")
    var timeout: String = "5s"

    @Flag(help: "The answer as it came, too.")
    var raw = false

    func run() throws {
        guard let probe = ProbeCatalog.probe(named: name) else {
            let known = ProbeCatalog.all.map(\.name)
            throw ProgramError.unknownProbe(name, nearest: nearestName(to: name, among: known))
        }
        guard let timeout = Span(timeout), timeout > .zero else {
            throw ProgramError.badValue(option: "--timeout", value: timeout, wanted: "such as 5s")
        }
        _ = try probe.session(for: target, timeout: timeout)
        let asked = ProbeTarget(
            probe: name,
            resource: "target",
            address: target,
            timeout: timeout
        )
        let reply = try ProbeRunner.askOnce(asked, probe: probe)
        switch reply.outcome {
        case .failed(let failure):
            let words = "\(failure.kind.rawValue): \(failure.detail)"
            throw ProgramError.notWell("asking '\(target)' failed: \(words)")
        case .answered(let text):
            if raw { StandardOutput.write(Explain.printable(text) + "\n\n") }
            try describe(text, probe, took: reply.ended - reply.started)
        }
    }

    /// What it says of its own health is the command's status.
    private func judge(_ observations: [Observation]) throws(ProgramError) {
        for case .health(let health, let reason) in observations where health >= .noData {
            throw .notWell("'\(target)' says that it is \(health.rawValue): \(reason)")
        }
    }

    private func describe(_ text: String, _ probe: any Probe, took: Span) throws {
        var table = TextTable([])
        let observations = try probe.decode(text)
        for observation in observations { table.add(row(observation)) }
        for remark in probe.remarks(on: text) { table.add(["note", remark]) }
        table.add(["answered in", took.description])
        StandardOutput.write(table.body)
        try judge(observations)
    }

    private func row(_ observation: Observation) -> [String] {
        switch observation {
        case .role(let role):
            ["role", role.rawValue]
        case .position(let position):
            [
                "position",
                "timeline \(position.timeline), received \(position.received), "
                    + "applied \(position.applied)",
            ]
        case .upstream(let upstream):
            ["receives from", upstream ?? "nobody"]
        case .peer(let peer):
            [
                "feeds \(peer.name)",
                peer.state + (peer.isSynchronous ? ", synchronous" : "")
                    + (peer.flushed.map { ", flushed \($0)" } ?? ""),
            ]
        case .replayPaused(let isPaused):
            ["replay", isPaused ? "paused" : "goes on"]
        case .metric(let sample):
            [sample.name, "\(number(sample.value)) \(sample.unit)"]
        case .counter(let sample):
            [sample.name, "in \(sample.unit), from the next reply on"]
        case .health(let health, let reason):
            ["health", health.rawValue + (reason.isEmpty ? "" : ": \(reason)")]
        case .link(let report):
            [
                "link \(report.name)",
                report.health.rawValue + (report.behind.map { ", \($0) behind" } ?? "")
                    + (report.reason.isEmpty ? "" : ": \(report.reason)"),
            ]
        case .event(let event):
            ["event", "\(event.at.map { "\($0) " } ?? "")\(event.level.name): \(event.text)"]
        }
    }

    private func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
