import Atlas
import Configure
import Terminal

/// The judgement of `azimuth doctor`: from facts to verdicts, and nothing else.
enum DoctorRules {
    /// In the order in which they are printed.
    static func verdicts(_ facts: DoctorFacts) -> [Verdict] {
        [terminal(facts.terminal), colors(facts.terminal), locale(facts.terminal)].compactMap(
            \.self
        )
            + [clock(facts.clock), share(facts.share), settings(facts.settings)]
            + files(facts.files)
            + facts.receivers.map { .bad("receivers", $0.what, $0.remedy) }
            + clients(facts.clients, facts.settings) + history(facts.history)
    }

    // MARK: the terminal

    private static func terminal(_ facts: TerminalFacts) -> Verdict {
        let subject = "terminal"
        guard facts.isTerminal else {
            return .warn(
                subject,
                "standard input or output is none, so it was not looked at",
                "run this where the dashboard is to be shown"
            )
        }
        guard facts.colors != nil else {
            let error = TerminalError.unknownTerminal(facts.name)
            return .bad(subject, error.what, error.remedy)
        }
        guard facts.canPlaceCursor else {
            let error = TerminalError.noCursorMotion(facts.name)
            return .bad(subject, error.what, error.remedy)
        }
        guard let size = facts.size else {
            return .warn(
                subject,
                "\(facts.name), which does not say how large it is: 80x24 is taken",
                "set its size with 'stty columns 120 rows 40'"
            )
        }
        let words = "\(facts.name), \(size.columns)x\(size.rows)"
        guard size.columns >= 40, size.rows >= 10 else {
            return .warn(subject, words, "make it 40x10 at least; it shows most from 120x40 on")
        }
        return .ok(subject, words)
    }

    /// Nil where there is no terminal that could have any.
    private static func colors(_ facts: TerminalFacts) -> Verdict? {
        guard facts.isTerminal, let colors = facts.colors else { return nil }
        switch colors {
        case .mono where facts.isColorUnwanted: return .ok("colours", "none, as NO_COLOR asks")
        case .mono:
            return .warn(
                "colours",
                "\(facts.name) has none: states differ by letters, bold and underline",
                "set TERM to what the terminal is, such as TERM=xterm-256color"
            )
        case .ansi8: return .ok("colours", "8")
        case .ansi16: return .ok("colours", "16")
        case .indexed256: return .ok("colours", "256")
        case .direct: return .ok("colours", "all")
        }
    }

    private static func locale(_ facts: TerminalFacts) -> Verdict {
        let wish = facts.locale.map { "'\($0)'" } ?? "none is set"
        guard facts.isUTF8 else {
            return .warn("locale", "\(wish): only ASCII is drawn", "set LANG=C.UTF-8")
        }
        guard facts.isLocaleThere, facts.locale != nil else {
            let why = facts.locale == nil ? wish : "\(wish) is not on this machine"
            return .ok("locale", "\(why); C.UTF-8 is taken")
        }
        return .ok("locale", wish)
    }

    // MARK: the machine

    private static func clock(_ clock: DoctorFacts.Clock) -> Verdict {
        switch clock {
        case .kept(let error):
            return .ok(
                "clock",
                "kept right, to within \(Span.milliseconds(max(1, Int64(error) / 1_000)))"
            )
        case .free:
            return .warn(
                "clock",
                "nothing keeps it right, so times of several hosts cannot be compared",
                "start systemd-timesyncd or chrony; in a container, on its host"
            )
        case .unknown:
            return .warn(
                "clock",
                "the kernel does not say whether anything keeps it right",
                "see 'timedatectl' or 'chronyc tracking'"
            )
        }
    }

    private static func share(_ share: DoctorFacts.Share?) -> Verdict {
        guard let share, share.packs > 0 else {
            return .bad("files", ProgramError.noShare.what, ProgramError.noShare.remedy)
        }
        let words = "themes: \(share.themes), signature packs: \(share.packs), in \(share.path)"
        return .ok("files", words)
    }

    // MARK: what is watched

    private static func settings(_ settings: DoctorFacts.Settings) -> Verdict {
        switch settings {
        case .usable(let path): .ok("configuration", path)
        case .wrong(let what, let remedy): .bad("configuration", what, remedy)
        case .none:
            .warn(
                "configuration",
                "there is none, so there is nothing to watch",
                "write one to start from with 'azimuth init --out azimuth.yaml'"
            )
        }
    }

    private static func files(_ files: [DoctorFacts.File]) -> [Verdict] {
        var verdicts: [Verdict] = []
        let readable = files.count { $0.state == .readable }
        if readable > 0 {
            verdicts.append(.ok("logs", "\(readable) of \(files.count) can be read"))
        }
        for file in files {
            switch file.state {
            case .readable: break
            case .missing:
                let remedy = "check its path; it is followed as soon as it is there"
                verdicts.append(.warn("logs", "\(file.path) is not there", remedy))
            case .refused(let reason):
                verdicts.append(
                    .bad(
                        "logs",
                        "\(file.path): \(reason)",
                        "let this user read it; on Debian the group adm can: 'usermod -aG adm USER'"
                    )
                )
            }
        }
        return verdicts
    }

    private static func clients(
        _ clients: [DoctorFacts.Client],
        _ settings: DoctorFacts.Settings
    ) -> [Verdict] {
        clients.compactMap { client in
            let user = "the \(client.probe) probe"
            if let path = client.path { return .ok("client", "\(path), for \(user)") }
            let what = "'\(client.program)' is not installed, which \(user) needs"
            if client.isNeeded { return .bad("client", what, "install it, or correct PATH") }
            // Nobody misses the clients of systems that are not watched.
            guard settings == .none else { return nil }
            return .warn("client", what, "install it when you want to ask such a system")
        }
    }

    // MARK: what is kept

    private static func history(_ history: DoctorFacts.History) -> [Verdict] {
        var verdicts: [Verdict] = []
        switch history.state {
        case .refused(let what, let remedy):
            verdicts.append(.bad("history", what, remedy))
        case .usable(let version, let bytes):
            verdicts.append(
                .ok("history", "\(history.path), format \(version), \(size(bytes))")
            )
        case .absent:
            verdicts.append(.ok("history", "\(history.path), to be made"))
        }
        if let holder = history.holder {
            let who = holder == 0 ? "another process" : "process \(holder)"
            verdicts.append(.ok("history", "written by \(who); 'azimuth dash' attaches to it"))
        } else if !history.isWritable {
            let remedy = "let this user write there, or choose another place with --history"
            verdicts.append(.bad("history", "\(history.path) may not be written", remedy))
        }
        if let room = history.room, room < leastRoom {
            let remedy = "make room: 1 GB is a good beginning"
            verdicts.append(.warn("history", "\(size(room)) of room on its disk", remedy))
        }
        return verdicts
    }

    private static let leastRoom: Int64 = 1_000_000_000

    private static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<10_000: "\(bytes) B"
        case ..<10_000_000: "\(bytes / 1_000) kB"
        case ..<10_000_000_000: "\(bytes / 1_000_000) MB"
        default: "\(bytes / 1_000_000_000) GB"
        }
    }
}
