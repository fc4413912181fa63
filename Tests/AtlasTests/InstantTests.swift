import Chance
import Testing

@testable import Atlas

@Suite("Points in time")
struct InstantTests {
    @Test(
        "read and write RFC 3339, with as few digits as are exact",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0), "1970-01-01T00:00:00.000Z"),
            (
                "2026-11-23T07:20:31.180367Z", 1_795_418_431_180_367_000,
                "2026-11-23T07:20:31.180367Z"
            ),
            ("2026-11-23 16:20:31.5+09:00", 1_795_418_431_500_000_000, "2026-11-23T07:20:31.500Z"),
            ("2000-02-29T23:59:60Z", 951_868_800_000_000_000, "2000-03-01T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999999999Z", -1, "1969-12-31T23:59:59.999999999Z"),
        ]
    )
    func texts(text: String, nanoseconds: Int64, written: String) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(instant.nanoseconds == nanoseconds)
        #expect(instant.description == written)
    }

    @Test(
        "refuse what is no time",
        arguments: [
            "", "2026-11-23", "2026-11-23T07:20:31", "2026-13-01T00:00:00Z",
            "2026-11-23T07:20:31.Z", "2026-11-23T07:20:31Z ", "9999-01-01T00:00:00Z",
            "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z",
            "2262-04-11T23:47:16-00:01", "1677-09-21T00:12:44+00:01",
        ]
    )
    func refused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test("every written time reads back as the same one, over three centuries")
    func roundTrip() {
        var dice = Dice(7)
        for _ in 0..<20_000 {
            let range: Int64 = 9_000_000_000_000_000_000
            let instant = Instant(nanoseconds: Int64(bitPattern: dice.next()) % range)
            #expect(Instant(rfc3339: instant.description) == instant)
        }
        for end in [Int64.min, .min + 1, .max - 1, .max] {
            let instant = Instant(nanoseconds: end)
            #expect(Instant(rfc3339: instant.description) == instant)
        }
    }

    @Test("a bucket holds its instant and begins at a multiple of its width")
    func buckets() {
        let width = Span.seconds(10)
        for nanoseconds: Int64 in [-1, 0, 1, 9_999_999_999, 10_000_000_000, -10_000_000_000] {
            let instant = Instant(nanoseconds: nanoseconds)
            let start = instant.floor(to: width)
            #expect(start <= instant && instant < start + width)
            #expect(start.nanoseconds % width.nanoseconds == 0)
        }
        #expect(Instant.distantPast.floor(to: width) == .distantPast)
    }

    @Test("sums stop at the ends instead of wrapping")
    func saturation() {
        #expect(Instant(nanoseconds: .max) + .seconds(1) == Instant(nanoseconds: .max))
        #expect(Instant.distantPast - .seconds(1) == .distantPast)
    }
}

@Suite("Lengths of time")
struct SpanTests {
    @Test(
        "read a number with its unit, and sums of them",
        arguments: [
            ("100ms", Int64(100_000_000)), ("2s", 2_000_000_000), ("1.5m", 90_000_000_000),
            ("1h30m", 5_400_000_000_000), ("7d", 604_800_000_000_000),
        ]
    )
    func read(text: String, nanoseconds: Int64) {
        #expect(Span(text)?.nanoseconds == nanoseconds)
    }

    @Test(
        "refuse what has no unit, a sign or a blank",
        arguments: ["", "5", "-5s", "5 s", "s", "5x"]
    )
    func refused(text: String) {
        #expect(Span(text) == nil)
    }

    @Test(
        "are written as a person reads them",
        arguments: [
            (Int64(0), "0 s"), (40_000_000, "40 ms"), (8_100_000_000, "8.1 s"),
            (45_000_000_000, "45 s"), (1_320_000_000_000, "22 min"), (-40_000_000, "-40 ms"),
        ]
    )
    func written(nanoseconds: Int64, text: String) {
        #expect(Span(nanoseconds: nanoseconds).description == text)
    }
}

@Suite("The nearest name")
struct NearestNameTests {
    @Test("forgives a letter left out, doubled, changed or swapped")
    func near() {
        let names = ["probes", "sources", "canaries"]
        for typed in ["probe", "prrobes", "prabes", "porbes"] {
            #expect(nearestName(to: typed, among: names) == "probes")
        }
    }

    @Test("says nothing where nothing is near")
    func far() {
        #expect(nearestName(to: "zzz", among: ["probes", "sources"]) == nil)
    }
}
