import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("Nothing changes when nothing happens")
struct QuietTests {
    /// What a second of a healthy estate does to its picture.
    private func second(_ picture: inout Picture, _ number: Int) {
        picture.at = picture.at + .seconds(1)
        for index in picture.resources.indices { picture.resources[index].heard = picture.at }
        for index in picture.links.indices {
            picture.links[index].loss?.asOf = picture.at
            picture.links[index].loss?.span = .milliseconds(Int64(20 + number * 7 % 40))
            picture.links[index].loss?.amount = Int64(number * 4_096 % 30_000)
        }
        for index in picture.services.indices {
            picture.services[index].good += 2
            picture.services[index].lastTry = picture.at
        }
        picture.intake.replies += 4
        picture.intake.tries += 4
    }

    @Test("ten idle minutes change less than one cell a second", arguments: Screen.allCases)
    func idle(screen: Screen) {
        var picture = SamplePicture.calm()
        // What a second of lag swings by is a little of this, as in a healthy estate.
        picture.links[0].rpo = .seconds(5)
        picture.failovers = SampleRuns.past()
        picture.marks = SamplePicture.marks
        var last = Sample(screen, "", picture).canvas(120, 40)
        var changed = 0
        for number in 0..<600 {
            second(&picture, number)
            let next = Sample(screen, "", picture).canvas(120, 40)
            changed += zip(last.cells, next.cells).filter { $0 != $1 }.count
            last = next
        }
        #expect(changed < 600, "\(changed) cells in ten minutes")
    }

    @Test("the same picture and state draw the same cells")
    func same() {
        let sample = Sample(.overview, "", SamplePicture.trouble())
        let first = sample.canvas(120, 40)
        #expect(first.cells == sample.canvas(120, 40).cells)
    }
}
