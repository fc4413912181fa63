import ArgumentParser
import Atlas
import Collect
import Configure
import Glibc
import Probes
import Receive

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say everything that a start with a configuration would trip over.",
        discussion: """
            Reads the file and looks at what it names: files that cannot be read, clients that \
            are not installed. Reads your own formats and signature packs beside it, too, and \
            tests each of their samples. Changes and contacts nothing. Ends with status 3 when the file is \
            wrong, 4 when it is right and something it names is not there.

            Examples:
              azimuth check                  the configuration that a start would use
              azimuth check ./azimuth.yaml
            """
    )

    @Argument(
        help: "The file; without it the one that a start would use.",
        completion: .file(extensions: ["yaml"])
    )
    var path: String?

    func run() throws {
        var options = ConfigOptions()
        options.config = path
        let path = try Setup.configurationPath(options)
        let problems = try Configuration.problems(path: path, catalogue: Setup.catalogue)
        guard problems.isEmpty else {
            for problem in problems {
                StandardOutput.write(Explain.printable(Self.text(problem)))
            }
            StandardOutput.write("\(path): \(problems.count) to correct\n")
            throw ExitCode(ExitStatus.badConfiguration.rawValue)
        }
        let configuration = try Configuration.load(path: path, catalogue: Setup.catalogue)
        let warnings = Self.warnings(configuration)
        for warning in warnings {
            StandardOutput.write("\(path):\(warning.line): \(Explain.printable(warning.text))\n")
        }
        let passedOver = configuration.own.passedOver
        for file in passedOver {
            StandardOutput.write("\(Explain.printable(file)): is not read: call it .yaml\n")
        }
        StandardOutput.write(Explain.printable(OwnFilesText.text(configuration.own)))
        let rules = RulesText.text(configuration.plan, configuration.redaction)
        StandardOutput.write(Explain.printable(rules))
        let plan = configuration.plan
        let count = warnings.count + passedOver.count
        StandardOutput.write(
            "\(path): \(plan.estate.resources.count) resources, \(plan.estate.links.count) links, "
                + "\(plan.estate.services.count) services, \(plan.sources.count) sources, "
                + "\(plan.targets.count) probes, \(plan.canaries.count) canaries: "
                + (count == 0 ? "all is well\n" : "\(count) to look at\n")
        )
        if count > 0 { throw ExitCode(ExitStatus.notWell.rawValue) }
    }

    /// The problem as compilers write it, what is shown of the text, and the remedy.
    private static func text(_ problem: ConfigureProblem) -> String {
        let below =
            (problem.excerpt?.split(separator: "\n").map(String.init) ?? []) + [problem.remedy]
        return "\(problem)\n" + below.map { "    \($0)\n" }.joined()
    }

    private struct Warning {
        var line: Int
        var text: String
    }

    /// What cannot be read of a source of files; nil where all can.
    private static func unreadable(_ source: LogSource) -> String? {
        guard case .files(let files) = source.origin else { return nil }
        let paths = FileTail.paths(of: files)
        if paths.isEmpty { return "no file matches \(files.path)" }
        for path in paths where access(path, R_OK) != 0 {
            return "cannot read \(path): \(String(cString: strerror(errno)))"
        }
        return nil
    }

    /// What the machine says about what the file names.
    private static func warnings(_ configuration: Configuration) -> [Warning] {
        let plan = configuration.plan
        var warnings: [Warning] = []
        for (source, line) in zip(plan.sources, configuration.lines.sources) {
            guard let trouble = unreadable(source) else { continue }
            let text = "source '\(source.name)': \(trouble)"
            warnings.append(
                Warning(line: line, text: text + "; it is followed as soon as that is mended")
            )
        }
        for (source, line) in zip(plan.sources, configuration.lines.sources) {
            warnings += receiver(source).map { Warning(line: line, text: $0) }
        }
        for (target, line) in zip(plan.targets, configuration.lines.targets) {
            warnings += client(target.probe, address: target.address, line: line)
        }
        for (canary, line) in zip(plan.canaries, configuration.lines.canaries) {
            for target in canary.targets {
                warnings += client(canary.probe, address: target.address, line: line)
            }
            let modes = ProbeCatalog.probe(named: canary.probe)?.canary?.modes ?? []
            if !modes.contains(canary.mode) {
                let text =
                    "the \(canary.probe) probe has no canary that can \(canary.mode.rawValue)"
                warnings.append(
                    Warning(line: line, text: "\(text): `azimuth probes` lists what can")
                )
            }
        }
        return warnings
    }

    private static func receiver(_ source: LogSource) -> [String] {
        var texts = ReceiverLook.errors(of: source).map { "\($0.what): \($0.remedy)" }
        if let place = ReceiverLook.openPlace(of: source) {
            texts.append(
                "source '\(source.name)': everybody who reaches \(place) may send to it, unencrypted: "
                    + "set tls or shared_key_file, or listen on 127.0.0.1"
            )
        }
        return texts
    }

    private static func client(_ probe: String, address: String, line: Int) -> [Warning] {
        guard let probe = ProbeCatalog.probe(named: probe) else { return [] }
        let command: SessionCommand
        do throws(ProbeError) {
            command = try probe.session(for: address, timeout: .seconds(1))
        } catch {
            return [Warning(line: line, text: "\(error.what): \(error.remedy)")]
        }
        // Without a program there is no client to start.
        guard let program = command.arguments.first, !isInstalled(program) else { return [] }
        return [
            Warning(
                line: line,
                text: "the \(probe.name) probe needs the program '\(program)': install it"
            )
        ]
    }

    private static func isInstalled(_ program: String) -> Bool {
        guard !program.contains("/") else { return access(program, X_OK) == 0 }
        let path = Environment.value("PATH") ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}
