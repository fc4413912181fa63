internal import Glibc

/// What a packed file holds, from its beginning to its end.
package final class PackedFile {
    package enum Piece: Equatable {
        /// So many bytes were written to the buffer, at least one.
        case bytes(Int)
        case end
        /// The file ends before what it holds: somebody may be writing it.
        case torn
        case damaged
        case noMemory
        /// Reading failed, with this number of errno(3).
        case failed(Int32)
    }

    /// How bytes are read: of a file from where one is, or of a pipe as they come.
    package enum Access {
        case places
        /// Of which so many were read before: `inputBytes` at most.
        case stream(begun: [UInt8])
    }

    /// Packed bytes that are read at once.
    static let inputBytes = 65_536

    private let unpacker: any Unpacker
    private let isStream: Bool
    private var input = [UInt8](repeating: 0, count: inputBytes)
    private var (start, end) = (0, 0)
    /// In the packed file.
    private var offset: Int64 = 0
    private var isBetweenMembers = false
    /// The unpacker may have more without input: what it wrote last filled the room.
    private var mayHold = false
    /// What ended it.
    private var last: Piece?

    /// Nil without memory for it.
    package init?(_ form: PackedForm, _ access: Access = .places) {
        guard let unpacker = form.unpacker() else { return nil }
        self.unpacker = unpacker
        switch access {
        case .places: isStream = false
        case .stream(let begun):
            isStream = true
            input.replaceSubrange(0..<begun.count, with: begun)
            end = begun.count
        }
    }

    package func read(_ descriptor: Int32, into room: UnsafeMutableRawBufferPointer) -> Piece {
        guard !room.isEmpty else { return .end }
        if let last { return last }
        while true {
            if start == end, !mayHold {
                if let piece = refill(descriptor) { return piece }
            }
            if isBetweenMembers {
                // Padding of tapes: zeros behind the last member. Of xz(1), too.
                while start < end, input[start] == 0 { start += 1 }
                if start == end { continue }
                guard unpacker.beginMember() else { return stop(.noMemory) }
                isBetweenMembers = false
            }
            let step = input.withUnsafeBytes { input in
                unpacker.step(UnsafeRawBufferPointer(rebasing: input[start..<end]), into: room)
            }
            start += step.read
            mayHold = step.wrote == room.count
            switch step.state {
            case .going:
                // Neither fed nor full, and yet nothing done.
                if step.read == 0, step.wrote == 0, start < end { return stop(.damaged) }
            case .memberEnd:
                isBetweenMembers = true
                mayHold = false
            case .damaged: last = .damaged
            case .noMemory: last = .noMemory
            }
            if step.wrote > 0 { return .bytes(step.wrote) }
            if let last { return last }
        }
    }

    /// Nil where there is more to unpack.
    ///
    /// A file may grow: to have come to its end is not for ever.
    private func refill(_ descriptor: Int32) -> Piece? {
        let count = input.withUnsafeMutableBytes { room in
            isStream
                ? Glibc.read(descriptor, room.baseAddress, room.count)
                : pread(descriptor, room.baseAddress, room.count, off_t(offset))
        }
        if count < 0 { return errno == EINTR ? refill(descriptor) : .failed(errno) }
        guard count > 0 else { return isBetweenMembers ? .end : .torn }
        (start, end) = (0, count)
        offset += Int64(count)
        return nil
    }

    private func stop(_ piece: Piece) -> Piece {
        last = piece
        return piece
    }
}
