/// What a system's log lines mean for a failover: data, one file per system.
package struct SignaturePack: Codable, Hashable, Sendable {
    /// The system, such as `postgresql`; sources of the format of this name are matched.
    package var system: String
    package var signatures: [Signature]

    package init(system: String, signatures: [Signature]) {
        self.system = system
        self.signatures = signatures
    }
}

extension SignaturePack {
    /// Bundled packs with the operator's own signatures in them.
    ///
    /// One of the same system and name takes the place of the bundled one; all others come behind.
    package static func merged(
        _ bundled: [SignaturePack],
        with own: [SignaturePack]
    ) -> [SignaturePack] {
        var packs = bundled
        for pack in own {
            guard let index = packs.firstIndex(where: { $0.system == pack.system }) else {
                packs.append(pack)
                continue
            }
            for signature in pack.signatures {
                let names = packs[index].signatures.map(\.name)
                if let place = names.firstIndex(of: signature.name) {
                    packs[index].signatures[place] = signature
                } else {
                    packs[index].signatures.append(signature)
                }
            }
        }
        return packs
    }
}

/// A text that, found in a message, is evidence for a phase of a failover.
package struct Signature: Codable, Hashable, Sendable {
    package enum Edge: String, Codable, Hashable, Sendable {
        /// The phase begins here.
        case begin
        /// The phase ends here.
        case end
        /// It happened inside the phase and bounds nothing.
        case point
    }

    /// Stable name inside its pack, such as `promote-requested`.
    package var name: String
    /// Literal text that the message holds, letter for letter; `*` stands for any run of bytes.
    package var match: String
    package var phase: FailoverPhase
    package var edge: Edge
    /// Who writes such a line: it says which end of a failover the resource is.
    package var role: Side
    /// A real line that matches; checked by tests and by `azimuth check`.
    package var sample: String

    package enum Side: String, Codable, Hashable, Sendable {
        /// The resource that takes over.
        case successor
        /// The resource that served before.
        case predecessor
        /// Anybody.
        case any
    }

    package init(
        name: String,
        match: String,
        phase: FailoverPhase,
        edge: Edge,
        role: Side,
        sample: String
    ) {
        self.name = name
        self.match = match
        self.phase = phase
        self.edge = edge
        self.role = role
        self.sample = sample
    }
}
