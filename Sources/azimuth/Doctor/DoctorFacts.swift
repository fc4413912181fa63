import Configure
import Terminal

/// What `azimuth doctor` judges: gathered first, so that the judgement needs no machine.
struct DoctorFacts {
    enum Clock: Hashable {
        /// How wrong it may be, in microseconds.
        case kept(error: Int)
        case free
        case unknown
    }

    enum Settings: Hashable {
        case none
        case usable(path: String)
        /// `remedy` is that of the first mistake.
        case wrong(what: String, remedy: String)
    }

    /// A file that the configuration names.
    struct File: Hashable {
        enum State: Hashable {
            case readable
            case missing
            /// What the system said.
            case refused(String)
        }

        var path: String
        var state: State
    }

    /// What keeps a receiver from starting.
    struct Receiver: Hashable {
        var what: String
        var remedy: String
    }

    /// A program that a probe starts.
    struct Client: Hashable {
        var program: String
        var probe: String
        /// Nil when it is not installed.
        var path: String?
        /// The configuration uses the probe.
        var isNeeded: Bool
    }

    struct History: Hashable {
        enum State: Hashable {
            case absent
            case usable(version: Int, bytes: Int64)
            case refused(what: String, remedy: String)
        }

        var path: String
        var state: State
        /// The pid of the process that writes it, 0 for one whose pid is not known.
        var holder: Int32?
        /// It, or else the folder that it would be made in, may be written.
        var isWritable: Bool
        /// Bytes of room on its disk for this user; nil when the disk cannot be asked.
        var room: Int64?
    }

    /// The files of the program; nil when they are not found.
    struct Share: Hashable {
        var themes: Int
        var packs: Int
        /// The folder of the themes.
        var path: String
    }

    var terminal: TerminalFacts
    var clock: Clock
    var share: Share?
    var settings: Settings
    var files: [File]
    var clients: [Client]
    var history: History
    var receivers: [Receiver] = []
}
