import Glibc

/// The lines of one segment, read in blocks.
struct JournalLines: ~Copyable {
    struct Line {
        enum Content {
            case whole(ArraySlice<UInt8>)
            /// The last one, without a line end.
            case torn(ArraySlice<UInt8>)
            /// How many bytes were passed over.
            case tooLong(Int)
        }

        /// From 1.
        var number: Int
        var content: Content
    }

    /// In bytes; a batch of 256 KiB takes at most six times as much when escaped.
    static let limit = 8 << 20
    private static let block = 256 << 10

    private let path: String
    private let descriptor: Descriptor
    private var buffer: [UInt8] = []
    /// Before it all is given out.
    private var start = 0
    /// Before it there is no line end.
    private var searched = 0
    private var passedOver = 0
    private var isAtEnd = false
    private var number = 0

    init(path: String) throws(CollectError) {
        self.path = path
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotRead(path: path, reason: words(of: errno)) }
        descriptor = Descriptor(opened)
    }

    /// Nil at the end.
    mutating func next() throws(CollectError) -> Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[start..<end]
                start = end + 1
                searched = start
                return give(.whole(line))
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count || passedOver > 0 else { return nil }
                let line = buffer[start...]
                start = buffer.count
                return give(.torn(line))
            }
            if buffer.count - start > Self.limit {
                passedOver += buffer.count - start
                start = buffer.count
            }
            try readBlock()
        }
    }

    private mutating func give(_ content: Line.Content) -> Line {
        number += 1
        guard passedOver > 0 else { return Line(number: number, content: content) }
        defer { passedOver = 0 }
        return Line(number: number, content: .tooLong(passedOver))
    }

    private mutating func readBlock() throws(CollectError) {
        buffer.removeFirst(start)
        start = 0
        searched = buffer.count
        let block = [UInt8](unsafeUninitializedCapacity: Self.block) { bytes, count in
            count = read(descriptor.number, bytes.baseAddress, Self.block)
            if count < 0 { count = 0 }
        }
        isAtEnd = block.isEmpty
        buffer.append(contentsOf: block)
    }
}
