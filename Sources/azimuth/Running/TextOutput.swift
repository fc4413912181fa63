import Glibc

/// A whole text into a file, over whatever was there.
enum TextOutput {
    static func write(_ text: String, to path: String) throws(ProgramError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, detail: systemWords()) }
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
