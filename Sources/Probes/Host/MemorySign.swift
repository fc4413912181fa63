import Atlas

/// How much memory there is for new work: /proc/meminfo, proc_meminfo(5).
enum MemorySign {
    static func observations(_ lines: [Substring]) -> [Observation]? {
        var sizes: [Substring: Double] = [:]
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count >= 2, let kibibytes = Double(finite: words[1]), kibibytes >= 0
            else { continue }
            sizes[words[0]] = kibibytes * 1_024
        }
        guard let total = sizes["MemTotal:"], total > 0, let free = sizes["MemFree:"] else {
            return nil
        }
        // Kernels before 3.14 do not say what is available.
        let estimate = free + (sizes["Buffers:"] ?? 0) + (sizes["Cached:"] ?? 0)
        let available = min(total, sizes["MemAvailable:"] ?? estimate)
        let share = available / total * 100
        var judgement = Judgement()
        let left = "\(VitalSign.size(available)) of \(VitalSign.size(total)) left"
        if share < 3 { judgement.take(.down, left) }
        if share < 8 { judgement.take(.warn, left) }
        var observations = [
            judgement.observation,
            .metric(MetricSample(name: "available", value: available, unit: "B")),
            .metric(MetricSample(name: "used", value: 100 - share, unit: "%")),
        ]
        if let swap = sizes["SwapTotal:"], swap > 0, let free = sizes["SwapFree:"] {
            let used = max(0, swap - free) / swap * 100
            observations.append(.metric(MetricSample(name: "used-swap", value: used, unit: "%")))
        }
        return observations
    }
}

/// How long tasks wait for what they need: /proc/pressure, the kernel's Documentation
/// accounting/psi.rst.
///
/// `some`: at least one waits; `full`: all wait, and nothing gets done. The mean of a minute.
enum PressureSign {
    static func observations(
        cpu: [Substring],
        memory: [Substring],
        io: [Substring]
    ) -> [Observation]? {
        guard let some = share("some", cpu) else { return nil }
        var judgement = Judgement()
        var metrics = [MetricSample(name: "cpu", value: some, unit: "%")]
        if some >= 80 {
            judgement.take(.warn, "tasks wait for a CPU \(VitalSign.roughly(some)) of the time")
        }
        for (name, lines) in [("memory", memory), ("io", io)] {
            guard let some = share("some", lines) else { continue }
            let full = share("full", lines) ?? 0
            metrics.append(MetricSample(name: name, value: some, unit: "%"))
            metrics.append(MetricSample(name: "\(name)-full", value: full, unit: "%"))
            let words = "nothing gets done \(VitalSign.roughly(full)) of the time, waiting for "
            if name == "io" {
                if full >= 25 { judgement.take(.warn, words + "disks") }
            } else {
                if full >= 40 { judgement.take(.down, words + "memory") }
                if full >= 5 { judgement.take(.warn, words + "memory") }
                if some >= 20 {
                    let wait = VitalSign.roughly(some)
                    judgement.take(.warn, "tasks wait for memory \(wait) of the time")
                }
            }
        }
        return [judgement.observation] + metrics.map(Observation.metric)
    }

    /// `avg60` of a line.
    private static func share(_ kind: String, _ lines: [Substring]) -> Double? {
        guard let line = lines.first(where: { $0.hasPrefix(kind + " ") }) else { return nil }
        let field = line.split(separator: " ").first { $0.hasPrefix("avg60=") }
        guard let value = field.flatMap({ Double($0.dropFirst(6)) }), (0...100).contains(value)
        else { return nil }
        return value
    }
}

/// How long the machine is up, and how many files may still be opened: proc_uptime(5), proc_sys_fs(5).
enum SystemSign {
    static func observations(_ uptime: [Substring], files: [Substring]) -> [Observation]? {
        guard let seconds = uptime.first?.split(separator: " ").first.flatMap({ Double($0) }),
            (0..<1e10).contains(seconds)
        else { return nil }
        var judgement = Judgement()
        let figures = VitalSign.numbers((files.first ?? "").split(whereSeparator: \.isWhitespace))
        if figures.count == 3, figures[2] > 0 {
            let share = figures[0] / figures[2] * 100
            let words = "\(VitalSign.percent(share)) of all files that may be open are"
            if share >= 95 { judgement.take(.down, words) }
            if share >= 80 { judgement.take(.warn, words) }
        }
        let days = (seconds / 8_640).rounded(.down) / 10
        return [
            judgement.observation, .metric(MetricSample(name: "uptime", value: days, unit: "d")),
        ]
    }
}
