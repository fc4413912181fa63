import Atlas
import Configure
import History
import Pipeline
import Screens

/// The newest lines and numbers of a run that keeps no history: of a replay, or of a first look.
struct MemoryLog: Sendable {
    let lines: LineLog
    let metrics = MetricLog()

    init(_ plan: WatchPlan) {
        lines = LineLog(sources: plan.sources, own: plan.formats)
    }

    func take(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .keep(let chunk): lines.add(chunk)
            case .measure(let rows): metrics.add(rows)
            case .note, .show, .ask: continue
            }
        }
    }

    /// As before the first input: a replay that begins anew.
    func removeAll() {
        lines.removeAll()
        metrics.removeAll()
    }
}

extension LineLog {
    func answer(_ question: LogQuestion, _ wish: LineWish = LineWish()) -> LogAnswer {
        var answer = LineFinder(history: self, wish: wish).answer(question)
        answer.isCut = !answer.hasOlder && hasForgotten
        return answer
    }
}
