import Glibc

/// A whole text into a file, over whatever was there unless it has to be new.
enum TextOutput {
    static func write(_ text: String, to path: String, isNew: Bool = false) throws(ProgramError) {
        let way = isNew ? O_EXCL : O_TRUNC
        let descriptor = open(path, O_WRONLY | O_CREAT | way | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            if isNew, errno == EEXIST { throw .alreadyThere(path: path) }
            throw .cannotWrite(path: path, detail: systemWords())
        }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .cannotWrite(path: path, detail: systemWords()) }
            rest = rest.dropFirst(count)
        }
    }

    /// The system's words for the last error.
    static func systemWords() -> String { String(cString: strerror(errno)) }
}
