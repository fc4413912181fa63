import Atlas
import Testing

@testable import Decode

@Suite("A log with whole seconds")
struct CoarseTimeTests {
    /// Times of lines as read: each states a second of minute 07:01 and arrives at another.
    private func read(_ lines: [(second: String, arrival: String)]) throws -> [String] {
        var decoder = SourceDecoder(format: KeepalivedLog())
        return try lines.map { second, arrival in
            let bytes = Array("Mon Nov 23 07:01:\(second) 2026: x".utf8)
            let at = try #require(Instant(rfc3339: "2026-11-23T07:01:\(arrival)Z"))
            let time = decoder.read(bytes.span.bytes, arrival: at).time
            return String(time.description.dropFirst("2026-11-23T07:01:".count).dropLast())
        }
    }

    @Test("is dated by the arrival of a line that comes in its second")
    func fresh() throws {
        #expect(try read([("17", "17.160"), ("17", "17.480")]) == ["17.160", "17.480"])
    }

    @Test("never leaves the second that the line states")
    func late() throws {
        #expect(try read([("17", "18.300")]) == ["17.999"])
        #expect(try read([("17", "16.900")]) == ["17.000"], "a clock that goes before ours")
    }

    @Test("of an old line only the second is known")
    func old() throws {
        #expect(try read([("17", "40.000"), ("18", "40.000")]) == ["17.000", "18.000"])
    }

    @Test("keeps the order of its lines")
    func order() throws {
        let lines = [("17", "17.500"), ("17", "19.500"), ("18", "18.100"), ("18", "18.050")]
        #expect(try read(lines) == ["17.500", "17.500", "18.100", "18.100"])
    }

    @Test("finer times are left as they are")
    func exact() throws {
        var decoder = SourceDecoder(format: KeepalivedLog())
        let bytes = Array("2026-11-23T07:01:17.160Z lb Keepalived: x".utf8)
        let arrival = try #require(Instant(rfc3339: "2026-11-23T07:01:17.900Z"))
        let time = decoder.read(bytes.span.bytes, arrival: arrival).time
        #expect(time == Instant(rfc3339: "2026-11-23T07:01:17.160Z"))
    }
}
