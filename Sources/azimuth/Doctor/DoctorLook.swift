import Atlas
import CLinux
import Collect
import Configure
import Glibc
import History
import Probes
import Receive
import Terminal

/// Gathers what `azimuth doctor` judges.
///
/// Reads only: nothing is made, started or contacted.
struct DoctorLook {
    private let options: ConfigOptions
    private let chosenHistory: String?

    init(_ options: ConfigOptions, history: String?) {
        self.options = options
        chosenHistory = history
    }

    func facts() throws -> DoctorFacts {
        let (settings, configuration) = settings()
        return DoctorFacts(
            terminal: MainActor.assumeIsolated { TerminalFacts.look() },
            clock: Self.clockState(),
            share: Self.share(),
            settings: settings,
            files: Self.files(configuration?.plan.sources ?? []),
            clients: Self.clients(configuration?.plan),
            history: Self.history(try historyPath(configuration)),
            receivers: (configuration?.plan.sources ?? []).flatMap { source in
                ReceiverLook.errors(of: source).map {
                    DoctorFacts.Receiver(what: $0.what, remedy: $0.remedy)
                }
            }
        )
    }

    private func settings() -> (DoctorFacts.Settings, Configuration?) {
        guard let path = options.config ?? Configuration.find() else { return (.none, nil) }
        do {
            let loaded = try Configuration.load(path: path, catalogue: Setup.catalogue)
            return (.usable(path: path), loaded)
        } catch {
            return (.wrong(what: error.what, remedy: error.remedy), nil)
        }
    }

    private func historyPath(_ configuration: Configuration?) throws -> String {
        if chosenHistory == nil { return configuration?.historyPath ?? Places().history }
        return try Setup.historyPath(chosenHistory, options)
    }

    private static func clockState() -> DoctorFacts.Clock {
        var error = 0
        switch linux_clock_state(&error) {
        case 1: return .kept(error: error)
        case 0: return .free
        default: return .unknown
        }
    }

    private static func share() -> DoctorFacts.Share? {
        ShareFolder.find().map { share in
            DoctorFacts.Share(
                themes: ShareFolder.yamlFiles(in: share.themes).count,
                packs: ShareFolder.yamlFiles(in: share.packs).count,
                path: share.themes
            )
        }
    }

    private static func files(_ sources: [LogSource]) -> [DoctorFacts.File] {
        sources.flatMap { source -> [String] in
            guard case .files(let files) = source.origin else { return [] }
            let paths = FileTail.paths(of: files)
            return paths.isEmpty ? [files.path] : paths
        }
        .map { path in
            let state: DoctorFacts.File.State =
                if access(path, R_OK) == 0 {
                    .readable
                } else if errno == ENOENT {
                    .missing
                } else {
                    .refused(TextOutput.systemWords())
                }
            return DoctorFacts.File(path: path, state: state)
        }
    }

    /// Of every probe, those of the plan by its first address.
    private static func clients(_ plan: WatchPlan?) -> [DoctorFacts.Client] {
        var addresses: [String: String] = [:]
        for target in plan?.targets ?? [] { addresses[target.probe] = target.address }
        for canary in plan?.canaries ?? [] { addresses[canary.probe] = canary.targets[0].address }
        return ProbeCatalog.all.compactMap { probe in
            let address = addresses[probe.name]
            guard
                let command = try? probe.session(for: address ?? "localhost", timeout: .seconds(1)),
                let program = command.arguments.first
            else { return nil }
            return DoctorFacts.Client(
                program: program,
                probe: probe.name,
                path: Program.path(of: program),
                isNeeded: address != nil
            )
        }
    }

    private static func history(_ path: String) -> DoctorFacts.History {
        let state: DoctorFacts.History.State
        do throws(HistoryError) {
            let reader = try HistoryReader(path: path)
            state = .usable(version: try reader.version, bytes: bytes(of: path))
        } catch .missing {
            state = .absent
        } catch {
            state = .refused(what: error.what, remedy: error.remedy)
        }
        let place = firstThere(path)
        return DoctorFacts.History(
            path: path,
            state: state,
            holder: HistoryReader.holder(of: path),
            isWritable: access(place, W_OK) == 0,
            room: room(at: place)
        )
    }

    private static func bytes(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func room(at path: String) -> Int64? {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { return nil }
        return Int64(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
    }

    /// The path itself, or the nearest folder above that is there.
    private static func firstThere(_ path: String) -> String {
        var place = path
        while access(place, F_OK) != 0 {
            guard let slash = place.lastIndex(of: "/") else { return "." }
            if slash == place.startIndex { return "/" }
            place = String(place[..<slash])
        }
        return place
    }
}

/// A program as a shell would find it.
enum Program {
    /// Nil when it is not installed.
    static func path(of program: String) -> String? {
        if program.contains("/") { return access(program, X_OK) == 0 ? program : nil }
        let path = Environment.value("PATH") ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}
