/// Unpacks a stream, a step at a time, into the memory of its caller.
package protocol Unpacker: AnyObject {
    /// Takes from `input` and writes to `room`, as far as either goes.
    ///
    /// Where `room` was filled there may be more to come without input.
    func step(_ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer)
        -> UnpackStep
    /// After the end of a member, for the next one behind it; false without memory for it.
    func beginMember() -> Bool
}

package struct UnpackStep {
    package var read: Int
    package var wrote: Int
    package var state: State

    package enum State {
        case going
        /// A member (RFC 1952 section 2.2), frame or stream is whole. More of them may follow.
        case memberEnd
        case damaged
        /// It asks for more memory than there is, or than it is given.
        case noMemory
    }

    /// Where nothing was done.
    package static func none(_ state: State) -> Self { Self(read: 0, wrote: 0, state: state) }
}

extension PackedForm {
    /// Bytes that a decoder may need for what it looks back at.
    ///
    /// `xz -9` asks for 65 MiB, and `zstd -19` for 8. Above, a file needs more memory than it is worth.
    package static let mostMemory = 160 << 20

    /// Nil without memory for it.
    package func unpacker(memory: Int = mostMemory) -> (any Unpacker)? {
        switch self {
        case .gzip: GzipStream()
        case .zstd: ZstdStream(memory: memory)
        case .xz: XzStream(memory: memory)
        case .bzip2: Bzip2Stream()
        }
    }
}
