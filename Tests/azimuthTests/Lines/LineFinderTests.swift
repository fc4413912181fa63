import Atlas
import History
import Screens
import Synchronization
import Testing

@testable import azimuth

@Suite("Lines found for a screen")
struct LineFinderTests {
    /// `line 1` to `line COUNT`, changed where a test says so.
    private func log(
        _ count: Int,
        chunk: Int = 10,
        _ change: (Int, inout KeptLine) -> Void = { _, _ in }
    ) -> LineLog {
        let lines = (1...count).map { number in
            var line = KeptLine(text: "line \(number)", second: Int64(number))
            change(number, &line)
            return line
        }
        return LineLog.of(lines, chunk: chunk)
    }

    private func ask(
        _ log: LineLog,
        _ aim: LogQuestion.Aim = .newest,
        choice: LogQuestion.Choice = LogQuestion.Choice(),
        limit: Int = 10
    ) -> LogAnswer {
        let finder = LineFinder(history: log)
        return finder.answer(LogQuestion(choice: choice, aim: aim, limit: limit))
    }

    @Test("the newest stand in the order in which they came, and it is said that there are more")
    func newest() {
        let answer = ask(log(25))
        #expect(answer.rows.map(\.number) == Array(16...25))
        #expect(answer.hasOlder && !answer.hasNewer)
        #expect(answer.found == nil && answer.problem == nil)
    }

    @Test("all there is, where that is less than asked for")
    func all() {
        let answer = ask(log(7))
        #expect(answer.rows.map(\.number) == Array(1...7))
        #expect(!answer.hasOlder)
        #expect(ask(LineLog.of([])).rows.isEmpty)
    }

    @Test("a line far behind many others is found, page after page")
    func farBack() {
        let log = log(1_000, chunk: 1) { number, line in
            if number == 3 { line.text = "the needle" }
        }
        let answer = ask(log, choice: LogQuestion.Choice(filter: Filter("needle")))
        #expect(answer.rows.map(\.number) == [3])
        #expect(!answer.hasOlder)
    }

    @Test("around a line stand those before it and those after it")
    func around() {
        let answer = ask(log(100), .around(50))
        #expect(answer.rows.map(\.number) == Array(45...54))
        #expect(answer.hasOlder && answer.hasNewer)
    }

    @Test("around the first and the last line there is nothing on one side", arguments: [0, 1])
    func aroundTheFirst(_ number: UInt64) {
        let first = ask(log(100), .around(number))
        #expect(first.rows.map(\.number) == Array(1...5))
        #expect(!first.hasOlder && first.hasNewer)
        let last = ask(log(100), .around(100))
        #expect(last.rows.map(\.number) == Array(95...100))
        #expect(last.hasOlder && !last.hasNewer)
    }

    @Test("the next error and the one before are found, with the lines about them")
    func errors() {
        let log = log(100) { number, line in
            line.level = number == 20 ? .error : number == 80 ? .fatal : .warn
        }
        let next = ask(log, .hit(.error, isForward: true, from: 20))
        #expect(next.found == 80)
        #expect(next.rows.map(\.number) == Array(75...84))
        #expect(ask(log, .hit(.error, isForward: false, from: 80)).found == 20)
    }

    @Test("a hit that is not there brings no lines, and is no problem")
    func noHit() {
        let answer = ask(log(30), .hit(.text("nowhere"), isForward: true, from: 1))
        #expect(answer.found == nil && answer.rows.isEmpty && answer.problem == nil)
    }

    @Test("a text is looked for among those lines only that are shown")
    func hitAmongShown() {
        let log = log(30) { number, line in
            if number.isMultiple(of: 10) { line.text = "promote \(number)" }
            if number == 10 { line.text += " slowly" }
            line.source = number == 20 ? 1 : 0
        }
        let choice = LogQuestion.Choice(resources: ["orders-a"], filter: Filter("!slowly"))
        let answer = ask(
            log,
            .hit(.text("Promote"), isForward: true, from: 1),
            choice: choice,
            limit: 4
        )
        #expect(answer.found == 30)
        #expect(answer.rows.map(\.number) == [28, 29, 30])
    }

