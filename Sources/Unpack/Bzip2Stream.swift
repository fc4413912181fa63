internal import CBzip2

/// Source: "bzip2 and libbzip2", section 3.3.
final class Bzip2Stream: Unpacker {
    /// libbzip2 keeps its address: it has to stay where it is.
    private let stream: UnsafeMutablePointer<bz_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else { return nil }
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func beginMember() -> Bool {
        BZ2_bzDecompressEnd(stream)
        stream.pointee = bz_stream()
        return BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
    }

    func step(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> UnpackStep {
        let given = UInt32(clamping: input.count)
        let offered = UInt32(clamping: room.count)
        // It reads from there only, and never writes.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: CChar.self).baseAddress
        )
        stream.pointee.avail_in = given
        stream.pointee.next_out = room.bindMemory(to: CChar.self).baseAddress
        stream.pointee.avail_out = offered
        let result = BZ2_bzDecompress(stream)
        let state: UnpackStep.State =
            switch result {
            case BZ_STREAM_END: .memberEnd
            case BZ_OK: .going
            case BZ_MEM_ERROR: .noMemory
            default: .damaged
            }
        return UnpackStep(
            read: Int(given - stream.pointee.avail_in),
            wrote: Int(offered - stream.pointee.avail_out),
            state: state
        )
    }
}
