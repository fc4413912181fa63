package import Atlas

/// Who holds a virtual address, as VRRP (keepalived, or any other) moves it from host to host.
///
/// keepalived answers no questions without side effects (a signal makes it write a file), so the
/// kernel is asked where its address is: ip-address(8) of iproute2, which only reads.
package struct Keepalived: CommandProbe {
    package let name = "keepalived"
    package let summary = "who holds a virtual address, and whether its interface is up"
    package let addressHelp = """
        the virtual address, such as '10.0.1.100' or 'fd00::100', of this host; 'dev=eth0' after \
        it names its interface, 'netns=NAME' a network namespace (that takes root)
        """

    package init() {}

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        let wanted = try KeepalivedAddress(address, words: words(of: address, isCommand: false))
        return SessionCommand(arguments: wanted.arguments, expects: wanted.expects)
    }

    /// What `ip` says instead of an answer; an interface that is not there is an answer.
    package func refusal(in reply: SessionReply) -> ProbeFailure? {
        guard let reply = OneShotReply(reply.text) else { return nil }
        if case .exit(0) = reply.ending { return nil }
        if Self.isMissing(reply) { return nil }
        let isDenied =
            reply.body.contains("Operation not permitted")
            || reply.body.contains("Permission denied")
        return ProbeFailure(
            isDenied ? .denied : .noClient,
            words: reply.body.isEmpty ? "ip ended without a word" : reply.body
        )
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        guard let wanted = KeepalivedAddress(expects: reply.expects) else {
            throw .unreadable(probe: name, line: "for " + reply.expects.shortened(toBytes: 80))
        }
        if let interface = wanted.interface, Self.isMissing(reply) {
            return [.role(.standby), .health(.warn, reason: "\(interface) is not there")]
        }
        guard case .exit(0) = reply.ending, let table = AddressTable(reply.body) else {
            let line = reply.body.prefix { !$0.isNewline }
            throw .unreadable(probe: name, line: line.shortened(toBytes: 120))
        }
        return Self.judge(wanted, table)
    }

    /// One that nobody can reach is not held: the kernel leaves an address on an interface whose
    /// cable was pulled.
    private static func judge(
        _ wanted: KeepalivedAddress,
        _ table: AddressTable
    ) -> [Observation] {
        let holders = table.interfaces.filter { $0.holds(wanted.address) }
        if holders.contains(where: { $0.isUp && !$0.isRefused(wanted.address) }) {
            return [.role(.primary)]
        }
        if let holder = holders.first {
            let reason =
                holder.isUp
                ? "another host has \(wanted.text), too: \(holder.name) may not use it"
                : "\(holder.name) is down, and has \(wanted.text)"
            return [.role(.standby), .health(.warn, reason: reason)]
        }
        let places =
            wanted.interface == nil
            ? table.interfaces.filter { $0.reaches(wanted.address) } : table.interfaces
        guard let place = places.first, !places.contains(where: \.isUp) else {
            return [.role(.standby)]
        }
        return [.role(.standby), .health(.warn, reason: "\(place.name) is down")]
    }

    private static func isMissing(_ reply: OneShotReply) -> Bool {
        reply.ending == .exit(1) && reply.body.hasPrefix("Device \"")
            && reply.body.contains("\" does not exist")
    }
}

extension StringProtocol {
    fileprivate func shortened(toBytes limit: Int) -> String {
        String(self).shortened(toBytes: limit)
    }
}
