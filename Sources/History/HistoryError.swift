package import Atlas

/// Why the history cannot be used.
///
/// `detail` is what the system or SQLite said.
package enum HistoryError: Explained, Equatable {
    /// Another process writes it; nil when its pid could not be read.
    case locked(path: String, pid: Int32?)
    case newer(path: String, version: Int, known: Int)
    /// Not a history of this program; `detail` says what it is instead.
    case foreign(path: String, detail: String)
    case missing(path: String)
    case unreadable(path: String, detail: String)
    /// The disk is full.
    case full(path: String, detail: String)
    /// Another program keeps the file locked.
    case busy(path: String, detail: String)
    /// Reading or writing failed otherwise; a quota that is used up is told so, too.
    case failed(path: String, detail: String)
    /// What is in the file is not what was written.
    case damaged(path: String, detail: String)
    /// A batch that breaks the rules of `HistoryBatch`, or comes before `begin`.
    case misused(detail: String)

    package var what: String {
        switch self {
        case .locked(let path, let pid?): "the history '\(path)' is being written by process \(pid)"
        case .locked(let path, nil): "the history '\(path)' is being written by another process"
        case .newer(let path, let version, let known):
            "the history '\(path)' has version \(version), this program knows up to \(known)"
        case .foreign(let path, let detail): "'\(path)' is not an azimuth history: \(detail)"
        case .missing(let path): "there is no history at '\(path)'"
        case .unreadable(let path, let detail): "cannot open the history '\(path)': \(detail)"
        case .full(let path, let detail): "no room to keep more in the history '\(path)': \(detail)"
        case .busy(let path, let detail): "another program blocks the history '\(path)': \(detail)"
        case .failed(let path, let detail): "the history '\(path)' failed: \(detail)"
        case .damaged(let path, let detail): "the history '\(path)' is damaged: \(detail)"
        case .misused(let detail): "a batch does not fit the history: \(detail)"
        }
    }

    package var remedy: String {
        switch self {
        case .locked: "attach with 'azimuth dash', stop that process, or choose another --history"
        case .newer: "use the program that wrote it, or choose another --history"
        case .foreign: "choose another --history; the file was not changed"
        case .missing: "check the path, or start 'azimuth ingest' to make one"
        case .unreadable:
            "check the path and its rights; SQLite writes beside the file even to read it, so copy it "
                + "from a disk that is read-only, with its -wal"
        case .full: "make room; a run goes on keeping by itself then, a start has to be made again"
        case .busy: "end what has the file open, such as an sqlite3 shell in a transaction"
        case .failed: "check the disk, its quota and the system's log"
        case .damaged:
            "'azimuth history verify --repair' saves what can be read; the old file stays beside it"
        case .misused: "this is a fault of azimuth: please report it"
        }
    }

    package var exit: ExitStatus {
        switch self {
        case .locked, .newer, .busy: .locked
        case .missing, .unreadable, .full: .unavailable
        case .foreign: .badConfiguration
        case .failed, .damaged, .misused: .failure
        }
    }
}
