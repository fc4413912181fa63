import Glibc
import Unpack

/// The lines of a file or of standard input, packed or not, from its beginning to its end.
struct LineFile: ~Copyable {
    /// Bytes of a line that are given; what a line has more is cut.
    static let lineLimit = 1 << 20

    private let descriptor: Int32
    private let path: String
    private var plain: PlainBytes
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var held: [UInt8] = []
    private var isCut = false

    /// `-` is standard input.
    init(path: String) throws(ProgramError) {
        self.path = path
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .cannotRead(path: path, detail: TextOutput.systemWords())
        }
        self.descriptor = descriptor
        plain = PlainBytes(descriptor)
    }

    deinit { close(descriptor) }

    /// The next lines, each without its line end; nil at the end of the file.
    mutating func next() throws(ProgramError) -> [[UInt8]]? {
        let count: Int
        do throws(UnpackError) {
            count = try plain.read(into: &buffer)
        } catch {
            throw .cannotUnpack(path: path, error)
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
