package import Atlas

/// What can go wrong with what comes in from outside, and with recordings.
package enum CollectError: Explained, Hashable {
    /// A system call said no; `reason` is the system's words.
    case system(operation: String, reason: String)
    /// A recording cannot be read at all.
    case cannotRead(path: String, reason: String)
    /// A recording cannot be written on.
    case cannotWrite(path: String, reason: String)

    package var what: String {
        switch self {
        case .system(let operation, let reason): "\(operation) failed: \(reason)"
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        }
    }

    package var remedy: String {
        switch self {
        case .system: "look at the limits of the process (ulimit -a) and the free memory"
        case .cannotRead: "name the folder of a recording, with its inputs-*.jsonl inside"
        case .cannotWrite: "make room or choose another place, then start the recording anew"
        }
    }

    package var exit: ExitStatus { .unavailable }
}
