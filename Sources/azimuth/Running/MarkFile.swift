import Atlas
import Collect
import Glibc

/// The notes of people on their way into the fold: a file beside the history, `TIME NOTE` a line.
///
/// Whoever ingests follows it like a log, so a note is taken up whether or not somebody ran when
/// it was written. One write(2) with O_APPEND a note: notes of two people do not mix.
enum MarkFile {
    /// Name of the source that follows the file; nothing in azimuth.yaml can have it.
    static let sourceName = "\u{1}marks"

    static func path(history: String) -> String { history + ".marks" }

    /// The file as something to follow, from its beginning; made where it is missing, so that
    /// nobody has to look for it again and again.
    static func source(path: String) -> LogSource {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor >= 0 { close(descriptor) }
        return LogSource(name: sourceName, path: path, format: "plain", start: .beginning)
    }

    /// A note on one line and of at most 200 characters, as every way to set one takes it.
    static func clean(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200))
    }

    static func append(_ note: String, history: String) throws(ProgramError) {
        let path = path(history: history)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, detail: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let line = Array("\(LiveClock().now()) \(note)\n".utf8)
        guard write(descriptor, line, line.count) == line.count else {
            throw .cannotWrite(path: path, detail: String(cString: strerror(errno)))
        }
    }
}
