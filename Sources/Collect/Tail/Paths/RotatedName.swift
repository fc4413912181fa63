import Unpack

/// Names that logrotate(8), newsyslog and the rotation of programs themselves give to what they
/// put aside: `app.log.1`, `app.log-20260801`, `app-2026-08-01.log`, `app.log.2.gz`.
package enum RotatedName {
    /// What all generations of a log have in common: the name without numbers, times, and what
    /// packing adds.
    package static func base(of name: FileName) -> FileName {
        let (bytes, _) = unpacked(name)
        return without(numbers(in: bytes)[...], of: bytes)
    }

    /// The names that a log may have one of whose generations bears this name.
    ///
    /// A rotation adds numbers, in one go: `worker-1.log.2` is of `worker-1.log`, and may be of
    /// `worker.log` or `worker.log.2`, but `worker-2.log` is no generation of `worker-1.log`.
    package static func logs(of name: FileName) -> Set<FileName> {
        let (bytes, isPacked) = unpacked(name)
        let numbers = numbers(in: bytes).suffix(mostNumbers)
        var logs: Set<FileName> = isPacked ? [without([], of: bytes)] : []
        for first in numbers.indices {
            for last in first..<numbers.endIndex {
                logs.insert(without(numbers[first...last], of: bytes))
            }
        }
        return logs
    }

    /// How a rotation made a name of a log's.
    struct Form: Hashable {
        /// How many bytes of the log's name stand before what was added.
        let place: Int
        /// No log of its own is called so: `app.log.1`, `app-2026-08-01.log`, but not `app-1.log`.
        let isCertain: Bool
    }

    /// Where a generation was put, and how it is called: others of its log may be as well.
    struct Habit {
        let folder: FileName
        let place: Int

        /// nil where it is not called as one.
        init?(of path: FileName, for log: FileName) {
            guard let form = RotatedName.form(of: path.name, in: log.name) else { return nil }
            folder = path.folder
            place = form.place
        }
    }

    /// nil where it is not the name of a generation of that log.
    static func form(of name: FileName, in log: FileName) -> Form? {
        let (bytes, isPacked) = unpacked(name)
        let end = log.text.utf8.count
        if isPacked, bytes.elementsEqual(log.text.utf8) { return Form(place: end, isCertain: true) }
        let numbers = numbers(in: bytes).suffix(mostNumbers)
        for first in numbers.indices.reversed() {
            for last in first..<numbers.endIndex
            where without(numbers[first...last], of: bytes) == log {
                let added = bytes[numbers[first].lowerBound..<numbers[last].upperBound]
                let isAtEnd = numbers[first].lowerBound == end
                let hasDot =
                    added.first == UInt8(ascii: ".") || log.text.utf8.contains(UInt8(ascii: "."))
                // A day has eight digits; the number of a process has seven at most.
                let isTime = added.count(where: isDigit) >= 8
                return Form(
                    place: numbers[first].lowerBound,
                    isCertain: isTime || isAtEnd && hasDot
                )
            }
        }
        return nil
    }

    /// True where `name` is what a log of the name `current` may be called once it is rotated.
    static func isGeneration(_ name: FileName, of current: FileName) -> Bool {
        name.text.utf8.count > current.text.utf8.count && logs(of: name).contains(current)
    }

    /// A time has six, with a fraction, and a generation may be numbered as well.
    private static let mostNumbers = 12

    private static func unpacked(_ name: FileName) -> (name: [UInt8], isPacked: Bool) {
        var bytes = Array(name.text.utf8)
        guard let form = PackedForm(name: name.text) else { return (bytes, false) }
        bytes.removeLast(form.suffix.utf8.count)
        return (bytes, true)
    }

    private static func without(_ parts: ArraySlice<Range<Int>>, of bytes: [UInt8]) -> FileName {
        var rest: [UInt8] = []
        var start = 0
        for part in parts {
            rest += bytes[start..<part.lowerBound]
            start = part.upperBound
        }
        return FileName(String(decoding: rest + bytes[start...], as: UTF8.self))
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
