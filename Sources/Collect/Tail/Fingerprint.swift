import Glibc

/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv section 6).
func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}

/// How many bytes a fingerprint covers at most.
let fingerprintLength: UInt64 = 256

/// The last bytes of a stream, as many as a fingerprint covers: of `before`, the last ones so far,
/// and of the block behind them.
func lastBytes(of before: [UInt8], _ block: ArraySlice<UInt8>) -> [UInt8] {
    // Slices by their indexes: the suffix of a sequence is found by walking through all of it.
    let length = Int(fingerprintLength)
    guard block.count < length else { return Array(block[(block.endIndex - length)...]) }
    return Array(before[max(0, before.count + block.count - length)...]) + block
}

/// The bytes of a file from an offset on, as many of `count` as there are.
func bytes(of descriptor: Int32, at offset: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
        filled = max(0, result)
    }
}
