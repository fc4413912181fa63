import Atlas
import Chance
import GRDB
import Testing

@testable import History

@Suite("The picture of the past")
struct PictureAtTests {
    @Test("is the one that was kept then, over runs and keyframes", arguments: 0..<4)
    func past(seed: Int) throws {
        var dice = Dice(seed)
        let subject = try Subject(.file)
        var kept: [Picture] = []
        var seen = PictureUpdate(version: 0, isWhole: true, parts: [])
        var mirror: Picture?
        var picture = dice.picture(at: Instant(seconds: 0))
        for second in 0..<500 {
            let old = picture
            dice.change(&picture, at: Instant(seconds: Int64(second) * 10))
            if second % 300 == 0 {
                picture.failovers = []
                try subject.sink.begin(testPlan, picture: picture, at: picture.at)
            } else {
                let parts = picture.changes(since: old)
                try subject.sink.append(HistoryBatch(at: picture.at, parts: parts))
            }
            kept.append(picture)
            if dice.isLucky(15) {
                seen = try subject.history.update(since: seen.version)
                seen.apply(to: &mirror)
                #expect(mirror == picture)
            }
        }
        for picture in kept where dice.isLucky(12) {
            #expect(try subject.history.picture(at: picture.at) == picture)
            #expect(try subject.history.picture(at: picture.at + .seconds(9)) == picture)
        }
        #expect(try subject.history.picture(at: Instant(seconds: -1)) == nil)
        #expect(try keyframes(subject) > 2)
    }

    private func keyframes(_ subject: Subject) throws -> Int {
        let reader = try HistoryReader(path: subject.folder.history)
        return try reader.reading {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM state WHERE kind = 'keyframe'") ?? 0
        }
    }

    @Test("is found by its stamp where the clock was set back")
    func clockSetBack() throws {
        var dice = Dice(0)
        let subject = try Subject(.file)
        var picture = dice.picture(at: Instant(seconds: 100))
        try subject.sink.begin(testPlan, picture: picture, at: picture.at)
        for (second, lines) in [(5_000, 1), (101, 2), (102, 3)] {
            picture.intake.lines = lines
            let at = Instant(seconds: Int64(second))
            try subject.sink.append(HistoryBatch(at: at, parts: [.intake(picture.intake)]))
        }
        #expect(try subject.history.picture(at: Instant(seconds: 102))?.intake.lines == 3)
        #expect(try subject.history.picture(at: Instant(seconds: 101))?.intake.lines == 2)
        #expect(try subject.history.picture(at: Instant(seconds: 9_000))?.intake.lines == 1)
    }

    @Test("costs nothing to ask for again when nothing changed")
    func unchanged() throws {
        var dice = Dice(0)
        let subject = try Subject(.file)
        let picture = dice.picture(at: Instant(seconds: 1))
        try subject.sink.begin(testPlan, picture: picture, at: picture.at)
        let first = try subject.history.update(since: 0)
        try subject.sink.append(HistoryBatch(at: picture.at, parts: picture.parts))
        #expect(
            try subject.history.update(since: first.version)
                == PictureUpdate(version: first.version, isWhole: false, parts: [])
        )
    }
}
