import ArgumentParser
import Atlas
import Configure
import Glibc

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write an azimuth.yaml to start from, with what runs on this host.",
        discussion: """
            Looks at /proc for systems that listen here and at /var/log for their logs. Changes \
            and contacts nothing. As root it also sees which process listens where.

            Examples:
              azimuth init                          look at it first
              azimuth init --out azimuth.yaml && azimuth check azimuth.yaml
            """
    )

    @Option(
        help: "The file to make; without it, standard output. Never one that is there.",
        completion: .file(extensions: ["yaml"])
    )
    var out: String?

    func run() throws {
        // A configuration of the machine is one for a service: its readers need to find it.
        let isForService = out?.hasPrefix("/etc/") ?? false
        let text = StarterFile.text(
            HostScan.findings(),
            catalogue: Setup.catalogue,
            history: isForService ? "/var/lib/azimuth/history.db" : nil
        )
        guard let out else { return StandardOutput.write(text) }
        try Setup.makeFolder(of: out)
        try TextOutput.write(text, to: out, isNew: true)
        StandardError.write("wrote \(out); next: azimuth check \(out)\n")
    }
}
