import Atlas

/// What INFO says of replication, clients and watched masters.
///
///     role:master                          role:slave
///     slave0:ip=IP,port=PORT,state=online,  master_host:HOST
///       offset=CONFIRMED,lag=SECONDS        master_port:PORT
///     master_repl_offset:WRITTEN            master_link_status:up
///                                           slave_read_repl_offset:RECEIVED (since 7.0)
///                                           slave_repl_offset:APPLIED
///
/// A sentinel has no role, but `sentinel_masters:COUNT` and a line for each of them. Offsets are
/// bytes of the replication stream; a ping of the primary each few seconds counts, too. Redis
/// names the generation of its stream by a random text and not by a number that grows, so the
/// timeline is always 0.
struct RedisStatus {
    private(set) var observations: [Observation] = []
    private(set) var remarks: [String] = []
    private var masters: [Substring] = []

    /// Nil without a role that is known, and without masters that a sentinel watches.
    init?(_ reply: String) {
        var values: [Substring: Substring] = [:]
        var replicas: [Substring] = []
        for line in reply.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let (key, value) = (line[..<colon], line[line.index(after: colon)...])
            if Self.isNumbered(key, "slave") {
                replicas.append(value)
            } else if Self.isNumbered(key, "master") {
                masters.append(value)
            } else if values[key] == nil {
                values[key] = value
            }
        }
        switch values["role"] {
        case "master": guard readPrimary(values, replicas) else { return nil }
        case "slave": guard readStandby(values) else { return nil }
        case nil where values["sentinel_masters"] != nil: readSentinel(values)
        default: return nil
        }
        for (key, name) in [
            ("connected_clients", "connections"), ("maxclients", "connections-limit"),
        ] as [(Substring, String)] {
            guard let value = values[key].flatMap({ Double(finite: $0) }) else { continue }
            observations.append(.metric(MetricSample(name: name, value: value)))
        }
    }

    private mutating func readPrimary(
        _ values: [Substring: Substring],
        _ replicas: [Substring]
    ) -> Bool {
        guard let written = values["master_repl_offset"].flatMap({ Int64($0) }) else {
            return false
        }
        observations.append(.role(.primary))
        observations.append(
            .position(LogPosition(timeline: 0, received: written, applied: written))
        )
        for replica in replicas {
            let fields = Self.fields(replica)
            let offset = fields("offset").flatMap { Int64($0) }
            observations.append(
                .peer(
                    ReplicationPeer(
                        name: "\(fields("ip") ?? ""):\(fields("port") ?? "")",
                        state: String(fields("state") ?? ""),
                        flushed: offset,
                        applied: offset,
                        isSynchronous: false
                    )
                )
            )
        }
        return true
    }

    private mutating func readStandby(_ values: [Substring: Substring]) -> Bool {
        guard let applied = values["slave_repl_offset"].flatMap({ Int64($0) }) else {
            return false
        }
        let received = values["slave_read_repl_offset"].flatMap { Int64($0) }
        observations.append(.role(.standby))
        observations.append(
            .position(
                LogPosition(
                    timeline: 0,
                    received: max(received ?? applied, applied),
                    applied: applied
                )
            )
        )
        let isUp = values["master_link_status"] == "up"
        observations.append(
            .upstream(
                isUp ? "\(values["master_host"] ?? ""):\(values["master_port"] ?? "")" : nil
            )
        )
        if values["master_sync_in_progress"] == "1" {
            remarks.append("it is being filled with a full copy of its primary")
        }
        return true
    }

    private mutating func readSentinel(_ values: [Substring: Substring]) {
        for (name, key) in [("masters", "sentinel_masters"), ("tilt", "sentinel_tilt")]
            as [(String, Substring)]
        {
            guard let value = values[key].flatMap({ Double(finite: $0) }) else { continue }
            observations.append(.metric(MetricSample(name: name, value: value)))
        }
        for master in masters {
            let fields = Self.fields(master)
            guard let status = fields("status"), status != "ok" else { continue }
            remarks.append(
                "the master \(fields("name") ?? "") at \(fields("address") ?? "") is \(status)"
            )
        }
    }

    /// `slave0`, `slave12`: the word and a number.
    private static func isNumbered(_ key: Substring, _ word: String) -> Bool {
        let digits = key.dropFirst(word.count)
        return key.hasPrefix(word) && !digits.isEmpty
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Looks up the fields of `a=1,b=2`.
    private static func fields(_ text: Substring) -> (String) -> Substring? {
        let parts = text.split(separator: ",")
        return { name in
            parts.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
        }
    }
}
