import Unpack

/// Names that logrotate(8), newsyslog and the rotation of programs themselves give to what they
/// put aside: `app.log.1`, `app.log-20260801`, `app-2026-08-01.log`, `app.log.2.gz`.
package enum RotatedName {
    /// What all generations of a log have in common: the name without numbers, times, and what
    /// packing adds.
    package static func base(of name: some StringProtocol) -> String {
        let (bytes, _) = unpacked(name)
        return without(numbers(in: bytes)[...], of: bytes)
    }

    /// The names that a log may have one of whose generations bears this name.
    ///
    /// A rotation adds numbers, in one go: `worker-1.log.2` is of `worker-1.log`, and may be of
    /// `worker.log` or `worker.log.2`, but `worker-2.log` is no generation of `worker-1.log`.
    package static func logs(of name: some StringProtocol) -> Set<String> {
        let (bytes, isPacked) = unpacked(name)
        let numbers = numbers(in: bytes).suffix(mostNumbers)
        var logs: Set<String> = isPacked ? [String(decoding: bytes, as: UTF8.self)] : []
        for first in numbers.indices {
            for last in first..<numbers.endIndex {
                logs.insert(without(numbers[first...last], of: bytes))
            }
        }
        return logs
    }

    /// True where `name` is what a log of the name `current` may be called once it is rotated.
    static func isGeneration(_ name: some StringProtocol, of current: String) -> Bool {
        name.utf8.count > current.utf8.count && logs(of: name).contains(current)
    }

    /// A time has six, with a fraction, and a generation may be numbered as well.
    private static let mostNumbers = 12

    private static func unpacked(_ name: some StringProtocol) -> (name: [UInt8], isPacked: Bool) {
        var bytes = Array(name.utf8)
        guard let form = PackedForm(name: name) else { return (bytes, false) }
        bytes.removeLast(form.suffix.utf8.count)
        return (bytes, true)
    }

    private static func without(_ parts: ArraySlice<Range<Int>>, of bytes: [UInt8]) -> String {
        var rest: [UInt8] = []
        var start = 0
        for part in parts {
            rest += bytes[start..<part.lowerBound]
            start = part.upperBound
        }
        return String(decoding: rest + bytes[start...], as: UTF8.self)
    }

    /// Where numbers are that a rotation may have added, each with what joins it to what is before.
    private static func numbers(in bytes: [UInt8]) -> [Range<Int>] {
        var numbers: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let before = numbers.count
            var end = index
            while end + 1 < bytes.count, isDigit(bytes[end + 1]),
                end == index ? isJoint(bytes[end]) : isInTime(bytes[end])
            {
                let start = end
                end += 1
                while end < bytes.count, isDigit(bytes[end]) { end += 1 }
                numbers.append(start..<end)
            }
            // `.5abc` is no number of a generation.
            if end < bytes.count, !isJoint(bytes[end]) {
                numbers.removeSubrange(before...)
            }
            index = max(end, index + 1)
        }
        return numbers
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isInTime(_ byte: UInt8) -> Bool {
        isJoint(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "T")
    }
}
