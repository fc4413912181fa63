import Atlas
import Collect
import History
import Screens

/// The pictures of another process, read from the history that it writes.
///
/// One thread waits for commits; nothing committed, nothing done.
final class AttachedRun: DashboardFeed {
    let box: PictureBox
    let kind = Feed.live
    private let path: String
    private let watcher: HistoryWatcher
    private let past: HistoryReader
    private let lines: HistoryReader
    private let numbers: HistoryReader
    private let thread: WorkerThread

    init(path: String, wake: @escaping @Sendable () -> Void) throws {
        self.path = path
        let reader = try HistoryReader(path: path)
        let watcher = try HistoryWatcher(path: path)
        var picture: Picture?
        let first = try reader.update(since: 0)
        first.apply(to: &picture)
        let box = PictureBox(picture ?? Picture(at: .distantPast, estate: Estate()), wake: wake)
        let start = picture
        thread = try WorkerThread(name: "azimuth-attach") {
            var version = first.version
            var current = start
            Self.show(path, current, box)
            while watcher.wait() {
                Self.follow(reader, path, &version, &current, box)
            }
        }
        self.box = box
        self.watcher = watcher
        past = try HistoryReader(path: path)
        lines = try HistoryReader(path: path)
        numbers = try HistoryReader(path: path)
    }

    var metrics: any MetricHistory { numbers }

    func picture(at instant: Instant) -> Picture? {
        let content = box.read()
        if let oldest = content.log.oldest, oldest <= instant {
            return content.log.picture(at: instant)
        }
        return (try? past.picture(at: instant)) ?? content.log.picture(at: instant)
    }

    func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer {
        LineFinder(history: lines, wish: wish).answer(question)
    }

    func mark(_ text: String) -> Notice {
        do throws(ProgramError) {
            let note = MarkFile.clean(text)
            try MarkFile.append(note, history: path)
            return HistoryReader.holder(of: path) == nil
                ? Notice("marked; nobody ingests: it is taken up at the next start")
                : Notice("marked: \(note)")
        } catch {
            return Notice(error.what, isError: true)
        }
    }

    func finish() {
        watcher.stop()
        thread.join()
    }

    private static func follow(
        _ reader: HistoryReader,
        _ path: String,
        _ version: inout Int64,
        _ current: inout Picture?,
        _ box: PictureBox
    ) {
        do throws(HistoryError) {
            let update = try reader.update(since: version)
            version = update.version
            update.apply(to: &current)
            show(path, current, box)
        } catch {
            box.change { $0.notice = error.what }
        }
    }

    /// What was kept, and what its writer says while it can keep nothing.
    private static func show(_ path: String, _ kept: Picture?, _ box: PictureBox) {
        let trouble = HistoryReader.trouble(of: path)
        let notice = trouble.map { "\($0.title): \($0.detail)" }
        let before = box.read()
        guard let picture = kept?.telling(trouble),
            picture != before.picture || notice != before.notice
        else { return }
        box.change { content in
            content.picture = picture
            content.log.add(picture)
            content.notice = notice
        }
    }
}
