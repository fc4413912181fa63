import ArgumentParser
import Atlas

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at this machine and terminal: what would keep azimuth from working well.",
        discussion: """
            Terminal, colours, locale, clock, the program's files, the configuration, rights on \
            logs, clients of probes, the history. Each is ok, warn (works, with less) or bad (does \
            not work), with what to do. Changes and contacts nothing. Ends with status 4 when \
            anything is bad.

            Examples:
              azimuth doctor
              sudo -u azimuth azimuth doctor --config /etc/azimuth/azimuth.yaml
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    func run() throws {
        let facts = try DoctorLook(config, history: history.history).facts()
        let verdicts = DoctorRules.verdicts(facts)
        StandardOutput.write(Self.text(verdicts))
        if verdicts.contains(where: { $0.grade == .bad }) {
            throw ExitCode(ExitStatus.notWell.rawValue)
        }
    }

    /// A line for each verdict, its remedy below, and a sum.
    static func text(_ verdicts: [Verdict]) -> String {
        var table = TextTable([])
        for verdict in verdicts {
            table.add([verdict.grade.rawValue, verdict.subject, verdict.what])
            if !verdict.remedy.isEmpty { table.add(["", "", "-> " + verdict.remedy]) }
        }
        let bad = verdicts.count { $0.grade == .bad }
        let warnings = verdicts.count { $0.grade == .warn }
        let sum = bad + warnings == 0 ? "all is well" : "\(bad) bad, \(warnings) to look at"
        return table.body + sum + "\n"
    }
}
