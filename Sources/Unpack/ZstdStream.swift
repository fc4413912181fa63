internal import CZstd

/// Source: zstd.h, "Streaming decompression - HowTo".
final class ZstdStream: Unpacker {
    private let context: OpaquePointer

    init?(memory: Int) {
        guard let context = ZSTD_createDCtx() else { return nil }
        self.context = context
        // The largest window within that memory.
        let log = Int32(Int.bitWidth - 1 - max(memory, 1 << 10).leadingZeroBitCount)
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, min(log, 27))
    }

    deinit { ZSTD_freeDCtx(context) }

    /// It goes on with the next frame by itself.
    func beginMember() -> Bool { true }

    func step(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> UnpackStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        let result = ZSTD_decompressStream(context, &target, &source)
        let state: UnpackStep.State =
            if ZSTD_isError(result) != 0 {
                switch ZSTD_getErrorCode(result) {
                case ZSTD_error_memory_allocation, ZSTD_error_frameParameter_windowTooLarge:
                    .noMemory
                default: .damaged
                }
            } else {
                result == 0 ? .memberEnd : .going
            }
        return UnpackStep(read: source.pos, wrote: target.pos, state: state)
    }
}
