import Glibc

/// A file of secrets: a key, users, or tokens, each on a line.
enum SecretLines {
    private static let limit = 1 << 20

    /// The lines that say something, `#` at the beginning is a comment; at least one.
    ///
    /// Throws when others than its owner and its group may use the file.
    static func read(_ path: String) throws(ReceiveError) -> [[UInt8]] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else {
            throw failure(path, String(cString: strerror(errno)), "give azimuth's user the right")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure(path, "it is no plain file", "name a file")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw failure(path, "everybody on this machine may use it", "chmod 600 \(path)")
        }
        guard status.st_size <= limit else {
            throw failure(path, "it has more than 1 MiB", "name the file of secrets")
        }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        let lines = bytes.prefix(max(0, count)).split(separator: 10)
            .map { Array($0.last == 13 ? $0.dropLast() : $0) }
            .filter { !$0.isEmpty && $0.first != 0x23 }
        guard !lines.isEmpty else {
            throw failure(path, "it is empty", "write the secret on its first line")
        }
        return lines
    }

    private static func failure(
        _ path: String,
        _ reason: String,
        _ remedy: String
    ) -> ReceiveError {
        .badSecret(path: path, reason: reason, remedy: remedy)
    }
}
