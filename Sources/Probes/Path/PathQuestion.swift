import Atlas

/// An address of the path probe: to where, how, and what is too slow or too lossy.
struct PathQuestion {
    enum Way: Hashable {
        case tcp(port: UInt16)
        case icmp
    }

    static let counts = 1...20

    let host: String
    let way: Way
    private(set) var count = 5
    /// Over it the path is `warn`, or `down`; nil for no limit.
    private var rttLimits: (warn: Span?, down: Span?) = (nil, nil)
    /// From it on, in percent; above 0.
    private var lossLimits: (warn: Double, down: Double) = (1, 100)

    init(words: [String], probe: String) throws(ProbeError) {
        func bad(_ word: String, _ remedy: String) -> ProbeError {
            let reason = "'\(word.shortened(toBytes: 80))' cannot be taken"
            return .unusableAddress(probe: probe, reason: reason, remedy: remedy)
        }
        let target = words.first ?? ""
        guard let place = HostPort(target) else {
            throw bad(target, "write HOST:PORT, such as dx-peer:179, or HOST by=icmp")
        }
        host = place.host
        var isICMP = false
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            switch parts.first {
            case "by" where value == "icmp" || value == "tcp":
                isICMP = value == "icmp"
            case "count":
                guard let number = Int(value), Self.counts.contains(number) else {
                    throw bad(word, "write how many round trips to make, 1 to 20")
                }
                count = number
            case "rtt-warn", "rtt-down":
                guard let span = Span(value), span > .zero else {
                    throw bad(word, "write how long a round trip may take, such as 50ms")
                }
                if word.hasPrefix("rtt-warn") {
                    rttLimits.warn = span
                } else {
                    rttLimits.down = span
                }
            case "loss-warn", "loss-down":
                guard value.hasSuffix("%"), let share = Double(value.dropLast()), share > 0,
                    share <= 100
                else { throw bad(word, "write from which loss on, such as 2%") }
                if word.hasPrefix("loss-warn") {
                    lossLimits.warn = share
                } else {
                    lossLimits.down = share
                }
            default:
                throw bad(
                    word,
                    "write count=5, rtt-warn=50ms, rtt-down=…, loss-warn=2%, loss-down=… or by=icmp"
                )
            }
        }
        switch (isICMP, place.port) {
        case (true, nil): way = .icmp
        case (false, let port?): way = .tcp(port: port)
        case (true, _): throw bad(target, "ICMP knows no ports: write the host alone")
        case (false, nil): throw bad(target, "add a port for TCP, open or not, or by=icmp")
        }
    }

    /// The worst of what is wrong, and why.
    func judge(_ survey: PathSurvey) -> (health: Health, reason: String) {
        var complaints: [(health: Health, reason: String)] = []
        let why = survey.why.isEmpty ? "" : ": " + survey.why
        let lost = "\(survey.lost) of \(survey.sent) lost" + why
        if survey.lost == survey.sent || survey.lossPercent >= lossLimits.down {
            complaints.append((.down, lost))
        } else if survey.lossPercent >= lossLimits.warn {
            complaints.append((.warn, lost))
        }
        for (limit, health) in [(rttLimits.down, Health.down), (rttLimits.warn, .warn)] {
            guard let mean = survey.mean, let limit, mean > limit else { continue }
            complaints.append((health, "rtt \(mean), over \(limit)"))
            break
        }
        let worst = complaints.map(\.health).max() ?? .ok
        let reasons = complaints.filter { $0.health == worst }.map(\.reason)
        return (worst, reasons.joined(separator: "; "))
    }
}
