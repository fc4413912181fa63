internal import CZlib

/// Source: zlib.h, "Basic Functions".
final class GzipStream: Unpacker {
    /// zlib keeps its address: it has to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard azimuth_inflate_gzip(stream) == Z_OK else { return nil }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func beginMember() -> Bool { inflateReset(stream) == Z_OK }

    func step(
        _ input: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> UnpackStep {
        let given = UInt32(clamping: input.count)
        let offered = UInt32(clamping: room.count)
        // It reads from there only, and never writes.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress
        )
        stream.pointee.avail_in = given
        stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = offered
        let result = inflate(stream, Z_NO_FLUSH)
        let state: UnpackStep.State =
            switch result {
            case Z_STREAM_END: .memberEnd
            // The latter where it can do nothing without more input, or more room.
            case Z_OK, Z_BUF_ERROR: .going
            case Z_MEM_ERROR: .noMemory
            default: .damaged
            }
        return UnpackStep(
            read: Int(given - stream.pointee.avail_in),
            wrote: Int(offered - stream.pointee.avail_out),
            state: state
        )
    }
}
