import Atlas
import Testing

@testable import Decode

@Suite("Times in the words of strptime")
struct TimePatternTests {
    private func pattern(_ text: String) throws -> TimePattern {
        guard case .pattern(let pattern) = TimePattern.compile(text) else {
            throw Refused(text: text)
        }
        return pattern
    }

    private struct Refused: Error {
        var text: String
    }

    private func read(
        _ text: String,
        _ written: String,
        zone: UserFormat.Zone = .utc
    ) throws -> ParsedLine.Time? {
        let pattern = try pattern(text)
        return Array(written.utf8).withUnsafeBytes { pattern.read($0, zone: zone) }
    }

    @Test(
        "P05 are read to the nanosecond",
        arguments: [
            (
                "%Y-%m-%d %H:%M:%S.%f", "2026-11-23 07:20:31.180367123",
                "2026-11-23T07:20:31.180367123Z"
            ),
            ("%Y-%m-%dT%H:%M:%S%z", "2026-11-23T16:20:31+09:00", "2026-11-23T07:20:31Z"),
            ("%FT%T,%L%z", "2026-11-23T07:20:31,18Z", "2026-11-23T07:20:31.18Z"),
            ("%d/%b/%Y:%H:%M:%S %z", "23/Nov/2026:02:20:31 -0500", "2026-11-23T07:20:31Z"),
            ("%a %b %e %H:%M:%S %Y", "Mon Nov  3 07:20:31 2026", "2026-11-03T07:20:31Z"),
            (
                "%A, %d %B %Y %I:%M:%S %p", "Monday, 23 November 2026 12:20:31 AM",
                "2026-11-23T00:20:31Z"
            ),
            ("%m/%d/%y %l:%M%p", "11/23/26  7:20pm", "2026-11-23T19:20:00Z"),
            ("%y%m%d %k:%M:%S", "691123  7:20:31", "1969-11-23T07:20:31Z"),
            ("%Y%m%d%H%M%S", "20261123072031", "2026-11-23T07:20:31Z"),
            ("%Y-%m-%d %H:%M %Z", "2026-11-23 07:20 GMT", "2026-11-23T07:20:00Z"),
            ("%s", "1795418431", "2026-11-23T07:20:31Z"),
            ("%s", "1795418431180", "2026-11-23T07:20:31.180Z"),
            ("%s", "1795418431180367", "2026-11-23T07:20:31.180367Z"),
            ("%s", "1795418431180367123", "2026-11-23T07:20:31.180367123Z"),
            ("%s.%f", "1795418431.25", "2026-11-23T07:20:31.25Z"),
            ("100%% %s", "100% 0", "1970-01-01T00:00:00Z"),
        ]
    )
    func times(text: String, written: String, expected: String) throws {
        let instant = try #require(Instant(rfc3339: expected))
        #expect(try read(text, written) == .exact(instant))
    }

    @Test("P05 a zone that is not told, or told by letters, stays to be found out")
    func zones() throws {
        let time = try #require(Instant(rfc3339: "2026-11-23T07:20:00Z"))
        let written = "2026-11-23 07:20"
        #expect(try read("%F %R", written, zone: .unknown) == .zoneUnknown(time))
        let letters = try read("%F %R %Z", written + " JST", zone: .unknown)
        #expect(letters == .zoneUnknown(time))
    }

    @Test(
        "of another form, or of no day that there is, are none",
        arguments: [
            "", "2026", "2026-11-23 07:20:3x", "2026-11-23 07:20:31 ", "2026-13-01 00:00:00",
            "2026-02-29 00:00:00", "2026-04-31 00:00:00", "2026-00-01 00:00:00",
            "2026-11-23 25:00:00", "2026-11-23 07:60:00", "26-11-23 07:20:31",
            "1500-01-01 00:00:00",
            "2026-11-00 00:00:00",
        ]
    )
    func refused(written: String) throws {
        #expect(try read("%Y-%m-%d %H:%M:%S", written) == nil)
    }

    @Test("seconds since 1970 that do not fit are none")
    func tooManySeconds() throws {
        for written in ["9999999999999999999", "99999999999999999999", "99999999999", "-1", ""] {
            #expect(try read("%s", written) == nil, "\(written)")
        }
    }

    @Test(
        "a form that cannot be used says what is missing, and where",
        arguments: [
            ("%Y %Q", 3), ("%", 0), ("%Y %", 3), ("%H:%M", nil), ("%Y-%m-%d", nil),
            ("%m %d %I:%M", nil), ("%d %H:%M", nil), ("", nil), ("%m-%d %H", nil), ("é%", 2),
        ] as [(String, Int?)]
    )
    func unusable(text: String, offset: Int?) {
        guard case .refused(let at, let what, let remedy) = TimePattern.compile(text) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(at == offset)
        #expect(!what.isEmpty && !remedy.isEmpty)
    }
}
