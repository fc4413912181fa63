import Atlas
import Foundation
import History

/// A long run in simulated time: so many lines a second into a budget, and what that does to the
/// file, to memory and to those who read meanwhile.
struct Soak {
    struct Plan {
        var path = ""
        var budget = 2 << 30
        var rate = 20_000
        /// Simulated.
        var seconds = 86_400
        /// Batches a second.
        var commits = 1
        /// Seconds between two looks.
        var pause = 7_200
        /// Whether times of queries count.
        var isTimed = true
    }

    private let plan: Plan
    private let writer: HistoryWriter
    private let retention: Retention
    private var load: SoakLoad
    private var sizes = Sizes()
    private var looks: [Look] = []
    private var dropped = 0
    /// The longest transaction since the last look, in microseconds.
    private var longest = (keep: 0, order: 0)
    private var mostDropped = 0

    /// Since lines had to go; of the file alone, and with its log.
    private struct Sizes {
        var least = Int.max
        var most = 0
        var mostWithLog = 0
    }

    struct Look {
        var second: Int
        var lines: Int
        /// Milliseconds of CPU: a busy machine does not change them.
        var scan: Int
        var resident: Int
        var isFull: Bool
        /// Medians: of wall or CPU the less, since others may run beside.
        var pages: [Int]
    }

