package import Atlas

/// A command of the operator's own that prints what it knows as JSON lines.
///
/// Docs/exec-probe.md is its contract.
package struct Exec: CommandProbe {
    package let name = "exec"
    package let summary =
        "what a command of yours prints as JSON lines: health, role, metrics, links, events"
    package let addressHelp = """
        the command and its arguments, quoted as for a shell, such as \
        '/usr/local/lib/azimuth/rds-events --db orders'; no shell sees it, and Docs/exec-probe.md \
        says what it prints
        """

    package init() {}

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        SessionCommand(arguments: try words(of: address), inherited: ["AWS_*"])
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        var observations: [Observation] = []
        var numbers = ExecLine.Counts()
        for (number, line) in Self.lines(reply.body) where line.hasPrefix("{") {
            do throws(ExecLine.Problem) {
                let observation = try ExecLine.observation(line)
                try numbers.count(observation)
                observations.append(observation)
            } catch {
                throw .badLine(probe: name, number: number, reason: error.reason)
            }
        }
        let words = Self.words(reply.body).first ?? ""
        switch reply.ending {
        case .exit(0):
            guard !observations.isEmpty else { throw .unreadable(probe: name, line: words) }
            if numbers.healths == 0 { observations.append(.health(.ok, reason: "")) }
        case .exit(let status):
            observations.append(
                .health(.noData, reason: Self.ended("with status \(status)", words))
            )
        case .signal(let number):
            observations.append(.health(.noData, reason: Self.ended("by signal \(number)", words)))
        case .hungUp, .tried, .found, .read:
            throw .unreadable(probe: name, line: words)
        }
        return observations
    }

    package func remarks(on reply: String) -> [String] {
        guard let reply = OneShotReply(reply) else { return [] }
        return Self.words(reply.body).prefix(5).map { "passed over, no JSON: \($0)" }
    }

    private static func ended(_ how: String, _ words: String) -> String {
        "the command ended \(how)" + (words.isEmpty ? "" : ": " + words)
    }

    /// What is not JSON and so meant for people, such as words on standard error.
    private static func words(_ body: String) -> [String] {
        lines(body).filter { !$0.line.isEmpty && !$0.line.hasPrefix("{") }.map { _, line in
            line.shortened(toBytes: 200)
        }
    }

    /// Numbered from 1, blanks before each removed.
    private static func lines(_ body: String) -> [(number: Int, line: Substring)] {
        body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().map {
            number,
            line in
            (number + 1, line.drop { $0.isWhitespace })
        }
    }
}
