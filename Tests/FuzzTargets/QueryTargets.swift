internal import Atlas
internal import Query

extension FuzzTarget {
    /// A query, and behind its first line end the lines that it is asked of.
    static let queries = [
        FuzzTarget("query") { bytes in
            let parts = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
            guard let text = parts.first.map({ String(decoding: $0, as: UTF8.self) }) else {
                return
            }
            guard let wanted = condition(text) else { return }
            let lines =
                parts.dropFirst().first.map { UnsafeRawBufferPointer(rebasing: $0).lines } ?? []
            let parted = LineTest(wanted)
            let denied = LineTest(.not(wanted))
            for format in ["plain", "json", "logfmt", "access"] {
                let (test, opposite) = (test(parted, format), test(denied, format))
                for line in lines {
                    let found = matches(test, line)
                    hold(found != matches(opposite, line), "a line matches, or does not")
                    let may = line.withUnsafeBytes(parted.mayMatch)
                    hold(may || !found, "no line is passed over that matches")
                }
            }
        }
    ]

    private static func condition(_ text: String) -> LogCondition? {
        do throws(QueryError) {
            return try QueryReader.read(text)
        } catch {
            hold(error.mistake.offset <= text.utf8.count, "a mistake is in the query")
            hold(!error.what.isEmpty && !error.remedy.isEmpty, "and has words")
            return nil
        }
    }

    private static func test(_ test: LineTest, _ format: String) -> SourceTest? {
        let sources = [LogSource(name: "web", path: "/x", format: format)]
        let known = LineFormats(sources: sources).format(of: "web")
        return test.test(of: SourceFacts(name: "web", resource: "on-prem", format: known))
    }

    private static func matches(_ test: SourceTest?, _ line: [UInt8]) -> Bool {
        guard let test else { return false }
        return line.withUnsafeBytes { bytes in
            let line = TestedLine(
                bytes: bytes,
                level: .info,
                time: Instant(seconds: 9),
                messageStart: 0
            )
            return test.matches(line, LineScratch())
        }
    }
}
