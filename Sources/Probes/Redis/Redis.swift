package import Atlas

/// Redis 5 and newer with replication, and its sentinels, asked through one `redis-cli` fed by a
/// pipe.
///
/// A `redis-cli` that lost its server goes on and connects anew by itself, so a break would look
/// like a pause. Therefore each request names the lines by which it tells of a break
/// (`SessionRequest.hopeless`): the session ends there, and that is a failure.
package struct Redis: Probe {
    package let name = "redis"
    package let summary = "role, replication offsets, replicas and upstream, connections; sentinels"
    package let addressHelp = """
        HOST:PORT or the path of a socket, then options: 'db-1:6379 user=azimuth \
        auth=/etc/azimuth/redis.auth tls=yes'; the first line of the auth file is the password, \
        and only its owner may read it
        """

    package init() {}

    package var canary: (any CanaryClient)? { RedisCanary() }

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        try RedisAddress(address, probe: name).command
    }

    package func status(number: UInt64) -> SessionRequest {
        Self.request("INFO replication\nINFO clients\nINFO sentinel", number: number)
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        guard let status = RedisStatus(reply) else {
            let line = reply.split(whereSeparator: \.isNewline).first ?? ""
            throw .unreadable(probe: name, line: String(line))
        }
        return status.observations
    }

    package func remarks(on reply: String) -> [String] {
        RedisStatus(reply)?.remarks ?? []
    }

    package func refusal(in reply: SessionReply) -> ProbeFailure? {
        RedisFailure.refusal(in: reply.text)
    }

    package func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        RedisFailure.classify(output: output, wasConnected: wasConnected)
    }

    /// Commands, and a PING that has the server repeat the line that closes their
    /// replies (a sentinel knows no ECHO).
    static func request(_ commands: String, number: UInt64) -> SessionRequest {
        let end = "@@azimuth \(number) "
        return SessionRequest(
            text: "\(commands)\nPING \"\(end)\"\n",
            end: end,
            hopeless: RedisFailure.hopeless
        )
    }
}
