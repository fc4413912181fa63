internal import Atlas

/// The member of a service that serves, as far as is known.
///
///     unknown ──a probe, a canary, a failover──► known ──it says: standby──► vacated
///                                                ▲  ▲                           │
///       another: a write canary, a failover ─────┘  └── these, and a probe ◄────┘
///
/// A write canary knows best, since its try was served; once there is one, probes only say who
/// serves at first.
struct ServingMember: Sendable {
    /// Nil while unknown.
    private(set) var name: String?
    /// The member that serves, as far as is known, says that it does not.
    private var isVacated = false
    /// Where the write canary's newest good try was; behind `name` while it still uses an old
    /// primary that was cut off and goes on taking writes.
    private(set) var used: String?
    private let hasWriteCanary: Bool

    init(hasWriteCanary: Bool) {
        self.hasWriteCanary = hasWriteCanary
    }

    /// A write canary is served by it, or a failover led to it.
    mutating func become(_ member: String) {
        name = member
        isVacated = false
    }

    /// It says that it is a standby now.
    mutating func giveWay(_ member: String) {
        if member == name { isVacated = true }
    }

    /// It says that it is primary, maybe has been all along (two held an address).
    mutating func claim(by member: String, whileRunning: Bool) {
        guard name == nil || isVacated && !hasWriteCanary && !whileRunning else { return }
        become(member)
    }

    /// The write canary's try was good there, after all that follows from it.
    mutating func use(_ member: String) {
        if hasWriteCanary { used = member }
    }
}
