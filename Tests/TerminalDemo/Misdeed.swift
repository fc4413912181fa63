import Glibc

/// The ways in which a process ends without asking, by key.
enum Misdeed: Character {
    case fatalError = "f"
    case abort = "a"
    case nullWrite = "n"
    case divide = "v"
    case exit = "e"
    case crashElsewhere = "t"
    case overflowStack = "o"
    case sayOnStandardError = "p"

    func commit() {
        switch self {
        case .fatalError: Swift.fatalError("asked for a fatal error")
        case .abort: Glibc.abort()
        case .nullWrite: writeToNull()
        case .divide: raise(SIGFPE)
        case .exit: Glibc.exit(7)
        case .crashElsewhere: Task { @concurrent in writeToNull() }
        case .overflowStack: print(depth(0))
        case .sayOnStandardError: say("said while the screen was up\n")
        }
    }
}

private func writeToNull() {
    UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
}

@inline(never)
private func depth(_ level: Int) -> Int {
    level < 0 ? 0 : depth(level + 1) + (getpid() == 0 ? 0 : 1)
}

private func say(_ text: String) {
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
}
