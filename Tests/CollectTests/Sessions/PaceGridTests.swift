import Atlas
import Testing

@testable import Collect

@Suite("A grid of moments")
struct PaceGridTests {
    private let start = Monotonic(nanoseconds: 5_000_000_000)

    @Test("is not shifted by what is late, and counts what was passed over")
    func keepsGrid() {
        var grid = PaceGrid(from: start, every: .milliseconds(100))
        #expect(grid.pass(start) == 1)
        #expect(grid.pass(start + .milliseconds(99)) == 0)
        #expect(grid.pass(start + .milliseconds(170)) == 1)
        #expect(grid.next == start + .milliseconds(200))
        #expect(grid.pass(start + .milliseconds(555)) == 4)
        #expect(grid.next == start + .milliseconds(600))
        #expect(grid.pass(start + .milliseconds(600)) == 1)
    }

    @Test("with no period at all takes a millisecond")
    func hasPeriod() {
        var grid = PaceGrid(from: start, every: .zero)
        #expect(grid.pass(start + .milliseconds(2)) == 3)
    }
}
