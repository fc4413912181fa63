import Collect
import Screens
import Synchronization

/// Finds lines for a screen on a thread of its own: the main thread never waits for a history.
///
/// Only the last question counts; the search for an older one is given up.
final class LineDesk: Sendable {
    private struct State {
        var last: LogQuestion?
        var answer: LogAnswer?
    }

    private final class Board: Sendable {
        let state = Mutex(State())
    }

    private let board: Board
    private let questions: Mailbox<LogQuestion>
    private let thread: WorkerThread

    /// `wake` is called, from the desk's thread, when there is an answer to take.
    init(_ feed: any DashboardFeed, wake: @escaping @Sendable () -> Void) throws {
        let board = Board()
        let questions = try Mailbox<LogQuestion>(capacity: 64)
        self.board = board
        self.questions = questions
        thread = try WorkerThread(name: "azimuth-lines") {
            while questions.waitUntil(nil), !questions.isClosed {
                guard let question = questions.take().last else { continue }
                let isWanted: @Sendable () -> Bool = {
                    !questions.isClosed && board.state.withLock { $0.last == question }
                }
                let show: @Sendable (LogAnswer) -> Void = { answer in
                    let isTaken = board.state.withLock { state in
                        guard state.last == question, !questions.isClosed else { return false }
                        state.answer = answer
                        return true
                    }
                    if isTaken { wake() }
                }
                show(feed.lines(for: question, LineWish(isWanted: isWanted, show: show)))
            }
        }
    }

    /// Takes the place of the question before.
    func ask(_ question: LogQuestion) {
        board.state.withLock { $0 = State(last: question) }
        // Full only while one search hangs: its successor takes the newest of what waits.
        while !questions.offer(question), !questions.isClosed { _ = questions.take() }
    }

    /// The answer to the last question, once.
    func take() -> LogAnswer? {
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