    init(_ plan: Plan) throws {
        self.plan = plan
        writer = try HistoryWriter(path: plan.path)
        // Inputs and states have little of it.
        let little = plan.budget / 100
        retention = Retention(
            lines: .init(bytes: plan.budget - 2 * little),
            inputs: .init(bytes: little),
            states: .init(bytes: little)
        )
        load = SoakLoad(rate: plan.rate, commits: plan.commits)
        let sources = SoakLoad.sources.map {
            LogSource(name: $0, path: "/\($0)", format: "syslog")
        }
        let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "soak"))
        try writer.begin(WatchPlan(sources: sources), picture: picture, at: picture.at)
    }

    /// True when all bars hold.
    mutating func run() throws -> Bool {
        let child = try SoakChild(["soak-read", plan.path, "\(plan.rate)"])
        TortureTool.say(
            "    time  M lines   file MiB  log MiB  RSS MiB  "
                + SoakReader.pages.map(\.name).joined(separator: "  ")
                + ": ms wall/CPU (longest, while written)  scan s  CPU s  commit ms  order ms  M dropped"
        )
        var next = plan.pause / 16
        for second in 1...plan.seconds {
            try step(Int64(second))
            guard second >= next || second == plan.seconds else { continue }
            try look(second, child)
            // While it fills, more often.
            next = second < plan.pause ? min(2 * second, plan.pause) : second + plan.pause
        }
        child.end()
        try writer.close()
        return judge()
    }

    private mutating func step(_ second: Int64) throws {
        for batch in load.second(second, firstLine: writer.nextLine) {
            let began = DispatchTime.now().uptimeNanoseconds
            try writer.append(batch)
            longest.keep = max(longest.keep, Self.micros(since: began))
            measure()
        }
        let began = DispatchTime.now().uptimeNanoseconds
        _ = try writer.tidy()
        let result = try writer.retain(retention, at: Instant(seconds: second))
        longest.order = max(longest.order, Self.micros(since: began))
        dropped += result[.lines]?.count ?? 0
        mostDropped = max(mostDropped, result[.lines]?.bytes ?? 0)
        measure()
    }

    private mutating func measure() {
        guard dropped > 0 else { return }
        let file = Self.size(of: plan.path)
        sizes.least = min(sizes.least, file)
        sizes.most = max(sizes.most, file)
        sizes.mostWithLog = max(sizes.mostWithLog, file + Self.size(of: plan.path + "-wal"))
    }

    private mutating func look(_ second: Int, _ child: SoakChild) throws {
        let resident = Self.resident()
        child.ask("scan")
        let scan = child.answer()
        child.ask("pages 5")
        let quiet = child.answer()
        // While it is written.
        child.ask("pages 5")
        for further in 0..<20 { try step(Int64(second) + Int64(further) / 20) }
        let busy = child.answer()
        guard scan.count == 3, quiet.count == 12, busy.count == 12 else {
            throw TortureTool.Failure(what: "the reader has ended")
        }
        looks.append(
            Look(
                second: second,
                lines: scan[2],
                scan: scan[1],
                resident: resident,
                isFull: dropped > 0,
                pages: SoakReader.pages.indices.map { min(quiet[3 * $0], quiet[3 * $0 + 1]) }
            )
        )
        func ms(_ micros: Int) -> String { Self.decimal(Double(micros) / 1_000) }
        let pages = SoakReader.pages.indices.map { index in
            "\(ms(quiet[3 * index]))/\(ms(quiet[3 * index + 1])) (\(ms(busy[3 * index + 2])))"
        }
        let lines = Double(scan[2]) / 1e6
        TortureTool.say(
            [
                Self.clock(second), Self.decimal(lines), "\(Self.size(of: plan.path) >> 20)",
                "\(Self.size(of: plan.path + "-wal") >> 20)", "\(resident >> 20)",
                pages.joined(separator: "  "), ms(scan[0]), ms(scan[1]), ms(longest.keep),
                ms(longest.order),
                Self.decimal(Double(dropped) / 1e6),
            ].map { String(repeating: " ", count: max(0, 8 - $0.count)) + $0 }
                .joined(separator: "  ")
        )
        longest = (0, 0)
    }

    // MARK: - Judging

    private func judge() -> Bool {
        var holds = true
        func hold(_ what: String, _ isHeld: Bool) {
            TortureTool.say("\(isHeld ? "holds " : "MISSED")  \(what)")
            if !isHeld { holds = false }
        }
        let share = { (bytes: Int) in Double(bytes) / Double(plan.budget) * 100 }
        hold(
            "size once full \(Self.decimal(share(sizes.least))) to \(Self.decimal(share(sizes.most)))"
                + " % of the budget (bar 95 to 105)",
            dropped > 0 && share(sizes.least) >= 95 && share(sizes.most) <= 105
        )
        // The log takes what is written while somebody reads, whatever the budget.
        let most = max(plan.budget + plan.budget / 20, plan.budget + 32 << 20)
        hold(
            "with its log \(Self.decimal(share(sizes.mostWithLog))) % at most"
                + " (bar \(Self.decimal(share(most))))",
            sizes.mostWithLog <= most
        )
        // What a second brings, and whole rows.
        let second = max(plan.rate * 100, 1 << 20)
        hold(
            "at most \(mostDropped >> 10) KiB dropped at once, \(dropped) lines in all",
            mostDropped <= second
        )
        let full = looks.filter(\.isFull).map(\.resident)
        let early = full.prefix(full.count / 2).max() ?? 0
        let late = full.suffix(full.count / 2).max() ?? 0
        hold(
            "memory \(early >> 20) MiB in the first half once full, \(late >> 20) in the second",
            late <= early + early / 20 + 2 << 20
        )
        guard plan.isTimed else { return holds }
        for (index, page) in SoakReader.pages.enumerated() {
            let most = Double(looks.map { $0.pages[index] }.max() ?? 0) / 1_000
            hold(
                "\(page.name): \(Self.decimal(most)) ms at most (bar \(page.bar))",
                most < page.bar
            )
        }
        // Of few lines what each question costs is most of it.
        let many = (looks.map(\.lines).max() ?? 0) / 20
        let costs = looks.filter { $0.lines > many }
            .map { Double($0.scan) / (Double($0.lines) / 1e6) }
        let spread = (costs.max() ?? 0) / (costs.min() ?? 1)
        hold(
            "full scans \(Self.decimal(costs.min() ?? 0)) to \(Self.decimal(costs.max() ?? 0))"
                + " ms of CPU a million lines kept",
            spread < 2
        )
        return holds
    }

    // MARK: - Measuring

    private static func micros(since began: UInt64) -> Int {
        Int((DispatchTime.now().uptimeNanoseconds - began) / 1_000)
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Bytes, from /proc/self/statm, proc(5).
    private static func resident() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }

    private static func decimal(_ number: Double) -> String {
        String(format: "%.1f", number)
    }

    private static func clock(_ second: Int) -> String {
        String(format: "%02d:%02d:%02d", second / 3_600, second / 60 % 60, second % 60)
    }
}
