internal import Atlas

/// What rows of HAProxy's statistics say, in words that a person would use.
enum HAProxyReading {
    typealias Row = HAProxyStatistics.Row

    /// A server as HAProxy sees it.
    static func server(_ row: Row) -> [Observation] {
        let verdict = ServerVerdict(row)
        return [.health(verdict.health, reason: verdict.reason)] + load(row)
            + metric("check-time", row.number("check_duration"), "ms")
    }

    /// A backend by its servers: those in maintenance do not count, a spare one counts when it
    /// serves.
    static func backend(_ row: Row, servers: [Row]) -> [Observation] {
        let all = servers.map { (row: $0, verdict: ServerVerdict($0)) }
        let counted = all.filter { !$0.verdict.isSetAside }
        let regular = counted.filter { $0.row["bck"] != "1" }
        let up = regular.count { $0.verdict.takesUsers }
        let spare = counted.count { $0.row["bck"] == "1" && $0.verdict.takesUsers }
        let aside = all.count - counted.count
        var (health, reason) = (Health.ok, "\(up) of \(regular.count) servers up")
        let failed = regular.filter { !$0.verdict.takesUsers }
        if row["status"].hasPrefix("DOWN") {
            (health, reason) = (.down, "no server is up")
        } else if up == 0, spare > 0, !regular.isEmpty {
            (health, reason) = (.warn, "\(reason), users are on \(spare) spare")
        } else if !failed.isEmpty {
            health = .warn
        } else if servers.isEmpty {
            reason = ""
        }
        if let first = failed.first {
            let others = failed.count > 1 ? " and \(failed.count - 1) more" : ""
            reason += "; \(first.row["svname"])\(others) \(first.verdict.reason)"
        }
        if aside > 0, !servers.isEmpty { reason += ", \(aside) set aside" }
        return [.health(health, reason: reason)] + load(row)
            + metric("servers-up", Double(up + spare)) + metric("servers", Double(counted.count))
    }

    /// What users connect to.
    static func frontend(_ row: Row) -> [Observation] {
        let status = row["status"]
        let isFull = isFull(row)
        let (health, reason): (Health, String) =
            switch status {
            case "OPEN" where !isFull: (.ok, "")
            case "OPEN", "FULL": (.warn, "FULL: \(row["scur"]) of \(row["slim"]) sessions")
            case "PAUSED": (.maintenance, "PAUSED: takes no users")
            case "STOP": (.down, "STOP: takes no users")
            default: (.noData, "its status is '\(status.shortened(toBytes: 40))'")
            }
        return [.health(health, reason: reason)] + load(row)
    }

    /// HAProxy as a whole: that it answers is its health, unless users find nobody behind it.
    static func itself(_ rows: [Row]) -> [Observation] {
        let dead = rows.filter { $0.kind == .backend && $0["status"].hasPrefix("DOWN") }
        let fronts = rows.filter { $0.kind == .frontend }
        var (health, reason) = (Health.ok, "")
        if let first = dead.first {
            let others = dead.count > 1 ? " and \(dead.count - 1) more" : ""
            (health, reason) = (.warn, "no server is up behind \(first["pxname"])\(others)")
        } else if let full = fronts.first(where: isFull) {
            (health, reason) = (.warn, "\(full["pxname"]) is full: \(full["scur"]) sessions")
        }
        func sum(_ name: String, of rows: [Row]) -> Double {
            rows.compactMap { $0.number(name) }.reduce(0, +)
        }
        return [.health(health, reason: reason)]
            + metric("sessions", sum("scur", of: fronts))
            + metric("queue", sum("qcur", of: rows.filter { $0.kind == .backend }))
            + metric("request-rate", sum("req_rate", of: fronts), "1/s")
            + metric("responses-5xx", sum("hrsp_5xx", of: fronts))
    }

    private static func isFull(_ row: Row) -> Bool {
        guard let limit = row.number("slim"), limit > 0 else { return false }
        return (row.number("scur") ?? 0) >= limit
    }

