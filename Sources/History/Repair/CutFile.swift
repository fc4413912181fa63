internal import Atlas
internal import Glibc

/// A database file that is shorter than its head says: SQLite reads nothing of it then, though its
/// pages are there.
///
/// Nobody in this process may have it open: https://sqlite.org/howtocorrupt.html section 2.2.
struct CutFile {
    private let path: String
    private let length: off_t
    private let whole: off_t

    /// Nil where nothing is missing.
    init?(_ path: String) throws(HistoryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unreadable(path: path, detail: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        var head = [UInt8](repeating: 0, count: 32)
        guard fstat(descriptor, &status) == 0, pread(descriptor, &head, 32, 0) == 32 else {
            return nil
        }
        // https://sqlite.org/fileformat.html section 1.3: the page's size at 16, 1 for 65,536, and
        // how many there are at 28.
        let size = Int(head[16]) << 8 | Int(head[17])
        let count = head[28..<32].reduce(0) { $0 << 8 | Int($1) }
        // More than that is no loss of a file's end, but a head that is damaged.
        let whole = count * (size == 1 ? 65_536 : size)
        guard whole > status.st_size, whole <= 1 << 46 else { return nil }
        self.path = path
        self.whole = off_t(whole)
        length = status.st_size
    }

    /// Makes it as long as it was, with a hole.
    func fill() -> CutFile? { truncate(path, whole) == 0 ? self : nil }

    /// Makes it as long as it is.
    func restore() { truncate(path, length) }
}
