import ArgumentParser
import Atlas

/// The program.
///
/// A command that does nothing yet is absent; none is renamed later.
@main
struct Azimuth: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "azimuth",
        abstract: "Hybrid infrastructure on one screen: health, replication, failovers, logs.",
        discussion: """
            Without a command it opens the dashboard, as `azimuth dash` does.

            Examples:
              azimuth replay hybrid             see recorded failovers
              azimuth check azimuth.yaml        what a start would trip over
              azimuth                           the dashboard of ./azimuth.yaml, or of this host
              azimuth tail /var/log/syslog      the lines of files, on a screen
              azimuth count --by minute,level app.log
              azimuth ingest & azimuth dash     collect headless, look when needed
              azimuth events --since 8h         what changed over night
              azimuth failovers --json          what happened, for scripts

            Exit status: 0 well; 1 failed; 2 a file, place or right is missing; 3 configuration or \
            recording unusable; 4 what was looked at is not well; 5 the history is held by another \
            process or newer; 64 bad arguments.
            """,
        version: version,
        subcommands: [
            DashCommand.self, IngestCommand.self, RecordCommand.self, ReplayCommand.self,
            FailoversCommand.self, LinksCommand.self, HealthCommand.self, EventsCommand.self,
            LogsCommand.self, MetricsCommand.self, TailCommand.self, ParseCommand.self,
            CountCommand.self, ProbeCommand.self,
            ProbesCommand.self, CheckCommand.self, MarkCommand.self,
            HistoryCommand.self, InitCommand.self, DoctorCommand.self, FormatsCommand.self,
            ThemesCommand.self,
        ],
        defaultSubcommand: DashCommand.self
    )

    static func main() {
        do {
            try refuseUnknownCommand()
            var command = try parseAsRoot()
            try command.run()
        } catch let error as any Explained {
            Explain.end(error)
        } catch {
            exit(withError: error)
        }
    }

    /// A misspelt command would otherwise be taken for an argument of the default one.
    private static func refuseUnknownCommand() throws(ProgramError) {
        guard let name = CommandLine.arguments.dropFirst().first, !name.hasPrefix("-") else {
            return
        }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(name) else { return }
        throw .unknownCommand(name, nearest: nearestName(to: name, among: names))
    }
}
