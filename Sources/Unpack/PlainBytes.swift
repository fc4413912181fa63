package import Atlas
internal import Glibc

/// The bytes of a file or a pipe, unpacked where it begins like a packed file.
package struct PlainBytes: ~Copyable {
    private let descriptor: Int32
    /// What was read to see what it is, and how much of it was given out.
    private var begun: [UInt8] = []
    private var given = 0
    private var packed: PackedFile?
    /// How it is packed, once something was read; nil where it is not.
    package private(set) var form: PackedForm?
    private var isKnown = false

    /// `descriptor` stays with who opened it.
    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// So many bytes were written to the room; 0 at the end.
    package mutating func read(
        into room: UnsafeMutableRawBufferPointer
    ) throws(UnpackError) -> Int {
        if !isKnown { try look() }
        if let packed, let form {
            switch packed.read(descriptor, into: room) {
            case .bytes(let count): return count
            case .end: return 0
            case .torn: throw .cutOff(form)
            case .damaged: throw .damaged(form)
            case .noMemory: throw .noMemory(form)
            case .failed(let number): throw .system(number)
            }
        }
        guard given == begun.count else {
            let count = min(begun.count - given, room.count)
            room.copyBytes(from: begun[given..<(given + count)])
            given += count
            if given == begun.count { (begun, given) = ([], 0) }
            return count
        }
        return try fill(room).get()
    }

    /// The same for the rest of an array.
    package mutating func read(
        into bytes: inout [UInt8],
        from start: Int = 0
    ) throws(UnpackError) -> Int {
        let result = bytes.withUnsafeMutableBytes { bytes -> Result<Int, UnpackError> in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            do throws(UnpackError) { return .success(try read(into: room)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func look() throws(UnpackError) {
        var head = [UInt8](repeating: 0, count: PackedFile.inputBytes)
        var count = 0
        var isOver = false
        while count < PackedForm.headBytes, !isOver {
            let read = try head.withUnsafeMutableBytes { head in
                fill(UnsafeMutableRawBufferPointer(rebasing: head[count...]))
            }.get()
            // A line that somebody types is not held up for what may follow.
            isOver = read == 0 || head[count..<(count + read)].contains(10)
            count += read
        }
        begun = Array(head.prefix(count))
        isKnown = true
        form = PackedForm(head: begun)
        guard let form else {
            if let foreign = ForeignPacking(head: begun) { throw .foreign(foreign) }
            return
        }
        packed = PackedFile(form, .stream(begun: begun))
        begun = []
        if packed == nil { throw .noMemory(form) }
    }

    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Result<Int, UnpackError> {
        while true {
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count >= 0 { return .success(count) }
            guard errno == EINTR else { return .failure(.system(errno)) }
        }
    }
}

/// Why bytes do not come out of a file.
package enum UnpackError: Explained, Hashable {
    /// A number of errno(3).
    case system(Int32)
    case cutOff(PackedForm)
    case damaged(PackedForm)
    case noMemory(PackedForm)
    case foreign(ForeignPacking)

    /// Goes on from `cannot read PATH: `.
    package var what: String {
        switch self {
        case .system(let number): String(cString: strerror(number))
        case .cutOff(let form): "the \(form.name) file is cut off"
        case .damaged(let form): "the \(form.name) file is damaged"
        case .noMemory(let form): "there is not enough memory to unpack it (\(form.name))"
        case .foreign(let packing): "it is packed by \(packing.name), which is not unpacked here"
        }
    }

    package var remedy: String {
        switch self {
        case .system: "check the path and the rights of the user that runs azimuth"
        case .cutOff, .damaged: "fetch it anew; what was before the damage was read"
        case .noMemory(let form):
            "unpack it with \(form.name): more than \(PackedForm.mostMemory >> 20) MiB are not used"
        case .foreign(let packing): "unpack it, or pipe it in from '\(packing.tool) FILE'"
        }
    }

    package var exit: ExitStatus { .unavailable }
}
