import Atlas
import Testing

@testable import Screens

@Suite("The lag of the pair under the cursor")
struct LagTests {
    private let picture = SamplePicture.calm()

    private func state(_ screen: Screen = .replication) -> ViewState {
        var state = ViewState(zone: Sample.zone)
        state.screen = screen
        return state
    }

    @Test("is asked for once in 10 s, and when the cursor moves; on no other screen")
    func asked() throws {
        var state = state()
        let first = try #require(Screens.askForLag(&state, picture))
        #expect(first.to == picture.at.floor(to: .seconds(10)))
        #expect(Screens.askForLag(&state, picture) == nil)
        _ = Screens.update(&state, .character("j"), picture)
        let next = try #require(Screens.askForLag(&state, picture))
        #expect(next.link != first.link)
        var later = picture
        later.at = picture.at + .seconds(10)
        #expect(Screens.askForLag(&state, later)?.to == next.to + .seconds(10))
        var overview = self.state(.overview)
        #expect(Screens.askForLag(&overview, picture) == nil)
    }

    @Test("is taken only as the answer to the last question")
    func taken() throws {
        var state = state()
        let first = try #require(Screens.askForLag(&state, picture))
        var later = picture
        later.at = picture.at + .seconds(10)
        let second = try #require(Screens.askForLag(&state, later))
        let isTaken = Screens.take(&state, LagAnswer(first, values: [.zero]))
        #expect(!isTaken && state.lag == nil)
        Screens.take(&state, LagAnswer(second, values: [.zero]))
        #expect(state.lag?.question == second)
    }
}
