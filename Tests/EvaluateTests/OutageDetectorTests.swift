import Atlas
import Testing

@testable import Evaluate

@Suite("The outage of a canary")
struct OutageDetectorTests {
    private func changes(_ outcomes: String) -> [OutageDetector.Change] {
        var detector = OutageDetector()
        return outcomes.enumerated().compactMap { index, outcome in
            detector.take(.sample(index, isGood: outcome == "o"))
        }
    }

    @Test("runs from the start of the first bad try to the end of the first good one")
    func bounds() {
        #expect(
            changes("ooxxxoo") == [
                .opened(firstBad: .at(200), reason: "refused"),
                .closed(firstBad: .at(200), firstGood: .at(505), isCertain: true),
            ]
        )
    }

    @Test("a single bad try is a blip and no outage")
    func blip() {
        #expect(changes("oxooxoo") == [.blip(.at(100)), .blip(.at(400))])
    }

    @Test("every other try bad is one outage, from the first bad one to the last")
    func onAndOff() {
        #expect(
            changes("oxoxoxoo") == [
                .blip(.at(100)), .opened(firstBad: .at(100), reason: "refused"),
                .closed(firstBad: .at(100), firstGood: .at(405), isCertain: false),
                .reopened(firstBad: .at(100)),
                .closed(firstBad: .at(100), firstGood: .at(605), isCertain: false),
            ]
        )
    }

    @Test("served for longer than they had waited, or for a second, users were served")
    func apart() {
        let two = [
            OutageDetector.Change.opened(firstBad: .at(0), reason: "refused"),
            .closed(firstBad: .at(0), firstGood: .at(305), isCertain: true),
        ]
        #expect(changes("xxx" + "ooo" + "x") == two + [.reopened(firstBad: .at(0))])
        #expect(changes("xxx" + "oooo" + "xo") == two + [.blip(.at(700))])
        let long = String(repeating: "x", count: 50)
        #expect(changes(long + "oooooooooo" + "x").last == .reopened(firstBad: .at(0)))
        #expect(changes(long + "ooooooooooo" + "xo").last == .blip(.at(6_100)))
    }

    @Test("two bad tries in a row are enough")
    func two() {
        #expect(changes("xx") == [.opened(firstBad: .at(0), reason: "refused")])
    }
}
