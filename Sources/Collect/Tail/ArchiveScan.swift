import Unpack

/// An archive from its beginning to an offset of what it holds.
struct ArchiveScan {
    private let target: UInt64
    private(set) var head: [UInt8] = []
    private(set) var tail: [UInt8] = []
    /// It ended in the middle of the archive.
    private(set) var isTorn = false
    let file: PackedFile

    /// Nil without memory for it.
    init?(_ form: PackedForm?, upTo target: UInt64) {
        guard let file = form.flatMap({ PackedFile($0) }) else { return nil }
        self.file = file
        self.target = target
    }

    /// False where it ends before.
    mutating func run(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var done: UInt64 = 0
        while done < target {
            let most = Int(min(UInt64(buffer.count), target - done))
            let piece = buffer.withUnsafeMutableBytes { bytes in
                file.read(
                    descriptor,
                    into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<most])
                )
            }
            if case .torn = piece { isTorn = true }
            guard case .bytes(let count) = piece else { return false }
            if head.count < Int(fingerprintLength) {
                head += buffer[..<count].prefix(Int(fingerprintLength) - head.count)
            }
            tail = lastBytes(of: tail, buffer[..<count])
            done += UInt64(count)
        }
        return true
    }
}
