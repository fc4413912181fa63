package import Atlas

/// The way from here to another place: round-trip time and loss.
///
/// By TCP, which works everywhere: a connection that is taken, or refused, has gone there and back.
/// Or by ping(8), where ICMP is let through.
package struct Path: ErrandProbe {
    package let name = "path"
    package let summary = "round-trip time and loss from here to another place"
    package let addressHelp = """
        'HOST:PORT' by TCP (a refused connection is a round trip, too), or 'HOST by=icmp' with \
        ping; then count=5 (round trips a question), rtt-warn=50ms, rtt-down=, loss-warn=2%, \
        loss-down=; without those, warn from 1 % loss on, down at 100 %
        """

    package init() {}

    package func errand(for address: String, timeout: Span) throws(ProbeError) -> Errand {
        let question = try PathQuestion(words: words(of: address, isCommand: false), probe: name)
        switch question.way {
        case .tcp(let port):
            return .roundTrips(host: question.host, port: port, count: question.count)
        case .icmp:
            // 0.2 s apart: less is for root only (ping(8)).
            let rest = timeout.seconds - 0.2 * Double(question.count) - 0.1
            let wait = min(10, max(1, Int(rest)))
            return .command(
                SessionCommand(arguments: [
                    "ping", "-n", "-q", "-c", "\(question.count)", "-i", "0.2", "-W", "\(wait)",
                    question.host,
                ])
            )
        }
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        let address = try reply.context(probe: name).address
        let question = try PathQuestion(words: words(of: address, isCommand: false), probe: name)
        let survey: PathSurvey?
        switch reply.ending {
        case .tried: survey = PathSurvey(tries: reply.body)
        // 1 says that not all came back.
        case .exit(0), .exit(1): survey = PathSurvey(ping: reply.body)
        case .exit, .signal: survey = nil
        case .hungUp, .found, .read:
            throw .unreadable(probe: name, line: reply.body.shortened(toBytes: 120))
        }
        guard let survey else {
            guard case .exit = reply.ending else {
                throw .unreadable(probe: name, line: reply.body.shortened(toBytes: 120))
            }
            return unanswered(reply, question)
        }
        return observations(question, survey)
    }

    private func observations(_ question: PathQuestion, _ survey: PathSurvey) -> [Observation] {
        let (health, reason) = question.judge(survey)
        return [.health(health, reason: reason)] + survey.metrics
    }

    /// Of a ping that sent nothing.
    private func unanswered(_ reply: OneShotReply, _ question: PathQuestion) -> [Observation] {
        for words in ["Network is unreachable", "No route to host"] where reply.body.contains(words)
        {
            var survey = PathSurvey(sent: question.count, lost: question.count)
            survey.why = words
            return observations(question, survey)
        }
        let reason =
            reply.body.contains("not permitted")
            ? "ping may send no ICMP here: allow it (net.ipv4.ping_group_range), or go by TCP"
            : "ping \(reply.endingWords)"
        return [.health(.noData, reason: reason)]
    }
}
