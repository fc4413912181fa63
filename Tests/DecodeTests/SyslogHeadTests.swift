import Atlas
import Testing

@testable import Decode

@Suite("The head of a syslog line")
struct SyslogHeadTests {
    private struct Read: Equatable {
        var time: ParsedLine.Time
        var tag: String
        var message: String
    }

    private func read(_ text: String) -> Read? {
        let bytes = Array(text.utf8)
        var times = TimeReader()
        return SyslogHead(bytes.span.bytes, &times).map { head in
            Read(
                time: head.time,
                tag: String(decoding: bytes[head.tag], as: UTF8.self),
                message: String(decoding: bytes[head.messageStart...], as: UTF8.self)
            )
        }
    }

    private func noYear(_ text: String) throws -> ParsedLine.Time {
        .yearUnknown(try at(text).civil(), offset: nil)
    }

    private func at(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    @Test("the traditional form has no year, the day padded with a blank or not")
    func traditional() throws {
        let time = try noYear("2000-11-23T07:00:25Z")
        #expect(
            read("Nov 23 07:00:25 lb-1 haproxy[3055]: Proxy be started.")
                == Read(time: time, tag: "haproxy", message: "Proxy be started.")
        )
        #expect(
            read("Feb 29 07:00:25 lb-1 kernel: [1.5] up")
                == Read(
                    time: try noYear("2000-02-29T07:00:25Z"),
                    tag: "kernel",
                    message: "[1.5] up"
                )
        )
        #expect(
            read("Nov  3 07:00:25 h a: b")?.time == (try noYear("2000-11-03T07:00:25Z"))
        )
        #expect(
            read("Nov 23 07:00:00.786 pcmk2 corosync[40]: x")?.time
                == (try noYear("2000-11-23T07:00:00.786Z"))
        )
    }

    @Test("the full form has its year and zone, with any number of digits of a second")
    func full() throws {
        for (text, instant) in [
            ("2026-11-23T07:00:25.586123+00:00", "2026-11-23T07:00:25.586123Z"),
            ("2026-11-23T16:00:25+09:00", "2026-11-23T07:00:25Z"),
            ("2026-11-23T16:00:25+0900", "2026-11-23T07:00:25Z"),
            ("2026-11-22T23:30:25.5-07:30", "2026-11-23T07:00:25.500Z"),
            ("2026-11-23T07:00:25.1234567891Z", "2026-11-23T07:00:25.123456789Z"),
        ] {
            let read = read("\(text) lb-1 haproxy[1]: up")
            #expect(
                read == Read(time: .exact(try at(instant)), tag: "haproxy", message: "up"),
                "\(text)"
            )
        }
    }

    @Test("the form on the wire has a priority and no host; a daemon's own mark has no tag")
    func others() throws {
        let time = try noYear("2000-11-23T07:00:24Z")
        #expect(
            read("<133>Nov 23 07:00:24 haproxy[3055]: up")
                == Read(time: time, tag: "haproxy", message: "up")
        )
        #expect(read("<5>Nov 23 07:00:24 a: b") == Read(time: time, tag: "a", message: "b"))
        #expect(
            read("Nov 23 07:00:24 lb-1 -- MARK --")
                == Read(time: time, tag: "", message: "-- MARK --")
        )
        #expect(read("Nov 23 07:00:24 lb-1 a:") == Read(time: time, tag: "a", message: ""))
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "Nov", "Nov 23 07:00:25", "Nov 23 07:00:25 ", "Nov 23 07:00:25 lb-1",
            "Nov 23 7:00:25 lb-1 a: b", "Nuv 23 07:00:25 lb-1 a: b", "Nov 99 07:00:25 lb-1 a: b",
            "2026-11-23 07:00:25 lb-1 a: b", "2026-11-23T07:00:25 lb-1 a: b",
            "<1333>Nov 23 07:00:24 lb-1 a: b", "<>Nov 23",
        ]
    )
    func strangers(line: String) {
        #expect(read(line) == nil)
    }

    @Test("every cut of a good head is read without a crash")
    func cuts() {
        for line in [
            "<133>Nov  3 07:00:24.25 lb-1 haproxy[1]: up", "2026-11-23T07:00:25.5+09:00 h a[1]: b",
        ] {
            for end in 0...line.utf8.count {
                let cut = Array(line.utf8.prefix(end))
                var times = TimeReader()
                #expect(SyslogHead(cut.span.bytes, &times).map { $0.messageStart <= end } ?? true)
            }
        }
    }
}

@Suite("A time without a year")
struct YearlessTimeTests {
    private struct HeadOnly: LogFormat {
        let name = "head"
        let summary = ""

        func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
            SyslogHead(line, &fields.times).map { ParsedLine(shape: .record, time: $0.time) }
                ?? ParsedLine(shape: .unknown)
        }
    }

    @Test(
        "is of the year of its arrival, and at new year of the one before or after it",
        arguments: [
            ("Nov 23 07:00:25", "2026-11-23T07:00:26Z", "2026-11-23T07:00:25Z"),
            ("Dec 31 23:59:59", "2027-01-01T00:00:00.300Z", "2026-12-31T23:59:59Z"),
            ("Jan  1 00:00:01", "2026-12-31T23:59:59.800Z", "2027-01-01T00:00:01Z"),
            // A log in Tokyo's time, and one in Honolulu's.
            ("Jan  1 08:30:00", "2026-12-31T23:30:00Z", "2026-12-31T23:30:00Z"),
            ("Dec 31 14:30:00", "2027-01-01T00:30:00Z", "2027-01-01T00:30:00Z"),
            ("Feb 29 12:00:00", "2028-02-29T12:00:01Z", "2028-02-29T12:00:00Z"),
        ]
    )
    func fresh(head: String, arrival: String, expected: String) throws {
        var decoder = SourceDecoder(format: HeadOnly())
        let bytes = Array("\(head) lb-1 a: b".utf8)
        let arrival = try #require(Instant(rfc3339: arrival))
        let reading = decoder.read(bytes.span.bytes, arrival: arrival)
        #expect(reading.time == Instant(rfc3339: expected))
    }

    @Test(
        "of an old line is the newest that is not to come",
        arguments: [
            ("Nov 23 07:00:26", "2026-11-23T07:00:26Z"),
            ("Nov 25 07:00:26", "2025-11-25T07:00:26Z"),
            ("Jan  1 00:00:00", "2026-01-01T00:00:00Z"),
            ("Feb 29 12:00:00", "2024-02-29T12:00:00Z"),
        ]
    )
    func old(head: String, expected: String) throws {
        var decoder = SourceDecoder(format: HeadOnly())
        let arrival = try #require(Instant(rfc3339: "2026-11-23T07:00:26Z"))
        for text in ["Nov 23 07:00:25 lb-1 a: b", "\(head) lb-1 a: b"] {
            let bytes = Array(text.utf8)
            let reading = decoder.read(bytes.span.bytes, arrival: arrival)
            if text.hasPrefix(head) { #expect(reading.time == Instant(rfc3339: expected)) }
        }
    }
}
