import Atlas
import Chance
import Glibc
import History

/// A writer in a process of its own, for tests that kill it, fill its disk or meet its lock.
///
///     HistoryTortureTool write PATH SEED    batches without end; says what each commit kept, and
///                                           keeps the file in order (an odd seed compacts it)
///     HistoryTortureTool hold PATH          keeps the lock until standard input ends
///     HistoryTortureTool fill PATH BYTES    until no file may grow past BYTES; then without limit
///     HistoryTortureTool soak PATH [budget=BYTES] [rate=LINES] [seconds=N] [commits=N] [pause=N]
///         [timed=0]    N simulated seconds into a budget; ends with 1 when a bar is missed
@main
enum TortureTool {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { exit(64) }
        let number = arguments.count > 3 ? UInt64(arguments[3]) ?? 0 : 0
        switch arguments[1] {
        case "write": try write(arguments[2], seed: number)
        case "hold": try hold(arguments[2])
        case "fill": try fill(arguments[2], bytes: number)
        case "soak": try soak(arguments[2], arguments.dropFirst(3))
        case "soak-read": try SoakReader(path: arguments[2], rate: Int(number)).answer()
        default: exit(64)
        }
    }

    private static func write(_ path: String, seed: UInt64) throws {
        let writer = try HistoryWriter(path: path)
        var load = TortureLoad(seed: seed)
        try load.begin(writer)
        say("began")
        while true {
            try writer.append(load.batch(for: writer))
            say("\(writer.nextLine) \(writer.nextObservation)")
            if seed % 2 == 0 {
                _ = try writer.tidy()
            } else if writer.nextObservation % 4 == 0 {
                _ = try writer.compact()
            }
        }
    }

    private static func hold(_ path: String) throws {
        let writer = try HistoryWriter(path: path)
        say("held")
        while readLine() != nil {}
        try writer.close()
    }

    private static func fill(_ path: String, bytes: UInt64) throws {
        let writer = try HistoryWriter(path: path)
        var load = TortureLoad(seed: 1)
        try load.begin(writer)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = rlim_t(bytes)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        do {
            while true { try writer.append(load.batch(for: writer)) }
        } catch let error as HistoryError {
            say("\(error.exit) \(writer.nextLine)")
        }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        try writer.append(load.batch(for: writer))
        say("again \(writer.nextLine)")
    }

    private static func soak(_ path: String, _ options: ArraySlice<String>) throws {
        var plan = Soak.Plan()
        plan.path = path
        for option in options {
            let parts = option.split(separator: "=")
            guard parts.count == 2, let value = Int(parts[1]) else { exit(64) }
            switch parts[0] {
            case "budget": plan.budget = value
            case "rate": plan.rate = value
            case "seconds": plan.seconds = value
            case "commits": plan.commits = value
            case "pause": plan.pause = value
            case "timed": plan.isTimed = value != 0
            default: exit(64)
            }
        }
        var soak = try Soak(plan)
        exit(try soak.run() ? 0 : 1)
    }

    struct Failure: Error {
        var what: String
    }

    static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        guard Glibc.write(1, line, line.count) == line.count else { exit(1) }
    }
}

/// Batches in which everything agrees: line numbers, the file position and the picture's counters.
struct TortureLoad {
    private var dice: Dice

    init(seed: UInt64) {
        dice = Dice(Int(truncatingIfNeeded: seed))
    }

    func begin(_ writer: HistoryWriter) throws(HistoryError) {
        let plan = WatchPlan(sources: [LogSource(name: "log", path: "/log", format: "plain")])
        var picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "torture"))
        picture.intake.lines = Int(writer.nextLine) - 1
        try writer.begin(plan, picture: picture, at: Instant(seconds: 0))
    }

    mutating func batch(for writer: HistoryWriter) throws -> HistoryBatch {
        let first = writer.nextLine
        let count = dice.next() % 60 + 1
        var offset = try writer.positions().first?.offset ?? 0
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        for number in first..<first + count {
            let filler = String(repeating: "x", count: Int(dice.next() % 200))
            bytes += Array("line \(number) \(filler)".utf8)
            ends.append(UInt32(bytes.count))
        }
        offset += UInt64(bytes.count) + count
        let at = Instant(seconds: Int64(first))
        let chunk = LogChunk(
            firstLine: first,
            bytes: bytes,
            ends: ends,
            sources: ends.map { _ in 0 },
            arrivals: ends.map { _ in at },
            times: ends.map { _ in at },
            levels: ends.map { _ in .info },
            messageStarts: ends.map { _ in 0 },
            positions: [
                ReadPosition(source: "log", device: 1, inode: 2, offset: offset, head: 3, tail: 4)
            ]
        )
        var intake = Intake()
        intake.lines = Int(first + count) - 1
        return HistoryBatch(
            at: at,
            chunks: [chunk],
            observations: [JournalEntry(line: first + count, input: Input(at: at, event: .tick))],
            parts: [.intake(intake), .clock(at)]
        )
    }
}
