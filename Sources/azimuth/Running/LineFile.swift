import Glibc

/// The lines of a file or of standard input, from its beginning to its end.
struct LineFile: ~Copyable {
    /// Bytes of a line that are given; what a line has more is cut.
    static let lineLimit = 1 << 20

    private let descriptor: Int32
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var held: [UInt8] = []
    private var isCut = false

    /// `-` is standard input.
    init(path: String) throws(ProgramError) {
        self.path = path
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .cannotRead(path: path, detail: TextOutput.systemWords())
        }
    }

    deinit { close(descriptor) }

    /// The next lines, each without its line end; nil at the end of the file.
    mutating func next() throws(ProgramError) -> [[UInt8]]? {
        var count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        while count < 0, errno == EINTR {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        }
        guard count >= 0 else {
            throw .cannotRead(path: path, detail: TextOutput.systemWords())
        }
        guard count > 0 else {
            guard !held.isEmpty else { return nil }
            defer { held = [] }
            return [Self.line(held)]
        }
        var lines: [[UInt8]] = []
        var start = 0
        for index in 0..<count where buffer[index] == 0x0A {
            hold(buffer[start..<index])
            lines.append(Self.line(held))
            held.removeAll(keepingCapacity: true)
            start = index + 1
        }
        hold(buffer[start..<count])
        return lines
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>) {
        held += piece.prefix(Self.lineLimit - held.count)
    }

    /// Without a CR before its end.
    private static func line(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last == 0x0D ? Array(bytes.dropLast()) : bytes
    }
}

/// Paths as they may be compared.
enum FilePath {
    /// Without links and dots; the path itself where there is no such file.
    static func absolute(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}
