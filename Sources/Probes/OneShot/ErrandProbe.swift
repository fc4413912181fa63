package import Atlas

/// A probe whose address says in which way it is asked.
///
/// Its replies tell when and what was asked (`ErrandContext`), so that `decode` needs neither the
/// clock nor the plan.
package protocol ErrandProbe: CommandProbe {
    /// What to do for an address, which may take the timeout altogether.
    func errand(for address: String, timeout: Span) throws(ProbeError) -> Errand
}

/// One way to ask.
package enum Errand: Hashable, Sendable {
    /// Run it and read what it writes.
    case command(SessionCommand)
    /// Connect so many times, one after the other, and measure each.
    case roundTrips(host: String, port: UInt16, count: Int)
    /// Look into files of this machine.
    case files(FileQuestion)
}

package enum FileQuestion: Hashable, Sendable {
    /// The file or folder changed last of those whose path matches (glob(7)); a file only from
    /// `atLeast` bytes on.
    case newest(pattern: String, atLeast: Int64)
    /// The last line of a log that holds a text; of `PATH.1` when it was rotated away.
    case line(path: String, containing: String)
}

extension ErrandProbe {
    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        guard case .command(var command) = try errand(for: address, timeout: timeout) else {
            return SessionCommand(arguments: [])
        }
        command.expects = address
        return command
    }
}

/// When and what was asked: `at=2026-11-23T07:20:31.000Z zone=32400 ADDRESS`.
package struct ErrandContext: Hashable, Sendable {
    /// The time of the answer, by the machine's clock.
    package var at: Instant
    /// The machine's own zone then, whole seconds east of UTC.
    package var zone: Span
    /// In one line.
    package var address: String

    package init(at: Instant, zone: Span, address: String) {
        self.at = at
        self.zone = zone
        self.address = String(address.map { $0.isNewline ? " " : $0 })
    }

    package init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasPrefix("at="), parts[1].hasPrefix("zone="),
            let at = Instant(rfc3339: parts[0].dropFirst("at=".count)),
            let zone = Int32(parts[1].dropFirst("zone=".count)), abs(Int64(zone)) <= 86_400
        else { return nil }
        self.at = at
        self.zone = .seconds(Int64(zone))
        address = String(parts[2])
    }

    package var text: String {
        "at=\(at) zone=\(zone.nanoseconds / 1_000_000_000) \(address)"
    }
}

extension OneShotReply {
    /// Throws for the reply of another kind of probe.
    func context(probe: String) throws(ProbeError) -> ErrandContext {
        guard let context = ErrandContext(expects) else {
            throw .unreadable(probe: probe, line: body.shortened(toBytes: 120))
        }
        return context
    }
}
