import Atlas
import Glibc
import History

/// The history that lines are imported into.
///
/// Where there is none it is made for the first line: a file that is no export leaves nothing behind.
final class ImportedHistory {
    private let path: String
    private let say: (String) -> Void
    /// Nil as long as there is no history.
    private(set) var writer: HistoryWriter?

    /// Takes the history, where there is one.
    init(path: String, say: @escaping (String) -> Void) throws {
        self.path = path
        self.say = say
        if access(path, F_OK) == 0 { _ = try opened() }
    }

    func opened() throws -> HistoryWriter {
        if let writer { return writer }
        try Setup.makeFolder(of: path)
        let say = say
        let made = try HistoryWriter(path: path) { say(HistoryText.progress($0)) }
        writer = made
        return made
    }

    func positions() throws -> [ReadPosition] { try writer?.positions() ?? [] }

    func close() throws { try writer?.close() }
}
