import Glibc

/// The password of an operator's file: its first line.
///
/// It goes straight to the client's standard input and is held nowhere.
enum SecretFile {
    private static let limit = 1_024

    /// The line with its end, as it is typed.
    ///
    /// Throws when others may read the file, too.
    static func line(of path: String) throws(CollectError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else { throw failure(path, words(of: errno)) }
        let descriptor = Descriptor(file)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure(path, "it is no plain file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw failure(path, "others may use it, too: chmod 600 it")
        }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeMutableBytes {
            read(descriptor.number, $0.baseAddress, $0.count)
        }
        let line = bytes.prefix(max(0, count)).prefix { $0 != 10 && $0 != 13 }
        guard !line.isEmpty, line.count < limit else {
            throw failure(path, "its first line is no password")
        }
        return String(decoding: line, as: UTF8.self) + "\n"
    }

    private static func failure(_ path: String, _ reason: String) -> CollectError {
        .system(operation: "reading the password in \(path)", reason: reason)
    }
}
