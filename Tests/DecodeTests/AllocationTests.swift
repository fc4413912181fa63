import Decode
import Foundation
import Testing

@Suite("The memory that reading takes", .timeLimit(.minutes(2)))
struct AllocationTests {
    /// Lines of many programs; every format gets all of them, its own and those of another shape.
    private static let samples = #"""
        2026-11-23 07:20:31.195 UTC [26077] app@orders LOG:  duration: 12.3 ms
        	statement: SELECT 1
        21934:X 23 Nov 2026 06:58:17.081 # +odown master mymaster 127.0.0.1 26431 #quorum 2/2
        2026-11-23  7:21:05 0 [Warning] Aborted connection 5 to db: 'orders'
        Mon Nov 23 07:01:17 2026: (VI_1) Entering MASTER STATE
        Nov 23 07:03:30 lb-1 haproxy[3055]: Server be/web1 is DOWN. 1 active servers left.
        Nov 23 07:03:30 lb-1 haproxy[3055]: 127.0.0.1:40366 [23/Nov/2026:07:03:24.780] fe be/web1 0/0/0/-1/2001 504 198 - - sH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"
        2026-11-23T07:00:25.586123+00:00 lb-1 sshd[42]: Failed password for root: [error] x
        <34>1 2026-11-23T07:00:25.003Z web su 1 ID47 [a@1 b="c \"d\""] failed
        10.0.0.9 - ann [23/Nov/2026:07:00:25 +0000] "GET /a?b HTTP/1.1" 200 8 "-" "curl/7.88"
        {"time":"2026-11-23T07:00:25.5Z","level":"info","status":200,"bytes":17,"msg":"a \"b\""}
        time=2026-11-23T07:00:25Z level=warn msg="disk \"full\"" bytes=12 status=500
        time:2026-11-23T07:00:25Z	level:warn	status:200	bytes:1
        I1123 07:00:25.123456    4242 server.go:77] started
        2026-11-23 07:00:25,123 ERROR [main] org.example.Thing - failed
        2026-11-23T07:00:25.5Z stdout F hello
        {"log":"hello\n","stream":"stderr","time":"2026-11-23T07:00:25.5Z"}

        garbage é "open [ { = :
        """#

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
        process.arguments = ["100000"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(Self.samples.utf8))
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
            // 50,000 lines more, or their fields, are none more; a batch may take a few.
            #expect(counts[1] <= counts[0] + 100, "\(row)")
            #expect(counts[2] <= counts[0] + 200, "\(row)")
        }
    }
}
