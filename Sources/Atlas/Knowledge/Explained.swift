/// What every error of Azimuth can say of itself; rendered in one place (azimuth/Explain.swift).
package protocol Explained: Error, Sendable {
    /// What happened and to what: one sentence without a full stop.
    var what: String { get }
    /// What to do next: one sentence without a full stop; empty when there is nothing to do.
    var remedy: String { get }
    /// The exit status of a command that ends with this error.
    var exit: ExitStatus { get }
}

/// The exit statuses of the program, as its manual lists them.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    case success = 0
    /// Something went wrong that is none of the below.
    case failure = 1
    /// A file, place or right is missing (what the system said is in the message).
    case unavailable = 2
    /// The configuration or a recording cannot be used as it is.
    case badConfiguration = 3
    /// The command ran, and what it looked at is not well (`check`, `probe`, `health`).
    case notWell = 4
    /// The history is held by another process, or was written by a newer program.
    case locked = 5
    /// Bad arguments (sysexits.h EX_USAGE).
    case usage = 64
}
