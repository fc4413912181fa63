import History
import Pipeline
import Screens

/// The lines of a replay: it keeps no history, only the newest of them in memory.
extension LineLog {
    func take(_ effects: [Effect]) {
        for case .keep(let chunk) in effects { add(chunk) }
    }

    func answer(_ question: LogQuestion, _ wish: LineWish = LineWish()) -> LogAnswer {
        var answer = LineFinder(history: self, wish: wish).answer(question)
        answer.isCut = !answer.hasOlder && hasForgotten
        return answer
    }
}