    private static func load(_ row: Row) -> [Observation] {
        let isHTTP = row["mode"] == "http"
        return metric("sessions", row.number("scur")) + metric("queue", row.number("qcur"))
            + metric(
                isHTTP ? "request-rate" : "session-rate",
                row.number(row.kind == .frontend && isHTTP ? "req_rate" : "rate"),
                "1/s"
            )
            + metric("responses-5xx", isHTTP ? row.number("hrsp_5xx") : nil)
            // The mean of the last 1,024 requests.
            + metric("response-time", isHTTP ? row.number("rtime") : nil, "ms")
    }

    private static func metric(
        _ name: String,
        _ value: Double?,
        _ unit: String = ""
    ) -> [Observation] {
        value.map { [.metric(MetricSample(name: name, value: $0, unit: unit))] } ?? []
    }
}

/// How a server is by its status (`UP`, `DOWN 1/2`, `MAINT (via be/web2)`, ...) and its last check.
private struct ServerVerdict {
    let health: Health
    let reason: String
    /// New users may be sent there.
    let takesUsers: Bool
    /// Out of the rotation by a person's will, or an empty place of a template.
    let isSetAside: Bool

    init(_ row: HAProxyStatistics.Row) {
        let status = row["status"]
        let word = String(status.prefix { $0 != " " })
        let counts = Self.counts(status.dropFirst(word.utf8.count))
        takesUsers = word == "UP" || status == "no check"
        isSetAside = ["MAINT", "DRAIN", "NOLB"].contains(word)
        (health, reason) = Self.judge(row, status, word, counts)
    }

    private static func judge(
        _ row: HAProxyStatistics.Row,
        _ status: String,
        _ word: String,
        _ counts: (done: Int, of: Int)?
    ) -> (Health, String) {
        let check = Check(row)
        switch word {
        case "UP" where check.isOutstanding:
            return (.noData, "UP: not checked so far")
        case "UP":
            if let counts {
                let failed = counts.of - counts.done
                return (.warn, "UP: \(check.words), \(failed) of \(counts.of) checks failed")
            }
            return check.isBad ? (.warn, "UP: \(check.words)") : (.ok, "")
        case "DOWN":
            if let counts, counts.done > 0 {
                let back = "\(counts.done) of \(counts.of) checks passed"
                return (.down, "DOWN: coming back, \(back)")
            }
            if status.contains("(agent)") { return (.down, "DOWN: its agent says so") }
            guard check.isBad else { return (.down, "DOWN") }
            let fall = row["check_fall"]
            return (.down, "DOWN: \(check.words)" + (fall.isEmpty ? "" : ", \(failed(fall))"))
        case "NOLB": return (.maintenance, "NOLB: takes no new users")
        case "DRAIN": return (.maintenance, "DRAIN: keeps its users, takes no new ones")
        case "MAINT":
            if status.contains("(resolution)") { return (.warn, "MAINT: its name has no address") }
            return (.maintenance, status.shortened(toBytes: 80))
        case "no": return (.noData, "HAProxy does not check it")
        default: return (.noData, "its status is '\(status.shortened(toBytes: 40))'")
        }
    }

    private static func failed(_ fall: String) -> String {
        fall == "1" ? "1 check failed" : "\(fall) checks in a row failed"
    }

    /// `1/3` of a status that is about to change.
    private static func counts(_ text: Substring) -> (done: Int, of: Int)? {
        let numbers = text.drop { $0 == " " }.prefix { $0 != " " }.split(separator: "/")
            .map { Int($0) }
        guard numbers.count == 2, let done = numbers[0], let of = numbers[1], done <= of
        else { return nil }
        return (done, of)
    }
}

/// The last health check of a server.
private struct Check {
    /// None was made so far.
    let isOutstanding: Bool
    let isBad: Bool
    /// Such as `Layer4 connection problem: Connection refused`.
    let words: String

    init(_ row: HAProxyStatistics.Row) {
        // A star stands before that of the check before while one is under way.
        let code = row["check_status"].drop { $0 == "*" || $0 == " " }
        isOutstanding = code == "INI"
        isBad = !["", "INI", "UNK", "HANA"].contains(code) && !code.contains("OK")
        var words = row["check_desc"].isEmpty ? String(code) : row["check_desc"]
        if isBad, let status = row.number("check_code"), status > 0 { words += " \(Int(status))" }
        if !row["last_chk"].isEmpty { words += ": \(row["last_chk"])" }
        self.words = words.shortened(toBytes: 160)
    }
}
