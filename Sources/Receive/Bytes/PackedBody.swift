import NIOCore
import Unpack

/// Unpacks what a sender packed, whole members or frames one after the other, within limits.
enum PackedBody {
    /// Bytes that a body may have once it is unpacked.
    static let limit = 256 << 20
    /// A body that grows more than so many times over is a bomb, above `harmless` bytes.
    ///
    /// Logs shrink to a tenth, the most monotonous to a two hundredth; DEFLATE itself can do 1:1032,
    /// and zstd 1:32768.
    private static let ratio = 500
    private static let harmless = 16 << 20
    /// Bytes that are unpacked at once.
    static let piece = 256 << 10

    enum Outcome {
        case unpacked(ByteBuffer)
        /// It is whole and within its limits, but larger than is held at once: `PackedPieces`.
        case large
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        case damaged
        /// Of more than so many bytes, unpacked.
        case tooLarge(Int)
        case bomb
        case noMemory

        /// Goes on from `messages …`.
        var words: String {
            switch self {
            case .damaged: "with a damaged packed body"
            case .tooLarge(let limit): "of more than \(limit >> 20) MiB, unpacked"
            case .bomb: "that grow without measure when they are unpacked"
            case .noMemory: "that could not be unpacked: no memory"
            }
        }
    }

    /// Looks at the whole, and gives it where it has at most `whole` bytes.
    static func unpack(
        _ packed: ByteBuffer,
        _ form: PackedForm,
        limit: Int = limit,
        whole: Int = harmless
    ) -> Outcome {
        guard let pieces = PackedPieces(packed, form) else { return .refused(.noMemory) }
        var out = ByteBuffer()
        var size = 0
        while !pieces.isOver {
            let step = min(max(packed.readableBytes * 4, 4_096), piece)
            switch pieces.unpack(step, into: &out) {
            case .bytes(let count): size += count
            case .damaged: return .refused(.damaged)
            case .noMemory: return .refused(.noMemory)
            }
            if size > limit { return .refused(.tooLarge(limit)) }
            if size > harmless, size / ratio > pieces.used { return .refused(.bomb) }
            if size > whole { out.clear() }
        }
        return size > whole ? .large : .unpacked(out)
    }
}

/// A packed body that is unpacked a piece at a time.
final class PackedPieces {
    /// Bytes of a window that a sender may ask for: RFC 8878 section 3.1.1.1.2 wants 8 MiB from
    /// all, and RFC 9659 allows no more by HTTP.
    private static let window = 8 << 20

    private let unpacker: any Unpacker
    private let packed: ByteBuffer
    private let form: PackedForm
    /// Bytes of the body that were unpacked so far.
    private(set) var used = 0
    private(set) var isOver = false
    private var isBetweenMembers = false
    /// What it takes: the body, and what a decoder of zstd looks back at.
    var heldBytes: Int { packed.readableBytes + (form == .zstd ? Self.window : 0) }

    enum Piece: Equatable {
        case bytes(Int)
        case damaged
        case noMemory
    }

    /// Nil without memory for it.
    init?(_ packed: ByteBuffer, _ form: PackedForm) {
        guard let unpacker = form.unpacker(memory: Self.window) else { return nil }
        self.unpacker = unpacker
        self.packed = packed
        self.form = form
    }

    /// Appends at most so many bytes, and tells how many.
    ///
    /// A body that ends inside a member is damaged.
    func unpack(_ count: Int, into out: inout ByteBuffer) -> Piece {
        if isBetweenMembers {
            guard unpacker.beginMember() else { return .noMemory }
            isBetweenMembers = false
        }
        let rest = packed.readableBytesView.dropFirst(used)
        var step = UnpackStep.none(.damaged)
        rest.withUnsafeBytes { input in
            _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
                let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(count))
                step = unpacker.step(input, into: room)
                return step.wrote
            }
        }
        used += step.read
        switch step.state {
        case .memberEnd:
            isOver = used == packed.readableBytes
            isBetweenMembers = true
        case .going:
            // Nothing left to take, and nothing that came of it.
            if step.read == 0, step.wrote == 0 { return .damaged }
        case .damaged: return .damaged
        case .noMemory: return .noMemory
        }
        return .bytes(step.wrote)
    }
}
