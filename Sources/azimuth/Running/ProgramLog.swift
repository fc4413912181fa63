import Atlas
import Collect
import Foundation

/// The program's own log on standard error, as text or as JSON lines.
struct ProgramLog: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case text
        case json
    }

    let format: Format
    private let clock = LiveClock()

    init(_ format: Format) {
        self.format = format
    }

    func info(_ message: String) { write("info", message) }

    func warn(_ message: String) { write("warn", message) }

    private func write(_ level: String, _ message: String) {
        let now = clock.now()
        switch format {
        case .text:
            StandardError.write("\(now) \(level) \(Explain.printable(message))\n")
        case .json:
            let line = Line(time: now, level: level, message: message)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(line) else { return }
            StandardError.write(String(decoding: data, as: UTF8.self) + "\n")
        }
    }

    private struct Line: Encodable {
        var time: Instant
        var level: String
        var message: String
    }
}
