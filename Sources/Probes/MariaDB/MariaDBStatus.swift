import Atlas

/// The status question and what its reply says.
///
/// Three tables as the client prints them in a batch, a line of names and lines of values, parted
/// by tabs: one row of the server, a row for each connection to a primary (often none), figures.
///
/// - Role: a server is a standby when it is read_only, or when a replication thread runs. So one
///   that was stopped (its rows stay) and opened for writes is a primary; one whose threads are
///   stopped while it is read_only is a standby that nobody feeds.
/// - Positions: sequence numbers of GTIDs, summed over the domains, that is transactions. A
///   replica has received `Gtid_IO_Pos` and applied `gtid_slave_pos`; a primary is where its
///   binary log is, or where it was as a replica while it has logged nothing of its own.
/// - `Seconds_Behind_Master` is a figure to look at; NULL says that applying does not go on.
struct MariaDBStatus {
    private(set) var observations: [Observation] = []
    private(set) var remarks: [String] = []

    /// The variables are asked for by themselves: beside an aggregate `@@read_only` reads as 0
    /// (seen with 10.11).
    static let question = """
        select @@version as version, @@global.read_only as read_only, \
        @@global.gtid_binlog_pos as binlog_pos, @@global.gtid_current_pos as current_pos, \
        @@global.gtid_slave_pos as slave_pos, @@global.max_connections as max_connections; \
        show all slaves status; \
        select variable_name as figure, variable_value as value \
        from information_schema.global_status where variable_name in \
        ('THREADS_CONNECTED', 'BINLOG_COMMITS', 'SLAVES_CONNECTED') order by 1
        """

    /// Nil without the row of the server, or when a row does not fit its names.
    init?(_ reply: String) {
        let names = ["version", "Connection_name", "figure"]
        guard let tables = MariaDBTable.tables(in: reply, beginning: names),
            let server = tables["version"]?.rows.first,
            let isReadOnly = Self.isReadOnly(server["read_only"])
        else { return nil }
        let sources = tables["Connection_name"]?.rows ?? []
        let follows = sources.contains {
            $0["Slave_IO_Running"] != "No" || $0["Slave_SQL_Running"] == "Yes"
        }
        let isStandby = isReadOnly || follows
        observations.append(.role(isStandby ? .standby : .primary))
        guard let position = Self.position(server, sources, isStandby: isStandby) else {
            return nil
        }
        observations.append(.position(position))
        if isStandby { readSources(sources) }
        readLoad(server, tables["figure"]?.rows ?? [])
        remark(on: sources, isReadOnly: isReadOnly, follows: follows)
    }

    private static func isReadOnly(_ value: Substring?) -> Bool? {
        switch value {
        case "0", "OFF": false
        case "1", "ON", "NO_LOCK", "NO_LOCK_NO_ADMIN": true
        default: nil
        }
    }

    private static func position(
        _ server: MariaDBTable.Row,
        _ sources: [MariaDBTable.Row],
        isStandby: Bool
    ) -> LogPosition? {
        var applied = GTIDPosition()
        guard applied.take(server["slave_pos"]) else { return nil }
        if !isStandby {
            guard applied.take(server["binlog_pos"]), applied.take(server["current_pos"]) else {
                return nil
            }
        }
        var received = applied
        if isStandby {
            for source in sources where !received.take(source["Gtid_IO_Pos"]) { return nil }
        }
        return LogPosition(
            timeline: 1,
            received: received.transactions,
            applied: applied.transactions,
            unit: .transactions
        )
    }

    /// With several primaries to follow, all of them have to feed it, and all have to be applied.
    private mutating func readSources(_ sources: [MariaDBTable.Row]) {
        let isPaused = sources.contains {
            $0["Slave_IO_Running"] == "Yes"
                && ($0["Slave_SQL_Running"] != "Yes" || $0["Seconds_Behind_Master"] == "NULL")
        }
        observations.append(.replayPaused(isPaused))
        let isFed = sources.allSatisfy { $0["Slave_IO_Running"] == "Yes" }
        observations.append(.upstream(isFed ? sources.first.flatMap(Self.upstream) : nil))
        let behind = sources.compactMap {
            $0["Seconds_Behind_Master"].flatMap { Double(finite: $0) }
        }.max()
        if let behind { add("seconds-behind", behind, unit: "s") }
    }

    private static func upstream(_ source: MariaDBTable.Row) -> String? {
        guard let host = source["Master_Host"], let port = source["Master_Port"] else { return nil }
        return "\(host):\(port)"
    }

    private mutating func readLoad(_ server: MariaDBTable.Row, _ figures: [MariaDBTable.Row]) {
        if let limit = server["max_connections"].flatMap({ Double(finite: $0) }) {
            add("connections-limit", limit)
        }
        let names: [Substring: String] = [
            "THREADS_CONNECTED": "connections", "BINLOG_COMMITS": "commits",
            "SLAVES_CONNECTED": "replicas",
        ]
        for figure in figures {
            guard let name = figure["figure"].flatMap({ names[$0] }),
                let value = figure["value"].flatMap({ Double(finite: $0) })
            else { continue }
            add(name, value)
        }
    }

    private mutating func add(_ name: String, _ value: Double, unit: String = "") {
        observations.append(.metric(MetricSample(name: name, value: value, unit: unit)))
    }

    private mutating func remark(
        on sources: [MariaDBTable.Row],
        isReadOnly: Bool,
        follows: Bool
    ) {
        for source in sources {
            let upstream = Self.upstream(source) ?? "somebody"
            if follows, !isReadOnly {
                remarks.append("follows \(upstream), and takes writes, too: set read_only")
            }
            if !follows, !isReadOnly {
                remarks.append("no longer follows \(upstream), and takes writes: a primary")
            }
            if source["Using_Gtid"] == "No" {
                remarks.append(
                    "replicates without GTID: what is received is seen once it is applied"
                )
            }
            for name in ["Last_IO_Error", "Last_SQL_Error"] {
                guard let error = source[name], !error.isEmpty else { continue }
                remarks.append("\(name): \(String(error).shortened(toBytes: 300))")
            }
        }
    }
}
