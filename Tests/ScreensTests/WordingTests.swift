import Atlas
import Testing

@testable import Screens

@Suite("Figures as people read them")
struct WordingTests {
    @Test(
        "ages grow coarser",
        arguments: [
            (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (7_300, "2 h"),
            (180_000, "2 d"), (-5, "0 s"),
        ]
    )
    func ages(seconds: Int64, text: String) {
        #expect(Wording.age(.seconds(seconds)) == text)
    }

    @Test(
        "what was measured has tenths as long as they matter",
        arguments: [
            (40, "40 ms"), (8_190, "8.2 s"), (99_900, "99.9 s"), (131_400, "131 s"),
            (700_000, "11 min"), (-1_500, "-1.5 s"),
        ]
    )
    func took(milliseconds: Int64, text: String) {
        #expect(Wording.took(.milliseconds(milliseconds)) == text)
    }

    @Test("a healthy lag does not flicker, a strict one is exact")
    func lag() {
        #expect(Wording.lag(.milliseconds(40), rpo: .seconds(30)) == "<1 s")
        #expect(Wording.lag(.milliseconds(40), rpo: nil) == "<1 s")
        #expect(Wording.lag(.milliseconds(40), rpo: .seconds(1)) == "<50 ms")
        #expect(Wording.lag(.milliseconds(60), rpo: .seconds(1)) == "60 ms")
        #expect(Wording.lag(.milliseconds(9_200), rpo: .seconds(30)) == "9.2 s")
    }

    @Test("counts and sizes")
    func counts() {
        #expect(Wording.count(4_210_007) == "4,210,007")
        #expect(
            [0, 7, 940, 1_900, 23_000_000].map { Wording.compact($0) } == [
                "0", "7", "940", "1.9k", "23M",
            ]
        )
        #expect(
            [94, 947, 1_999, 14_240].map { Wording.coarse($0) } == ["94", "940", "1.9k", "14k"]
        )
        #expect(
            [0, 1_023, 1_536, 412_000_000].map { Wording.bytes($0) } == [
                "0 B", "1023 B", "1.5 KiB", "393 MiB",
            ]
        )
        let losses: [(Int64, LogUnit)] = [
            (2_048, .bytes), (1, .transactions), (1_204, .transactions),
        ]
        #expect(
            losses.map { amount, unit in
                Wording.amount(
                    LossEstimate(
                        amount: amount,
                        unit: unit,
                        span: .zero,
                        asOf: .distantPast,
                        isSourceGone: false
                    )
                )
            } == ["2 KiB", "1 transaction", "1,204 transactions"]
        )
        #expect(
            [0, 0.049, 0.301, 1.4667, 12].map { Wording.percent($0) } == [
                "<5%", "<5%", "30%", "146%", "12x",
            ]
        )
        #expect(
            [Span.seconds(1), .seconds(120), .milliseconds(1_500)].map(Wording.aim) == [
                "1 s", "120 s", "1.5 s",
            ]
        )
    }

    @Test("local times")
    func local() {
        let at = SampleEstate.at("2026-11-23T03:04:07.890Z")
        let zone = Sample.zone
        #expect(
            [zone.minute(at), zone.second(at), zone.tenth(at)] == [
                "12:04", "12:04:07", "12:04:07.8",
            ]
        )
        #expect(zone.when(at, now: at + .seconds(3_600 * 12)) == "Nov 23 12:04")
        #expect(zone.when(at, now: at + .seconds(60)) == "12:04:07")
    }
}
