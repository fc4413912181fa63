import ArgumentParser
import Atlas
import Probes

struct ProbesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probes",
        abstract: "List the probes: what each sees, and what an address looks like.",
        discussion: """
            Examples:
              azimuth probes
              azimuth probe postgresql 'host=db-1 user=azimuth dbname=postgres'
            """
    )

    func run() {
        for probe in ProbeCatalog.all {
            StandardOutput.write(
                """
                \(probe.name)
                  sees     \(probe.summary)
                  address  \(probe.addressHelp)
                  canary   \(probe.canary?.modes.map(\.rawValue).joined(separator: ", ") ?? "none")

                """
            )
        }
    }
}
