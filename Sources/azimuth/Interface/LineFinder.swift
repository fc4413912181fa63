import Atlas
import Decode
import History
import HistoryFormat
import Query
import Screens

/// Answers questions about lines from whatever holds them.
struct LineFinder {
    /// Chunks opened before what was found so far is shown.
    private static let reach = 64
    /// Of a line, what a screen can show.
    private static let mostBytes = 4_096

    let history: any LogHistory
    var wish = LineWish()

    func answer(_ question: LogQuestion) -> LogAnswer {
        do throws(HistoryError) {
            switch question.aim {
            case .newest:
                let (lines, hasMore) = try lines(
                    query(question, question.limit),
                    shownFor: question
                )
                return LogAnswer(question, rows: lines.map(Self.row), hasOlder: hasMore)
            case .around(let number):
                return try lines(around: number, question)
            case .hit(let hit, let isForward, let from):
                guard let found = try first(hit, isForward, from, question) else {
                    return LogAnswer(question)
                }
                var answer = try lines(around: found, question)
                answer.found = found
                return answer
            }
        } catch {
            return LogAnswer(question, problem: error.what)
        }
    }

    private func query(_ question: LogQuestion, _ limit: Int) -> LogQuery {
        let choice = question.choice
        return LogQuery(
            minimumLevel: choice.minimumLevel,
            sources: choice.sources,
            resources: choice.resources,
            condition: choice.filter.condition,
            arrivedBy: choice.arrivedBy,
            limit: limit,
            reach: Self.reach
        )
    }

    private func lines(
        around number: UInt64,
        _ question: LogQuestion
    ) throws(HistoryError) -> LogAnswer {
        var before = query(question, question.limit / 2)
        before.before = number
        var after = query(question, question.limit - question.limit / 2)
        after.after = max(1, number) - 1
        after.isOldestFirst = true
        let older = try lines(before)
        let newer = try lines(after)
        return LogAnswer(
            question,
            rows: (older.lines + newer.lines).map(Self.row),
            hasOlder: older.hasMore,
            hasNewer: newer.hasMore
        )
    }

    private func first(
        _ hit: LogQuestion.Hit,
        _ isForward: Bool,
        _ from: UInt64,
        _ question: LogQuestion
    ) throws(HistoryError) -> UInt64? {
        var query = query(question, 1)
        switch hit {
        case .error: query.minimumLevel = max(.error, query.minimumLevel)
        case .text(let text):
            query.condition = query.condition.and(.text(.init(text, ignoresCase: true)))
        }
        query.isOldestFirst = isForward
        if isForward { query.after = from } else { query.before = from }
        return try lines(query).lines.first?.record.number
    }

    /// Page after page, until there are enough or nobody waits.
    ///
    /// What was found so far is shown meanwhile as the answer to a question, where one is given.
    private func lines(
        _ query: LogQuery,
        shownFor question: LogQuestion? = nil
    ) throws(HistoryError) -> (lines: [StoredLine], hasMore: Bool) {
        var query = query
        var found: [StoredLine] = []
        let wanted = query.limit
        var all: SearchedLines?
        while wish.isWanted() {
            query.limit = wanted - found.count
            let page = try history.logs(query, while: wish.isWanted)
            found = query.isOldestFirst ? found + page.lines : page.lines + found
            guard let next = query.isOldestFirst ? page.newer : page.older else {
                return (found, false)
            }
            if found.count >= wanted { break }
            if query.isOldestFirst { query.after = next } else { query.before = next }
            guard let question, wish.isWanted() else { continue }
            if all == nil { all = try SearchedLines(query, in: history) }
            var answer = LogAnswer(question, rows: found.map(Self.row), hasOlder: true)
            answer.looked = all?.share(downTo: next)
            wish.show(answer)
        }
        return (found, true)
    }

    private static func row(_ line: StoredLine) -> LogRow {
        let record = line.record
        let message = MessageText.bytes(standingAlone: record.bytes, from: record.messageStart)
        return LogRow(
            number: record.number,
            time: record.time,
            arrival: record.arrival,
            level: record.level,
            source: line.source,
            resource: line.resource,
            text: String(decoding: message.prefix(mostBytes), as: UTF8.self)
        )
    }
}
