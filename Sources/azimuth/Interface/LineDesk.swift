import Atlas
import Collect
import History
import Screens
import Synchronization

/// Finds lines for a screen.
typealias LineDesk = QuestionDesk<LogQuestion, LogAnswer>
/// Reads the lag of a link for a screen.
typealias LagDesk = QuestionDesk<LagQuestion, LagAnswer>

extension LineDesk {
    /// `wake` is called, from the desk's thread, when there is an answer to take.
    convenience init(_ feed: any DashboardFeed, wake: @escaping @Sendable () -> Void) throws {
        try self.init("azimuth-lines", wake: wake) { question, isWanted, show in
            feed.lines(for: question, LineWish(isWanted: isWanted, show: show))
        }
    }
}

extension LagDesk {
    /// As above.
    convenience init(_ feed: any DashboardFeed, wake: @escaping @Sendable () -> Void) throws {
        try self.init("azimuth-lag", wake: wake) { question, _, _ in feed.metrics.lag(question) }
    }
}

/// Answers questions of a screen on a thread of its own: the main thread never waits for a history.
///
/// Only the last question counts; the search for an older one is given up.
final class QuestionDesk<Question: Equatable & Sendable, Answer: Sendable>: Sendable {
    private struct State {
        var last: Question?
        var answer: Answer?
    }

    private final class Board: Sendable {
        let state = Mutex(State())
    }

    private let board: Board
    private let questions: Mailbox<Question>
    private let thread: WorkerThread

    /// `find` is called on the desk's thread, which has that name, and may end early once nobody
    /// wants the answer, or `show` what it has so far; `wake` from there, too, when there is
    /// something to take.
    init(
        _ name: String,
        wake: @escaping @Sendable () -> Void,
        find:
            @escaping @Sendable (
                Question, _ isWanted: @escaping @Sendable () -> Bool,
                _ show: @escaping @Sendable (Answer) -> Void
            ) -> Answer
    ) throws {
        let board = Board()
        let questions = try Mailbox<Question>(capacity: 64)
        self.board = board
        self.questions = questions
        thread = try WorkerThread(name: name) {
            while questions.waitUntil(nil), !questions.isClosed {
                guard let question = questions.take().last else { continue }
                let isWanted: @Sendable () -> Bool = {
                    !questions.isClosed && board.state.withLock { $0.last == question }
                }
                let show: @Sendable (Answer) -> Void = { answer in
                    let isTaken = board.state.withLock { state in
                        guard state.last == question, !questions.isClosed else { return false }
                        state.answer = answer
                        return true
                    }
                    if isTaken { wake() }
                }
                show(find(question, isWanted, show))
            }
        }
    }

    /// Takes the place of the question before.
    func ask(_ question: Question) {
        board.state.withLock { $0 = State(last: question) }
        // Full only while one search hangs: its successor takes the newest of what waits.
        while !questions.offer(question), !questions.isClosed { _ = questions.take() }
    }

    /// The answer to the last question, once.
    func take() -> Answer? {
        board.state.withLock { state in
            defer { state.answer = nil }
            return state.answer
        }
    }

    func finish() {
        questions.close()
        thread.join()
    }
}

extension MetricHistory {
    func lag(_ question: LagQuestion) -> LagAnswer {
        let width = LagQuestion.width.nanoseconds
        let from = question.to - LagQuestion.length
        var values = [Span?](
            repeating: nil,
            count: Int(LagQuestion.length.nanoseconds / width)
        )
        let range = try? range(
            MetricQuery(
                MetricSeries(.link, question.link, "lag", unit: "s"),
                from: from,
                to: question.to,
                period: LagQuestion.width,
                statistics: [.most]
            )
        )
        // Long ago it is kept no finer than by the minute: then several values are the same.
        for point in range?.points ?? [] {
            let first = Int((point.start - from).nanoseconds / width)
            let count = max(1, Int((range?.period ?? .zero).nanoseconds / width))
            for place in first..<first + count where values.indices.contains(place) {
                values[place] = Span(nanoseconds: Int64(min(point.values[0], 9e9) * 1e9))
            }
        }
        return LagAnswer(question, values: values)
    }
}
