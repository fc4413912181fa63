import Atlas
import History

/// The history of a run: opened, and mended where it has to be.
///
/// An ingester is not to stay away because a page is damaged: what can be read goes into a new
/// file, the old one stays beside it, and all of that is said.
struct OpenedHistory {
    let path: String
    private(set) var writer: HistoryWriter
    private let say: (String) -> Void

    init(path: String, say: @escaping (String) -> Void) throws(HistoryError) {
        self.path = path
        self.say = say
        do throws(HistoryError) {
            writer = try Self.open(path, say)
        } catch {
            guard case .damaged = error else { throw error }
            writer = try Self.mended(path, error, say)
        }
    }

    /// Does what needs the writer; once more with a mended history where this one is damaged.
    mutating func begin<Result>(_ body: (HistoryWriter) throws -> Result) throws -> Result {
        do {
            return try body(writer)
        } catch let error as HistoryError {
            guard case .damaged = error else { throw error }
            try? writer.close()
            writer = try Self.mended(path, error, say)
            return try body(writer)
        }
    }

    private static func open(
        _ path: String,
        _ say: @escaping (String) -> Void
    ) throws(HistoryError) -> HistoryWriter {
        let writer = try HistoryWriter(path: path) { step in
            say(HistoryText.progress(step))
        }
        let lost = try writer.unreadablePositions
        if lost > 0 {
            say(
                "\(lost) positions of files in the history are damaged: those files are read as if "
                    + "they were new"
            )
        }
        return writer
    }

    private static func mended(
        _ path: String,
        _ error: HistoryError,
        _ say: @escaping (String) -> Void
    ) throws(HistoryError) -> HistoryWriter {
        say("\(error.what); what can be read of it is saved")
        do throws(HistoryError) {
            say(HistoryText.repair(try HistoryRepair.rebuild(path)))
        } catch {
            guard case .damaged = error else { throw error }
            let aside = try HistoryRepair.putAside(path)
            say(
                "nothing of it can be read: a new history begins, and the damaged one is '\(aside)'; "
                    + "files are read as if they were new"
            )
        }
        return try open(path, say)
    }
}