    @Test("level, resources, filter and the moment looked at choose the lines")
    func choices() {
        let log = log(40) { number, line in
            line.level = number.isMultiple(of: 2) ? .warn : .info
            line.source = UInt16(number % 3)
            if number == 6 { line.text = "checkpoint" }
        }
        func numbers(_ choice: LogQuestion.Choice) -> [UInt64] {
            ask(log, choice: choice, limit: 100).rows.map(\.number)
        }
        let even = numbers(LogQuestion.Choice(minimumLevel: .warn))
        #expect(even == (1...20).map { $0 * 2 })
        let a = numbers(LogQuestion.Choice(resources: ["orders-a"]))
        #expect(a == (1...13).map { $0 * 3 })
        #expect(numbers(LogQuestion.Choice(filter: Filter("checkpoint"))) == [6])
        #expect(
            numbers(LogQuestion.Choice(filter: Filter("CheckPoint"))).isEmpty,
            "a capital counts"
        )
        #expect(!numbers(LogQuestion.Choice(filter: Filter("!checkpoint"))).contains(6))
        let early = numbers(LogQuestion.Choice(arrivedBy: Instant(seconds: 5)))
        #expect(early == Array(1...5))
    }

    @Test("a row is the message without its head, cut where no screen is that long")
    func rows() {
        let lines = [
            KeptLine(text: "head: body", level: .error, source: 1, messageStart: 6, second: 7),
            KeptLine(text: "short", messageStart: 900),
            KeptLine(text: String(repeating: "x", count: 10_000), source: 2),
        ]
        let rows = ask(LineLog.of(lines)).rows
        #expect(
            rows.first
                == LogRow(
                    number: 1,
                    time: Instant(seconds: 7),
                    arrival: Instant(seconds: 7),
                    level: .error,
                    source: "b.log",
                    resource: "orders-b",
                    text: "body"
                )
        )
        #expect(rows[1].text == "")
        #expect(rows[2].text.utf8.count == 4_096 && rows[2].resource == nil)
    }

    @Test("what the history cannot read is told, and is no empty log")
    func failure() {
        let error = HistoryError.damaged(path: "h.db", detail: "torn")
        let finder = LineFinder(history: BrokenLog(error: error))
        let aims: [LogQuestion.Aim] = [
            .newest, .around(5), .hit(.error, isForward: true, from: 1),
        ]
        for aim in aims {
            let answer = finder.answer(LogQuestion(aim: aim))
            #expect(answer.problem == error.what && answer.rows.isEmpty, "\(aim)")
        }
    }

    @Test("a search that nobody waits for any more ends where it is")
    func givesUp() {
        let log = log(2_000, chunk: 1)
        let looks = Mutex(0)
        let wish = LineWish(isWanted: {
            looks.withLock { looks in
                looks += 1
                return looks < 5
            }
        })
        let choice = LogQuestion.Choice(filter: Filter("nowhere"))
        let answer = LineFinder(history: log, wish: wish).answer(LogQuestion(choice: choice))
        #expect(looks.withLock { $0 } < 10)
        #expect(answer.rows.isEmpty && answer.hasOlder)
    }

    @Test("a long search shows what was found so far, the newest first, and how far it is")
    func shows() {
        let log = log(2_000, chunk: 5) { number, line in
            if number % 500 == 0 { line.text = "odd one" }
        }
        let shown = Mutex<[LogAnswer]>([])
        let wish = LineWish(show: { answer in shown.withLock { $0.append(answer) } })
        let choice = LogQuestion.Choice(filter: Filter("odd"))
        let answer = LineFinder(history: log, wish: wish).answer(LogQuestion(choice: choice))
        let all = shown.withLock(\.self)
        #expect(all.count > 2)
        #expect(all.first?.rows.map(\.number) == [2_000])
        #expect(all.allSatisfy { $0.question == answer.question && $0.hasOlder })
        let shares = all.compactMap(\.looked)
        #expect(shares == shares.sorted() && shares.allSatisfy { $0 > 0 && $0 < 1 })
        #expect(answer.rows.map(\.number) == [500, 1_000, 1_500, 2_000] && answer.looked == nil)
    }
}

/// A history that cannot be read.
private struct BrokenLog: LogHistory {
    let error: HistoryError

    func logs(
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogPage { throw error }

    func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogHistogram { throw error }

    func values(
        of key: LogKey,
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogValues { throw error }
}
