import Decode
import Foundation
import Testing

@Suite("The memory that reading takes", .timeLimit(.minutes(2)))
struct AllocationTests {
    /// Lines of many programs; every format gets all of them, its own and those of another shape.
    private static func samples() throws -> Data {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        return try Data(contentsOf: tests.appendingPathComponent("Bench/samples.log"))
    }

    private static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    @Test("does not grow with the number of lines, in any format")
    func staysTheSame() throws {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: link).deletingLastPathComponent()
            .appendingPathComponent("AllocationTool")
        process.arguments = ["4000"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(try Self.samples())
        try input.fileHandleForWriting.close()
        let told = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let rows = String(decoding: told, as: UTF8.self).split(separator: "\n")
        #expect(rows.count == FormatCatalog.all.count)
        for row in rows {
            let words = row.split(separator: " ")
            let counts = words.dropFirst().compactMap { Int($0) }
            try #require(counts.count == 3)
            // Unoptimized code takes some for each format that `auto` asks.
            if Self.isDebug, words[0] == "auto" { continue }
            // 2,000 lines more, or their fields, are none more; a run may take a few. One of a
            // single sample would be a hundred.
            #expect(counts[1] <= counts[0] + 8, "\(row)")
            #expect(counts[2] <= counts[0] + 8, "\(row)")
        }
    }
}
