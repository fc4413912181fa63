internal import CLzma

/// Source: lzma/base.h and lzma/container.h.
final class XzStream: Unpacker {
    /// liblzma keeps what it needs behind it.
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let memory: UInt64

    init?(memory: Int) {
        self.memory = UInt64(max(memory, 1))
        stream = .allocate(capacity: 1)
        stream.initialize(to: azimuth_lzma_stream())
        guard beginMember() else { return nil }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func beginMember() -> Bool { lzma_stream_decoder(stream, memory, 0) == LZMA_OK }

    func step(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> UnpackStep {
        stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = room.count
        let result = lzma_code(stream, LZMA_RUN)
        let state: UnpackStep.State =
            switch result {
            case LZMA_STREAM_END: .memberEnd
            case LZMA_OK, LZMA_BUF_ERROR: .going
            case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: .noMemory
            default: .damaged
            }
        return UnpackStep(
            read: input.count - stream.pointee.avail_in,
            wrote: room.count - stream.pointee.avail_out,
            state: state
        )
    }
}
