package import Atlas

/// Why there is no screen.
package enum TerminalError: Explained, Equatable {
    /// A stream that must be a terminal is none: "standard input" or "standard output".
    case notATerminal(String)
    /// ncurses knows no such terminal; empty where TERM is not set.
    case unknownTerminal(String)
    /// The terminal cannot place its cursor (TERM=dumb and the like).
    case noCursorMotion(String)
    /// A call of the system failed: which, and what it said.
    case system(String, reason: String)

    package var what: String {
        switch self {
        case .notATerminal(let stream):
            "\(stream) is not a terminal"
        case .unknownTerminal(""):
            "TERM is not set, so it is not known what this terminal understands"
        case .unknownTerminal(let name):
            "there is no description of the terminal \"\(name)\" (from TERM) on this machine"
        case .noCursorMotion(let name):
            "the terminal \"\(name)\" (from TERM) cannot place its cursor"
        case .system(let call, let reason):
            "the terminal could not be set up: \(call): \(reason)"
        }
    }

    package var remedy: String {
        switch self {
        case .notATerminal:
            "run it in a terminal, or use one of the commands that print, such as `health`"
        case .unknownTerminal:
            "set TERM to what the terminal is, such as TERM=xterm-256color; more descriptions are"
                + " in the package ncurses-term"
        case .noCursorMotion:
            "set TERM to what the terminal really is, such as TERM=xterm-256color"
        case .system:
            ""
        }
    }

    package var exit: ExitStatus { .unavailable }
}
