import Atlas
import Foundation
import History
import HistoryFormat
import Query

/// Asks a history what screens ask, in a process of its own.
///
/// Each line of standard input is a question, each answer a line of numbers:
///
///     pages N    four first pages, N times each: of each the medians of wall and CPU, and the
///                longest wall, in microseconds
///     scan       all of it for a text that is nowhere: milliseconds of wall and CPU, lines
struct SoakReader {
    /// In the order of an answer to `pages`; bars in milliseconds.
    static let pages = [
        (name: "last 200", bar: 5.0), (name: "search", bar: 50), (name: "histogram", bar: 100),
        (name: "10 min", bar: 30),
    ]

    private let reader: HistoryReader
    private let rate: Int

    init(path: String, rate: Int) throws {
        reader = try HistoryReader(path: path)
        self.rate = rate
    }

    func answer() throws {
        while let question = readLine() {
            let words = question.split(separator: " ")
            switch words.first {
            case "pages": TortureTool.say(try pages(Int(words[1]) ?? 1))
            case "scan": TortureTool.say(try scan())
            default: return
            }
        }
    }

    private func pages(_ times: Int) throws -> String {
        var texts: [String] = []
        for page in Self.pages.indices {
            let newest = try reader.logs(LogQuery(limit: 1)).lines.last?.record.time
            let spent = try (0..<times).map { _ in
                try spend { try ask(page, newest: newest ?? .distantPast) }
            }
            let walls = spent.map(\.wall).sorted()
            let cpus = spent.map(\.cpu).sorted()
            texts.append("\(walls[times / 2]) \(cpus[times / 2]) \(walls[times - 1])")
        }
        return texts.joined(separator: " ")
    }

    private func ask(_ page: Int, newest: Instant) throws {
        switch page {
        case 0: _ = try reader.logs(LogQuery(sources: [SoakLoad.sources[2]], limit: 200))
        case 1:
            _ = try reader.logs(LogQuery(condition: .text(.init("keepalived")), limit: 60))
        case 2:
            // The newest ten million lines.
            let since = newest - .seconds(Int64(10_000_000 / rate))
            _ = try reader.histogram(LogQuery(since: since), bucket: .seconds(60))
        default:
            // Ten minutes of an hour ago, as far as there is one.
            let until = newest - .seconds(3_600)
            let query = LogQuery(since: until - .seconds(600), until: until, minimumLevel: .error)
            _ = try reader.logs(query)
        }
    }

    private func scan() throws -> String {
        let spent = try spend {
            _ = try reader.logs(LogQuery(condition: .text(.init("nowhere to be found")), limit: 1))
        }
        let lines = try reader.stats().parts.first { $0.kind == .lines }
        return "\(spent.wall / 1_000) \(spent.cpu / 1_000) \(lines?.count ?? 0)"
    }

    /// Microseconds; of CPU, by all threads.
    private func spend(_ body: () throws -> Void) throws -> (wall: Int, cpu: Int) {
        let (began, used) = (DispatchTime.now().uptimeNanoseconds, Self.cpu())
        try body()
        return (
            Int((DispatchTime.now().uptimeNanoseconds - began) / 1_000), Self.cpu() - used
        )
    }

    private static func cpu() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Int($1.tv_sec) * 1_000_000 + Int($1.tv_usec)
        }
    }
}

/// The reader's process, as the writer sees it.
final class SoakChild {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    init(_ arguments: [String]) throws {
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe"
            )
        )
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func ask(_ question: String) {
        input.fileHandleForWriting.write(Data((question + "\n").utf8))
    }

    /// Waits for the answer; empty when the reader has ended.
    func answer() -> [Int] {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                return line.split(separator: " ").compactMap { Int($0) }
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { return [] }
            unread += more
        }
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
