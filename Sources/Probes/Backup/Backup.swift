package import Atlas

/// How old the newest backup is: by a file, by a line of a log, or by what a command lists.
package struct Backup: ErrandProbe {
    package let name = "backup"
    package let summary = "the age of the newest backup or snapshot, and its size"
    package let addressHelp = """
        where a success is seen: 'files=/srv/dumps/*.dump', 'log=/var/log/backup.log \
        contains="backup finished"' or 'command="restic snapshots --json --latest 1"'; then \
        within=26h (older: warn), down= (default twice that), min-size=1M (smaller files do not \
        count), link=NAME (tell the age of that link, too), key=, size-key= (of JSON)
        """

    /// How the usual tools are told where the backups are, and who asks.
    private static let inherited = ["AWS_*", "BORG_*", "PGBACKREST_*", "RESTIC_*"]

    package init() {}

    package func errand(for address: String, timeout: Span) throws(ProbeError) -> Errand {
        let question = try question(address)
        switch question.place {
        case .files(let pattern):
            return .files(.newest(pattern: pattern, atLeast: question.atLeast))
        case .log(let path):
            return .files(.line(path: path, containing: question.text ?? ""))
        case .command(let line):
            return .command(
                SessionCommand(arguments: try words(of: line), inherited: Self.inherited)
            )
        }
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        let context = try reply.context(probe: name)
        let question = try question(context.address)
        let newest: Success
        switch reply.ending {
        case .found: newest = try success(reply.body, question, context)
        case .exit(0): newest = try listed(reply.body, question, context)
        case .exit, .signal:
            return [.health(.noData, reason: "the command \(reply.endingWords)")]
        case .hungUp, .tried, .read: throw unreadable(reply.body)
        }
        return observations(newest, question, at: context.at)
    }

    package func remarks(on reply: String) -> [String] {
        guard let reply = OneShotReply(reply), case .found = reply.ending,
            let findings = FileFindings(reply.body)
        else { return [] }
        var remarks: [String] = []
        if findings.unreadable > 0 {
            remarks.append("folders that may not be read: \(findings.unreadable)")
        }
        if let small = findings.small {
            remarks.append("too small to count: \(small.path), \(small.size ?? 0) B")
        }
        return remarks
    }

    /// Of the newest success; without a time there is none, and `absence` says so.
    private struct Success {
        var time: Instant?
        var size: Int64?
        var absence = ""
    }

    private func success(
        _ body: String,
        _ question: BackupQuestion,
        _ context: ErrandContext
    ) throws(ProbeError) -> Success {
        guard let findings = FileFindings(body) else { throw unreadable(body) }
        switch question.place {
        case .log(let path):
            guard let line = findings.line else {
                let text = (question.text ?? "").shortened(toBytes: 80)
                return Success(absence: "no line with '\(text)' in \(path)")
            }
            let written = WrittenTime(now: context.at, zone: context.zone)
            guard let time = written.find(in: line) else {
                throw .unreadable(probe: name, line: line.shortened(toBytes: 120))
            }
            return Success(time: time)
        case .files(let pattern):
            if let newest = findings.newest {
                return Success(time: newest.modified, size: newest.size)
            }
            let absence =
                findings.small.map { "\($0.path) has only \($0.size ?? 0) B" }
                ?? "nothing matches \(pattern)"
            return Success(absence: absence)
        case .command: throw unreadable(body)
        }
    }

    private func listed(
        _ body: String,
        _ question: BackupQuestion,
        _ context: ErrandContext
    ) throws(ProbeError) -> Success {
        do throws(JSON.Problem) {
            let list = try BackupList(
                body,
                timeKey: question.timeKey,
                sizeKey: question.sizeKey,
                containing: question.text,
                written: WrittenTime(now: context.at, zone: context.zone)
            )
            let absence = "the command lists none"
            return Success(time: list.newest?.time, size: list.newest?.size, absence: absence)
        } catch {
            throw unreadable("\(error.words): \(body)")
        }
    }

    private func observations(
        _ newest: Success,
        _ question: BackupQuestion,
        at now: Instant
    ) -> [Observation] {
        let (health, reason) = judge(newest, question, at: now)
        let age = newest.time.map { max(.zero, now - $0) }
        var observations = [Observation.health(health, reason: reason)]
        if let age {
            observations.append(
                .metric(MetricSample(name: "age", value: age.seconds.rounded(), unit: "s"))
            )
        }
        if let size = newest.size {
            observations.append(
                .metric(MetricSample(name: "size", value: Double(size), unit: "B"))
            )
        }
        if let link = question.link {
            let isThere = age != nil
            observations.append(
                .link(
                    LinkReport(
                        name: link,
                        health: isThere ? .ok : health,
                        reason: isThere ? "" : reason,
                        behind: age
                    )
                )
            )
        }
        return observations
    }

    private func judge(
        _ newest: Success,
        _ question: BackupQuestion,
        at now: Instant
    ) -> (Health, String) {
        guard let time = newest.time else { return (.down, "no backup: \(newest.absence)") }
        let age = now - time
        // Clocks differ by a little; more is a mistake that would hide that backups have ended.
        if age < .seconds(-300) {
            return (.warn, "the newest is dated \(Span.zero - age) in the future")
        }
        if age > question.down { return (.down, "the newest is \(age) old, over \(question.down)") }
        if age > question.within {
            return (.warn, "the newest is \(age) old, over \(question.within)")
        }
        return (.ok, "")
    }

    private func question(_ address: String) throws(ProbeError) -> BackupQuestion {
        try BackupQuestion(words: words(of: address, isCommand: false), probe: name)
    }

    private func unreadable(_ body: String) -> ProbeError {
        .unreadable(probe: name, line: String(body.prefix { !$0.isNewline }))
    }
}
