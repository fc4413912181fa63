internal import CBzip2
internal import CLzma
internal import CZlib
internal import CZstd
package import Unpack

/// One member, frame or stream with the bytes, as the programs write it.
///
/// Ends the process where a library says no: there is no test without it.
package func packed(_ bytes: [UInt8], as form: PackedForm = .gzip) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: bytes.count + bytes.count / 50 + 1_024)
    let count = bytes.withUnsafeBytes { input in
        out.withUnsafeMutableBytes { room in
            switch form {
            case .gzip: gzip(input, room)
            case .zstd: zstd(input, room)
            case .xz: xz(input, room)
            case .bzip2: bzip2(input, room)
            }
        }
    }
    return Array(out.prefix(count))
}

private func gzip(_ input: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) -> Int {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    // 15 bits of window, and 16 for the form of gzip: zlib.h, deflateInit2.
    let begun = deflateInit2_(
        &stream,
        6,
        Z_DEFLATED,
        31,
        8,
        Z_DEFAULT_STRATEGY,
        ZLIB_VERSION,
        size
    )
    precondition(begun == Z_OK)
    defer { deflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(
        mutating: input.bindMemory(to: UInt8.self).baseAddress
    )
    stream.avail_in = UInt32(input.count)
    stream.next_out = room.bindMemory(to: UInt8.self).baseAddress
    stream.avail_out = UInt32(room.count)
    precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
    return room.count - Int(stream.avail_out)
}

private func zstd(_ input: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) -> Int {
    guard let context = ZSTD_createCCtx() else { preconditionFailure("no memory") }
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let count = ZSTD_compress2(
        context,
        room.baseAddress,
        room.count,
        input.baseAddress,
        input.count
    )
    precondition(ZSTD_isError(count) == 0)
    return count
}

private func xz(_ input: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    let result = lzma_easy_buffer_encode(
        1,
        LZMA_CHECK_CRC64,
        nil,
        input.bindMemory(to: UInt8.self).baseAddress,
        input.count,
        room.bindMemory(to: UInt8.self).baseAddress,
        &count,
        room.count
    )
    precondition(result == LZMA_OK)
    return count
}

private func bzip2(_ input: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) -> Int {
    var count = UInt32(room.count)
    // An address even where there is nothing.
    var none: CChar = 0
    let result = withUnsafeMutablePointer(to: &none) { none in
        BZ2_bzBuffToBuffCompress(
            room.bindMemory(to: CChar.self).baseAddress,
            &count,
            UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress) ?? none,
            UInt32(input.count),
            1,
            0,
            0
        )
    }
    precondition(result == BZ_OK)
    return Int(count)
}
