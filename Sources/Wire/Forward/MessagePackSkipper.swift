/// Finds the end of a MessagePack value in bytes that come in pieces of any size.
///
/// It goes on where it stopped, needs no recursion, and holds a number for each open array or map.
/// What a value declares of itself reserves nothing.
package struct MessagePackSkipper {
    /// Arrays and maps inside one another.
    static let depthLimit = 128

    package enum Progress: Equatable {
        /// The value ends before this offset.
        case whole(Int)
        case unfinished
        /// It can never be read.
        case refused(String)
    }

    /// Where the values begin that the outermost array holds, at most eight.
    package private(set) var parts: [Int] = []
    package private(set) var partCount = 0

    private var offset: Int
    /// Values that are still to come in each open array or map, the outermost first.
    private var open: [Int] = []

    /// `offset` is where the value begins.
    package init(at offset: Int = 0) {
        self.offset = offset
    }

    /// Looks at what is there now; `bytes` has to begin where it began before.
    ///
    /// `limit` is how long the value may be, in bytes from the beginning of `bytes`.
    package mutating func advance(_ bytes: RawSpan, limit: Int) -> Progress {
        while true {
            guard let head = MessagePackHead.read(bytes, at: offset) else {
                guard offset < bytes.byteCount, bytes.byte(offset) == 0xC1 else {
                    return .unfinished
                }
                return .refused("messages that are no MessagePack")
            }
            let end = offset + head.length + head.payload
            // Each child has a byte at least.
            guard end + head.children <= limit else {
                return .refused("messages longer than \(limit >> 20) MiB")
            }
            guard end <= bytes.byteCount else { return .unfinished }
            if open.count == 1, parts.count < 8 { parts.append(offset) }
            if open.isEmpty, case .array = head.kind { partCount = head.children }
            offset = end
            if head.children > 0 {
                guard open.count < Self.depthLimit else {
                    return .refused("messages of more than \(Self.depthLimit) levels")
                }
                open.append(head.children)
                continue
            }
            while let last = open.indices.last {
                open[last] -= 1
                if open[last] > 0 { break }
                open.removeLast()
            }
            if open.isEmpty { return .whole(offset) }
        }
    }
}
