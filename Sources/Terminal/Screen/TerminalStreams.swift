internal import Glibc

/// Where keys come from and drawing goes to, as descriptors of our own.
struct TerminalStreams {
    let input: Int32
    let output: Int32

    static func open(_ options: TerminalSession.Options) throws(TerminalError) -> TerminalStreams {
        guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal("standard output") }
        let input: Int32
        if isatty(STDIN_FILENO) == 1 {
            input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10)
        } else if options.keysFromControllingTerminal {
            input = Glibc.open("/dev/tty", O_RDONLY | O_CLOEXEC)
        } else {
            throw .notATerminal("standard input")
        }
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10)
        guard input >= 0, output >= 0 else {
            throw .system("dup", reason: String(cString: strerror(errno)))
        }
        return TerminalStreams(input: input, output: output)
    }
}
