import Atlas
import Collect
import Glibc
import Unpack

/// The lines of a file or of standard input, packed or not, from its beginning to its end: as those
/// of a file that is followed.
struct LineFile: ~Copyable {
    private static let treatment = LineTreatment(limit: 1 << 20)

    private let descriptor: Int32
    private let path: String
    private var plain: PlainBytes
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    /// Nil before the first bytes, which may tell how they are meant.
    private var reader: LineReader?
    private var half: [UInt8] = []
    private var hasEnded = false

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
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        var reader =
            self.reader ?? LineReader(Self.treatment, mark: Array(buffer[..<min(count, 4)]))
        self.reader = nil
        defer { self.reader = reader }
        if count > 0 {
            // A pipe may give half a unit of UTF-16.
            let bytes = half + buffer[..<count]
            let whole = bytes.count / reader.width * reader.width
            half = Array(bytes[whole...])
            bytes.withUnsafeBytes {
                reader.take(UnsafeRawBufferPointer(rebasing: $0[..<whole]), into: &batch)
            }
        } else {
            guard !hasEnded else { return nil }
            hasEnded = true
            reader.finish(into: &batch)
        }
        return (0..<batch.count).map { Array(batch.line($0)) }
    }

    /// The lines of the first bytes of a file, the last one only where it is all there.
    static func lines(of bytes: [UInt8], isWhole: Bool) -> [ArraySlice<UInt8>] {
        var reader = LineReader(treatment, mark: Array(bytes.prefix(4)))
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        let whole = bytes.count / reader.width * reader.width
        bytes.withUnsafeBytes {
            reader.take(UnsafeRawBufferPointer(rebasing: $0[..<whole]), into: &batch)
        }
        if isWhole { reader.finish(into: &batch) }
        return (0..<batch.count).map { batch.line($0) }
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
