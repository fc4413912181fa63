package import Atlas

/// Whether something listens: connects, says nothing, hangs up.
package struct TCP: ConnectionProbe {
    package let name = "tcp"
    package let summary = "whether a port takes connections, and how long that takes"
    package let addressHelp = "HOST:PORT, such as 'db-1:5432', '10.0.1.5:22' or '[fd00::5]:22'"

    package init() {}

    package var canary: (any CanaryClient)? { OneShotCanary(self) }

    package func dialogue(for address: String) throws(ProbeError) -> Dialogue {
        guard let place = HostPort(address), let port = place.port else {
            throw .unusableAddress(
                probe: name,
                reason: "'\(address.shortened(toBytes: 80))' is no host and port",
                remedy: "write HOST:PORT, such as db-1:5432 or [fd00::5]:22"
            )
        }
        return Dialogue(host: place.host, port: port)
    }

    package func isComplete(_ bytes: [UInt8], expects: String) -> Bool { true }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        guard case .hungUp(let connected) = reply.ending else {
            throw .unreadable(probe: name, line: reply.body.shortened(toBytes: 120))
        }
        return [.health(.ok, reason: ""), .metric(.milliseconds("connect-time", connected))]
    }
}

extension MetricSample {
    static func milliseconds(_ name: String, _ span: Span) -> MetricSample {
        MetricSample(name: name, value: span.milliseconds, unit: "ms")
    }
}
