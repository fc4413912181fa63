import Atlas
import Testing

@testable import Decode

@Suite("Words and numbers of levels and times")
struct ScaleTests {
    private func level(_ text: String) -> Level? {
        let bytes = Array("<\(text)>".utf8)
        return LevelWord.level(bytes.span.bytes, 1..<(bytes.count - 1))
    }

    @Test(
        "the words of the usual loggers, upper and lower case alike",
        arguments: [
            (Level.trace, "trace TRC finest FINER Verbose vrb silly T V"),
            (.debug, "debug DBG dbug fine CONFIG d"),
            (.info, "info INF Information informational LOG i"),
            (.notice, "notice NOTE success n"),
            (.warn, "warn WARNING wrn w"), (.error, "error ERR eror fail SEVERE e"),
            (.fatal, "fatal ftl CRITICAL crit alert emerg Emergency panic dpanic f C"),
        ]
    )
    func words(_ level: Level, _ words: String) {
        for word in words.split(separator: " ") {
            #expect(self.level(String(word)) == level, "\(word)")
        }
    }

    @Test(
        "other words are none",
        arguments: [
            "", "errors", "x", "infos", "warning!", "informationals", "emergencyy", "error\0",
            "\u{65}\u{0}", "a very long word indeed",
        ]
    )
    func others(_ word: String) {
        #expect(level(word) == nil)
    }

    @Test("severities of syslog")
    func severities() {
        #expect(
            (-1...8).map { LevelWord.level(severity: $0) } == [
                nil, .fatal, .fatal, .fatal, .error, .warn, .notice, .info, .debug, nil,
            ]
        )
    }

    private func time(_ text: String) -> String? {
        let bytes = Array("<\(text)>".utf8)
        var reader = TimeReader()
        guard let read = reader.read(bytes.span.bytes, 1..<(bytes.count - 1)) else { return nil }
        guard case .exact(let instant) = read.time else { return "\(read.time)" }
        return instant.description
    }

    @Test(
        "numbers since 1970, their unit by their size",
        arguments: [
            ("1795417225", "2026-11-23T07:00:25.000Z"),
            ("1795417225123", "2026-11-23T07:00:25.123Z"),
            ("1795417225123456", "2026-11-23T07:00:25.123456Z"),
            ("1795417225123456789", "2026-11-23T07:00:25.123456789Z"),
            ("1795417225.5", "2026-11-23T07:00:25.500Z"),
            ("1795417225.", "2026-11-23T07:00:25.000Z"),
            ("1795417225.1234567891234", "2026-11-23T07:00:25.123456789Z"),
            ("1795417225123.25", "2026-11-23T07:00:25.123250Z"),
            ("1.795417225e9", "2026-11-23T07:00:25.000Z"),
            ("1.7954172255E+09", "2026-11-23T07:00:25.500Z"),
            ("17954172250e-1", "2026-11-23T07:00:25.000Z"),
            ("0001795417225", "2026-11-23T07:00:25.000Z"),
            ("1795417225.123456789", "2026-11-23T07:00:25.123456789Z"),
            ("1795417225.000000001", "2026-11-23T07:00:25.000000001Z"),
            ("9223372036.854775807", "2262-04-11T23:47:16.854775807Z"),
        ]
    )
    func epochs(_ text: String, _ time: String) {
        #expect(self.time(text) == time)
    }

    @Test(
        "other numbers are no times",
        arguments: [
            "0", "12", "99999999", "-1795417225", "1795417225x", "1795417225e", "1e400", "1e99999",
            "9999999999999999999", "18446744073709551616", ".5", "1.2.3", "1795417225 ", "1e-30",
            "9223372036.854775808", "0099999999.999999999", "1795417225.12345678x",
            "17954172:5.123456789", "1795417/25.123456789", "179541722\u{BA}.12345678",
        ]
    )
    func noEpochs(_ text: String) {
        #expect(time(text) == nil)
    }

    @Test("written times, with nothing behind them")
    func written() {
        #expect(time("2026-11-23T16:00:25,5+09:00") == "2026-11-23T07:00:25.500Z")
        #expect(time("[23/Nov/2026:16:00:25 +0900]") == "2026-11-23T07:00:25.000Z")
        #expect(time("23/Nov/2026:16:00:25 +0900") == "2026-11-23T07:00:25.000Z")
        #expect(time("Nov 23 07:00:25")?.hasPrefix("yearUnknown") == true)
        for text in [
            "", "2026-11-23", "2026-11-23T07:00:25Z ", "23/Nov/2026:16:00:25 +0900 ",
            "Nov 23 07:00:25 x", "[", "[]",
        ] {
            #expect(time(text) == nil, "\(text)")
        }
    }
}
