import Atlas

/// The status question and what its reply says.
///
/// One statement, so one round trip and one snapshot. The reply is one line for each fact, tagged:
///
///     server|VERSION|IN RECOVERY|TIMELINE, hex|RECEIVED OR WRITTEN|REPLAYED|REPLAY PAUSED
///     receiver|STATUS|PORT|HOST
///     peer|STATE|SYNC STATE|FLUSHED|REPLAYED|APPLICATION NAME
///     load|CONNECTIONS|LIMIT|COMMITS
struct PostgreSQLStatus {
    private(set) var observations: [Observation] = []
    private(set) var remarks: [String] = []

    /// Runs on PostgreSQL 10 to 17 with no more rights than to connect; what the role may not
    /// see comes back empty.
    ///
    /// - `pg_is_in_recovery` is read once, so a promotion cannot come between; the functions
    ///   that fail on the wrong side are volatile, so CASE does keep them from being called.
    /// - A primary's timeline comes from the name of the WAL file it writes: the checkpoint's
    ///   lags behind a promotion. A standby's is the newest of what it receives, of its last
    ///   restart point and of its minimum recovery point.
    /// - Columns that some versions lack (`sender_host`, since 11) are read through `to_jsonb`.
    static let question = """
        with self as (select pg_is_in_recovery() as standby), \
        receiver as (select r.status, r.received_tli, to_jsonb(r) ->> 'sender_port' as port, \
        coalesce(to_jsonb(r) ->> 'sender_host', \
        substring(r.conninfo from '(?:^| )host=([^ ]+)')) as host from pg_stat_wal_receiver r) \
        select concat_ws('|', 'server', current_setting('server_version'), standby, \
        case when standby then (select to_hex(greatest((select max(received_tli) from receiver), \
        (select timeline_id from pg_control_checkpoint()), \
        (select min_recovery_end_timeline from pg_control_recovery())))) \
        else left(pg_walfile_name(pg_current_wal_lsn()), 8) end, \
        coalesce(case when standby then pg_last_wal_receive_lsn() \
        else pg_current_wal_lsn() end::text, ''), \
        coalesce(case when standby then pg_last_wal_replay_lsn() end::text, ''), \
        case when standby then pg_is_wal_replay_paused()::text else '' end) from self \
        union all select concat_ws('|', 'receiver', coalesce(status, ''), coalesce(port, ''), \
        coalesce(host, '')) from receiver \
        union all select concat_ws('|', 'peer', coalesce(state, ''), coalesce(sync_state, ''), \
        coalesce(flush_lsn::text, ''), coalesce(replay_lsn::text, ''), application_name) \
        from (select * from pg_stat_replication order by application_name, pid) s \
        union all select concat_ws('|', 'load', sum(numbackends), \
        current_setting('max_connections'), sum(xact_commit)) from pg_stat_database
        """

    /// Nil without a readable `server` line.
    ///
    /// Lines with other tags are passed over: psql puts the server's warnings between them.
    init?(_ reply: String) {
        var isStandby: Bool?
        var upstream: Observation? = .upstream(nil)
        for line in reply.split(whereSeparator: \.isNewline) {
            switch line.prefix(while: { $0 != "|" }) {
            case "server":
                guard isStandby == nil, let standby = readServer(line) else { return nil }
                isStandby = standby
            case "receiver": upstream = readReceiver(line)
            case "peer": readPeer(line)
            case "load": readLoad(line)
            default: continue
            }
        }
        guard let isStandby else { return nil }
        if isStandby, let upstream { observations.append(upstream) }
    }

    private static let blind = "grant pg_monitor to the probe's role"

    private mutating func readServer(_ line: Substring) -> Bool? {
        guard let fields = fields(of: line, count: 7), fields[2] == "t" || fields[2] == "f",
            let timeline = Int(fields[3], radix: 16)
        else { return nil }
        let isStandby = fields[2] == "t"
        let received = walPosition(fields[4])
        let applied = isStandby ? walPosition(fields[5]) : received
        observations.append(.role(isStandby ? .standby : .primary))
        // A standby that replays an archive has received nothing, and one that just restarted
        // its receiver may state a position behind what it replayed.
        if let newest = [received, applied].compactMap(\.self).max() {
            observations.append(
                .position(
                    LogPosition(timeline: timeline, received: newest, applied: applied ?? 0)
                )
            )
        } else if !isStandby {
            return nil
        }
        if isStandby { observations.append(.replayPaused(fields[6] == "true")) }
        return isStandby
    }

    /// Nil when the role may not see whether anything is received.
    private mutating func readReceiver(_ line: Substring) -> Observation? {
        guard let fields = fields(of: line, count: 4), !fields[1].isEmpty else {
            remarks.append("the state of the WAL receiver is hidden: \(Self.blind)")
            return nil
        }
        guard fields[1] == "streaming" else { return .upstream(nil) }
        return .upstream(fields[2].isEmpty ? String(fields[3]) : "\(fields[3]):\(fields[2])")
    }

    private mutating func readPeer(_ line: Substring) {
        guard let fields = fields(of: line, count: 6), !fields[1].isEmpty else {
            remarks.append("the state of a standby is hidden: \(Self.blind)")
            return
        }
        // A base backup also comes through a WAL sender, and is nobody's standby.
        guard fields[1] != "backup" else { return }
        observations.append(
            .peer(
                ReplicationPeer(
                    name: String(fields[5]),
                    state: String(fields[1]),
                    flushed: walPosition(fields[3]),
                    applied: walPosition(fields[4]),
                    isSynchronous: fields[2] == "sync" || fields[2] == "quorum"
                )
            )
        )
    }

    private mutating func readLoad(_ line: Substring) {
        guard let fields = fields(of: line, count: 4) else { return }
        let names = ["connections", "connections-limit", "commits"]
        for (name, field) in zip(names, fields.dropFirst()) {
            guard let value = Double(finite: field) else { continue }
            observations.append(.metric(MetricSample(name: name, value: value)))
        }
    }

    /// Exactly `count` fields, the last of which may hold bars of its own.
    private func fields(of line: Substring, count: Int) -> [Substring]? {
        let fields = line.split(
            separator: "|",
            maxSplits: count - 1,
            omittingEmptySubsequences: false
        )
        return fields.count == count ? fields : nil
    }
}

/// A WAL position `X/Y`, two hexadecimal halves of 32 bits, as a byte offset; nil for another text.
func walPosition(_ text: some StringProtocol) -> Int64? {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let high = UInt32(halves[0], radix: 16),
        let low = UInt32(halves[1], radix: 16)
    else { return nil }
    return Int64(exactly: UInt64(high) << 32 | UInt64(low))
}
