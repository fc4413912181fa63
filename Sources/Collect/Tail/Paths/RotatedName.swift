import Unpack

/// Names that logrotate(8), newsyslog and the rotation of programs themselves give to what they
/// put aside: `app.log.1`, `app.log-20260801`, `app-2026-08-01.log`, `app.log.2.gz`.
package enum RotatedName {
    /// What all generations of a log have in common: the name without numbers, times, and what
    /// packing adds.
    package static func base(of name: some StringProtocol) -> String {
        var bytes = Array(name.utf8)
        if let form = PackedForm(name: name) { bytes.removeLast(form.suffix.utf8.count) }
        var base: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let start = index
            if isJoint(bytes[index]), index + 1 < bytes.count, isDigit(bytes[index + 1]) {
                index += 1
                while index < bytes.count,
                    isDigit(bytes[index])
                        || isInTime(bytes[index]) && index + 1 < bytes.count
                            && isDigit(bytes[index + 1])
                { index += 1 }
                // `.5abc` is no number of a generation.
                if index == bytes.count || isJoint(bytes[index]) { continue }
            }
            base.append(contentsOf: bytes[start..<max(index, start + 1)])
            index = max(index, start + 1)
        }
        return String(decoding: base, as: UTF8.self)
    }

    /// True where `name` is what a log of the name `current` may be called once it is rotated.
    static func isGeneration(_ name: some StringProtocol, of current: some StringProtocol) -> Bool {
        name != current && base(of: name) == base(of: current)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isInTime(_ byte: UInt8) -> Bool {
        isJoint(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "T")
    }
}
