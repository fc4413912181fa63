import History
import Pipeline
import Screens

/// The lines of a replay: it keeps no history, only the newest of them in memory.
extension LineLog {
    func take(_ effects: [Effect]) {
        for case .keep(let chunk) in effects { add(chunk) }
    }

    func answer(_ question: LogQuestion, isWanted: @escaping () -> Bool = { true }) -> LogAnswer {
        let finder = LineFinder(logs: { self.logs($0) }, isWanted: isWanted)
        var answer = finder.answer(question)
        answer.isCut = !answer.hasOlder && hasForgotten
        return answer
    }
}
