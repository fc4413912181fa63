import Atlas
import Glibc

/// Reads a small text file whole.
enum TextFile {
    /// In bytes; the largest estate in the tests has 60 kB.
    static let sizeLimit = 1 << 20

    /// The text of a regular file.
    ///
    /// Throws when it cannot be read, is larger than `sizeLimit`, or is no UTF-8.
    static func read(_ path: String) throws(ConfigureError) -> String {
        // Non-blocking, so that a FIFO without a writer does not hang the program.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .unreadable(path: path, reason: isFolder ? "it is a folder" : "it is no file")
        }
        guard status.st_size <= sizeLimit else { throw tooLarge(path) }
        let bytes = try contents(descriptor, path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalid([invalidUTF8(bytes, path: path)])
        }
        return text
    }

    private static func contents(
        _ descriptor: Int32,
        path: String
    ) throws(ConfigureError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= sizeLimit else { throw tooLarge(path) }
        }
    }

    private static func unreadable(_ path: String) -> ConfigureError {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
    }

    private static func tooLarge(_ path: String) -> ConfigureError {
        .invalid([
            ConfigureProblem(
                file: path,
                line: 1,
                column: 1,
                what: "the file is larger than 1 MiB",
                remedy: "check that it is the right file"
            )
        ])
    }

    private static func invalidUTF8(_ bytes: [UInt8], path: String) -> ConfigureProblem {
        var at = Position.start
        var offset = 0
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        scan: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                offset += encoded.count
                if encoded.first == 0x0A {
                    at = Position(line: at.line + 1, column: 1)
                } else {
                    at.column += 1
                }
            case .emptyInput, .error: break scan
            }
        }
        let byte = offset < bytes.count ? bytes[offset] : 0
        return ConfigureProblem(
            file: path,
            line: at.line,
            column: at.column,
            what: "the byte 0x\(String(byte, radix: 16, uppercase: true)) is no UTF-8 text",
            remedy: "save the file as UTF-8"
        )
    }
}
