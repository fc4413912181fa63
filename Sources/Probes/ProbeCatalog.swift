/// All probes there are; a new one is its folder, one line here, and its fixtures.
package enum ProbeCatalog {
    /// In the order in which they are shown.
    package static let all: [any Probe] = [
        PostgreSQL(),
        Redis(),
        MariaDB(),
        Keepalived(),
        HAProxy(),
        TCP(),
        HTTP(),
        Path(),
        Backup(),
        Nagios(),
        Exec(),
        Host(),
    ]

    package static func probe(named name: String) -> (any Probe)? {
        all.first { $0.name == name }
    }
}
