internal import Atlas
internal import Glibc
internal import History
internal import Query

/// A history filled, asked and read in a process of its own, so that no start of a program is in
/// the times.
///
///     HistoryBenchTool fill PATH LOG         lines of a syslog file, as of twenty sources
///     HistoryBenchTool rows LOG              the same lines for other stores, separated by tabs
///     HistoryBenchTool ask PATH RUNS         each question so many times; a JSON line each
///     HistoryBenchTool poll PATH SOURCE      its last 200 lines, every 10 ms until standard input ends
@main
enum BenchTool {
    static func main() throws {
        let arguments = CommandLine.arguments
        switch (arguments.dropFirst().first, arguments.count) {
        case ("fill", 4): try BenchLoad(log: arguments[3]).fill(arguments[2])
        case ("rows", 3): try BenchLoad(log: arguments[2]).printRows()
        case ("ask", 4): try ask(arguments[2], runs: Int(arguments[3]) ?? 5)
        case ("poll", 4): try poll(arguments[2], arguments[3])
        default: exit(64)
        }
    }

    private static func ask(_ path: String, runs: Int) throws {
        try measure("open", runs) {
            let reader = try HistoryReader(path: path)
            return try reader.version
        }
        let reader = try HistoryReader(path: path)
        for question in BenchQuestion.all {
            try measure(question.name, runs) { try question.ask(reader) }
        }
    }

    /// Prints the milliseconds of each run but the first, and how much was found.
    private static func measure(_ name: String, _ runs: Int, _ body: () throws -> Int) throws {
        var times: [String] = []
        var found = 0
        for run in 0...runs {
            let began = nanoseconds(CLOCK_MONOTONIC)
            let cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
            found = try body()
            let wall = Double(nanoseconds(CLOCK_MONOTONIC) - began) / 1e6
            let used = Double(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e6
            if run > 0 { times.append("[\(wall), \(used)]") }
        }
        let list = times.joined(separator: ", ")
        print("{\"what\": \"\(name)\", \"found\": \(found), \"runs\": [\(list)]}")
    }

    private static func poll(_ path: String, _ source: String) throws {
        let reader = try HistoryReader(path: path)
        let query = LogQuery(sources: [source], limit: 200)
        var times: [Int64] = []
        var errors = 0
        var short = 0
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&input, 1, 10) == 0 {
            let began = nanoseconds(CLOCK_MONOTONIC)
            do {
                if try reader.logs(query).lines.count < query.limit { short += 1 }
            } catch {
                errors += 1
            }
            times.append(nanoseconds(CLOCK_MONOTONIC) - began)
        }
        times.sort()
        func at(_ share: Double) -> Double {
            times.isEmpty
                ? 0 : Double(times[min(times.count - 1, Int(share * Double(times.count)))]) / 1e6
        }
        print(
            """
            {"asked": \(times.count), "errors": \(errors), "short": \(short), \
            "p50": \(at(0.5)), "p99": \(at(0.99)), "max": \(at(1))}
            """
        )
    }

    static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
