import Glibc

/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv section 6).
func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}

/// How many bytes a fingerprint covers at most.
let fingerprintLength: UInt64 = 256

/// The bytes of a file from an offset on, as many of `count` as there are.
func bytes(of descriptor: Int32, at offset: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
        filled = max(0, result)
    }
}
