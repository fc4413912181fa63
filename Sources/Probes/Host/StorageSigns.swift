import Atlas

/// How full a file system is, for all but root: as df(1) counts.
enum DiskSign {
    static func observations(_ room: FileReply.Room) -> [Observation]? {
        let used = Double(room.total) - Double(room.free)
        let usable = used + Double(room.available)
        guard used >= 0, room.free <= room.total, usable > 0 else { return nil }
        let free = Double(room.available) * Double(room.block)
        let share = used / usable * 100
        var judgement = Judgement()
        let words = "\(VitalSign.percent(share)) full, \(VitalSign.size(free)) left"
        if share >= 97 { judgement.take(.down, words) }
        if room.isReadOnly { judgement.take(.down, "read-only: nothing can be written") }
        var metrics = [
            MetricSample(name: "free", value: free, unit: "B"),
            MetricSample(name: "used", value: share, unit: "%"),
        ]
        if room.inodes > 0, room.freeInodes <= room.inodes {
            let inodes = Double(room.inodes - room.freeInodes) / Double(room.inodes) * 100
            metrics.append(MetricSample(name: "used-inodes", value: inodes, unit: "%"))
            let words = "\(VitalSign.percent(inodes)) of its inodes are used: no room for files"
            if inodes >= 97 { judgement.take(.down, words) }
            if inodes >= 90 { judgement.take(.warn, words) }
        }
        if share >= 90 { judgement.take(.warn, words) }
        return [judgement.observation] + metrics.map(Observation.metric)
    }
}

/// What a block device does: /sys/class/block/NAME/stat, the kernel's Documentation block/stat.rst.
enum BlockSign {
    private static let slow = CounterSample.Limit(from: 500, reason: "a request takes long")

    static func observations(_ lines: [Substring]) -> [Observation]? {
        let figures = VitalSign.numbers((lines.first ?? "").split(separator: " "))
        guard figures.count >= 11 else { return nil }
        // Sectors of 512 bytes, whatever the device's are; times in milliseconds.
        return [
            .health(.ok, reason: ""),
            .counter(CounterSample(name: "busy", total: figures[9] / 10, unit: "%")),
            .counter(CounterSample(name: "read", total: figures[2] * 512, unit: "B/s")),
            .counter(
                CounterSample(
                    name: "wait",
                    total: figures[3] + figures[7],
                    unit: "ms",
                    whole: figures[0] + figures[4],
                    limit: slow
                )
            ),
            .counter(CounterSample(name: "write", total: figures[6] * 512, unit: "B/s")),
        ]
    }
}
