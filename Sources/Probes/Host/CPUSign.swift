import Atlas

/// How the processors are used: /proc/stat and /proc/loadavg, proc_stat(5) and proc_loadavg(5).
enum CPUSign {
    /// Shares of the time of all processors together.
    ///
    /// What guests take is in `user` already. Time that the hypervisor gave to others is trouble
    /// that nothing on this machine can mend.
    static func use(_ stat: [Substring]) -> [Observation]? {
        guard let line = stat.first(where: { $0.hasPrefix("cpu ") }) else { return nil }
        let ticks = VitalSign.numbers(line.split(separator: " ").dropFirst())
        guard ticks.count >= 7 else { return nil }
        let steal = ticks.count > 7 ? ticks[7] : 0
        let whole = ticks.prefix(8).reduce(0, +)
        func share(_ name: String, _ part: Double, from limit: CounterSample.Limit? = nil)
            -> Observation
        {
            .counter(
                CounterSample(
                    name: name,
                    total: part * 100,
                    unit: "%",
                    whole: whole,
                    limit: limit
                )
            )
        }
        return [
            .health(.ok, reason: ""),
            share("busy", whole - ticks[3] - ticks[4]),
            share("iowait", ticks[4]),
            share("steal", steal, from: .init(from: 10, reason: "the hypervisor takes CPU time")),
        ]
    }

    /// Tasks that run, want to, or wait for a disk; more than two for each processor, over five
    /// minutes, is a queue.
    static func load(_ loadavg: [Substring], _ stat: [Substring]) -> [Observation]? {
        let figures = VitalSign.numbers((loadavg.first ?? "").split(separator: " ").prefix(3))
        let count = max(1, stat.count { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") })
        guard figures.count == 3 else { return nil }
        let isLong = figures[1] > 2 * Double(count)
        let cpus = count == 1 ? "1 CPU" : "\(count) CPUs"
        let reason = "\(VitalSign.figure(figures[1].rounded())) on \(cpus), over 5 minutes"
        return [
            .health(isLong ? .warn : .ok, reason: isLong ? reason : ""),
            .metric(MetricSample(name: "load-1", value: figures[0])),
            .metric(MetricSample(name: "load-5", value: figures[1])),
            .metric(MetricSample(name: "load-15", value: figures[2])),
        ]
    }
}

/// What one vital sign says of itself; the gravest counts.
struct Judgement {
    private(set) var health = Health.ok
    private(set) var reason = ""

    /// Takes it, unless something as grave was said before.
    mutating func take(_ health: Health, _ reason: String) {
        guard health > self.health else { return }
        self.health = health
        self.reason = reason
    }

    var observation: Observation { .health(health, reason: reason) }
}

extension VitalSign {
    /// The numbers among words of the kernel's, which has none above 64 bits; none at all where one
    /// is no such number: what is made of it would be none either.
    static func numbers(_ words: some Sequence<Substring>) -> [Double] {
        let numbers = words.compactMap { Double($0) }
        return numbers.allSatisfy { abs($0) < 1e20 } ? numbers : []
    }

    /// One digit after the point below ten, none above.
    static func figure(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
        guard value < 9.95 else {
            return Int64(exactly: value.rounded()).map(String.init) ?? "very much"
        }
        let tenths = Int((max(0, value) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `85 %`, in steps of five: for what jitters.
    static func roughly(_ value: Double) -> String { percent((value / 5).rounded(.down) * 5) }

    /// Cut, so that 100 means all of it.
    static func percent(_ value: Double) -> String { "\(Int(max(0, min(value, 100)))) %" }

    /// `3.4 GiB`.
    static func size(_ bytes: Double) -> String {
        for (size, unit) in [(1_099_511_627_776.0, "TiB"), (1_073_741_824, "GiB")]
        where bytes >= size {
            return "\(figure(bytes / size)) \(unit)"
        }
        return "\(figure(bytes / 1_048_576)) MiB"
    }
}
