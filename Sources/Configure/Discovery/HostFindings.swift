/// What runs on this host, as /proc tells it: what `azimuth init` starts from.
package struct HostFindings: Hashable, Sendable {
    package struct Process: Hashable, Sendable {
        package var name: String
        /// Inodes of its sockets; nil when its descriptors may not be looked at.
        package var sockets: Set<UInt64>?

        package init(name: String, sockets: Set<UInt64>?) {
            self.name = name
            self.sockets = sockets
        }
    }

    /// A system that was recognized.
    package struct System: Hashable, Sendable {
        package var known: KnownSystem
        /// Where a client of this host reaches it.
        package var host: String
        /// Nil for a system that is recognized by its process only.
        package var port: UInt16?
        /// By its process; otherwise by its usual port, which another program may have taken.
        package var isCertain: Bool
    }

    package var hostName: String
    package var sockets: [ListeningSocket]
    package var processes: [Process]
    package var logs: [KnownLog]
    package var vitals: HostVitals
    /// Systemd keeps a journal here, and its client is installed.
    package var hasJournal: Bool

    package init(
        hostName: String,
        sockets: [ListeningSocket],
        processes: [Process],
        logs: [KnownLog],
        vitals: HostVitals = HostVitals(),
        hasJournal: Bool = false
    ) {
        self.hostName = hostName
        self.sockets = sockets
        self.processes = processes
        self.logs = logs
        self.vitals = vitals
        self.hasJournal = hasJournal
    }

    /// The systems, in the order of `KnownSystem.all` and by port.
    package var systems: [System] {
        let claimed = KnownSystem.all.map { known in (known, inodes(of: known)) }
        let owned = processes.reduce(into: Set<UInt64>()) { $0.formUnion($1.sockets ?? []) }
        return claimed.flatMap { known, own -> [System] in
            let isRunning = processes.contains { known.processes.contains($0.name) }
            guard let usual = known.port else {
                return isRunning
                    ? [System(known: known, host: "127.0.0.1", port: nil, isCertain: true)] : []
            }
            let ports = Set(
                sockets.filter { socket in
                    own.contains(socket.inode)
                        || socket.port == usual && !owned.contains(socket.inode)
                }
                .map(\.port)
            )
            .subtracting(known.otherPorts)
            return ports.sorted().map { port in
                let there = sockets.filter { $0.port == port }
                return System(
                    known: known,
                    host: Self.host(of: there.map(\.address)),
                    port: port,
                    isCertain: isRunning || there.contains { own.contains($0.inode) }
                )
            }
        }
    }

    /// Systems that run and listen where this user cannot see.
    package var unseen: [KnownSystem] {
        let seen = Set(systems.map(\.known))
        return KnownSystem.all.filter { known in
            !seen.contains(known)
                && processes.contains { known.processes.contains($0.name) && $0.sockets == nil }
        }
    }

    private func inodes(of known: KnownSystem) -> Set<UInt64> {
        processes.filter { known.processes.contains($0.name) }
            .reduce(into: []) { $0.formUnion($1.sockets ?? []) }
    }

    /// The address to ask: loopback where that is served, else the first one.
    private static func host(of addresses: [String]) -> String {
        if addresses.contains(where: { ["127.0.0.1", "0.0.0.0", "::"].contains($0) }) {
            return "127.0.0.1"
        }
        return addresses.min() ?? "127.0.0.1"
    }
}
