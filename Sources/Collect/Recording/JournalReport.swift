/// A line of a recording that could not be read, and was passed over.
package struct JournalDamage: Hashable, Sendable {
    /// Name of the segment, such as `inputs-00001.jsonl`.
    package var segment: String
    /// From 1.
    package var line: Int
    package var bytes: Int
    package var reason: String
}

/// What a reader has met so far; complete once `next` gave nothing.
package struct JournalReport: Hashable, Sendable {
    package var inputs = 0
    package var segments = 0
    /// Bytes after the last whole line of the last segment: the writer was cut off there.
    package var tornBytes = 0
    /// How many lines were passed over, and the first twenty of them.
    package var damagedLines = 0
    package var damage: [JournalDamage] = []

    package init() {}

    /// In words for people; nil when there is nothing to complain about.
    package var complaint: String? {
        var parts: [String] = []
        if tornBytes > 0 { parts.append("the recording was cut off: \(tornBytes) bytes lost") }
        if let first = damage.first {
            parts.append(
                "\(damagedLines) damaged line\(damagedLines == 1 ? "" : "s") passed over, "
                    + "first \(first.segment):\(first.line): \(first.reason)"
            )
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}
