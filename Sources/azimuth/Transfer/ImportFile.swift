import Atlas
import Collect
import Glibc
import Unpack

/// The lines of an export, packed or not, and how far it was read.
final class ImportFile {
    /// What begins a file, and tells it from others.
    private static let headBytes = 64 << 10
    /// The longest line that is kept has 16 MiB, and six bytes for each as JSON.
    private static let mostOfLine = 128 << 20

    let path: String
    /// Bytes of lines that were given out, unpacked, and FNV-1a over them.
    private(set) var offset: UInt64 = 0
    private(set) var hash = FNV()
    /// Whether the line that was given out last has a line end.
    private(set) var isTerminated = true
    /// Of the line that was given out last, from 1.
    private(set) var number = 0
    private let descriptor: Int32
    private var plain: PlainBytes
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var isAtEnd = false

    struct FNV: Equatable {
        private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ bytes: UnsafeRawBufferPointer) {
            var value = value
            for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
            self.value = value
        }
    }

    /// `-` is standard input.
    init(path: String) throws(ProgramError) {
        self.path = path
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .cannotRead(path: path, detail: TextOutput.systemWords())
        }
        self.descriptor = descriptor
        plain = PlainBytes(descriptor)
        buffer = .allocate(byteCount: 1 << 20, alignment: 64)
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Which file it is, by how it begins; before the first line is taken.
    func identity() throws(ProgramError) -> UInt64 {
        while end - start < Self.headBytes, !isAtEnd { try fill() }
        var head = FNV()
        head.add(UnsafeRawBufferPointer(rebasing: buffer[start..<min(end, start + Self.headBytes)]))
        return head.value
    }

    /// Passes over what was imported before; false when that is not what the file begins with.
    func skip(to offset: UInt64, hash: UInt64) throws(ProgramError) -> Bool {
        while self.offset < offset {
            guard case .line = try next() else { return false }
        }
        return self.offset == offset && self.hash.value == hash
    }

    enum Step {
        /// Without its line end; valid until the next call.
        case line(UnsafeRawBufferPointer)
        case end
    }

    func next() throws(ProgramError) -> Step {
        var looked = start
        while true {
            if let base = buffer.baseAddress, looked < end,
                let found = memchr(base + looked, 10, end - looked)
            {
                return .line(take(to: found - UnsafeMutableRawPointer(base) + 1, lineEnd: 1))
            }
            looked = end
            guard !isAtEnd else {
                return start < end ? .line(take(to: end, lineEnd: 0)) : .end
            }
            guard end - start <= Self.mostOfLine else {
                throw .cannotRead(path: path, detail: "line \(number + 1) is over 128 MiB long")
            }
            looked -= start
            try fill()
            looked += start
        }
    }

    private func take(to next: Int, lineEnd: Int) -> UnsafeRawBufferPointer {
        let line = UnsafeRawBufferPointer(rebasing: buffer[start..<next])
        hash.add(line)
        offset += UInt64(line.count)
        number += 1
        isTerminated = lineEnd > 0
        start = next
        return UnsafeRawBufferPointer(rebasing: line.dropLast(lineEnd))
    }

    /// Reads more behind what there is, which goes to the front first.
    private func fill() throws(ProgramError) {
        if start > 0, let base = buffer.baseAddress {
            memmove(base, base + start, end - start)
            (start, end) = (0, end - start)
        }
        if end == buffer.count {
            let wider = UnsafeMutableRawBufferPointer.allocate(
                byteCount: 2 * buffer.count,
                alignment: 64
            )
            wider.copyMemory(from: UnsafeRawBufferPointer(buffer))
            buffer.deallocate()
            buffer = wider
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
        let count: Int
        do throws(UnpackError) {
            count = try plain.read(into: room)
        } catch {
            throw .cannotUnpack(path: path, error)
        }
        isAtEnd = count == 0
        end += count
    }
}
