import Atlas

/// What an interface carries and loses: /proc/net/dev and operstate, proc_net(5), sysfs-class-net.
enum NetworkSign {
    /// Fields behind the interface's name.
    private enum Field {
        static let inBytes = 0
        static let inErrors = 2
        static let inDrops = 3
        static let outBytes = 8
        static let outErrors = 10
        static let outDrops = 11
    }

    static func observations(
        _ table: [Substring],
        states: [String: [Substring]]
    ) -> [Observation]? {
        guard let line = table.first(where: { $0.contains(":") }),
            let colon = line.lastIndex(of: ":")
        else {
            return table.isEmpty ? nil : [.health(.down, reason: "the interface is not there")]
        }
        let figures = VitalSign.numbers(
            line[line.index(after: colon)...].split(separator: " ")
        )
        guard figures.count >= 16 else { return nil }
        let state = states.filter { $0.key.hasSuffix("/operstate") }
            .min { $0.key < $1.key }?.value.first
        return [
            health(state),
            .counter(
                CounterSample(
                    name: "drops",
                    total: figures[Field.inDrops] + figures[Field.outDrops],
                    unit: "1/s",
                    limit: .init(from: 10, reason: "packets are dropped")
                )
            ),
            .counter(
                CounterSample(
                    name: "errors",
                    total: figures[Field.inErrors] + figures[Field.outErrors],
                    unit: "1/s",
                    limit: .init(from: 1, reason: "packets come or go with errors")
                )
            ),
            .counter(CounterSample(name: "in", total: figures[Field.inBytes], unit: "B/s")),
            .counter(CounterSample(name: "out", total: figures[Field.outBytes], unit: "B/s")),
        ]
    }

    /// RFC 2863 states; drivers of virtual devices say `unknown` while all is well.
    private static func health(_ state: Substring?) -> Observation {
        switch state {
        case nil, "up", "unknown": .health(.ok, reason: "")
        case "down", "lowerlayerdown", "notpresent": .health(.down, reason: "the link is down")
        case "dormant", "testing": .health(.warn, reason: "the link is not in use yet")
        default: .health(.ok, reason: "")
        }
    }
}
