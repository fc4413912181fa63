package import Atlas
internal import Patterns

/// A format of the operator's own: a regular expression with the groups `time`, `level`, `message`.
///
/// Groups of other names are fields.
/// The message reaches from the beginning of its group to the end of the line. A line that does not
/// match, whose time has another form, or on which the expression tries for too long, is `unknown`.
package struct RegexFormat: LogFormat {
    /// Bytes of a line that the expression sees, at most: as many as a followed file gives.
    private static let lineLimit = 65_536

    package let name: String
    package let summary: String
    package let fieldNames: [String]
    private let record: RegexCode
    private let continuation: RegexCode?
    private let timeGroup: Int?
    private let levelGroup: Int?
    private let messageGroup: Int
    /// Of a continuation.
    private let restGroup: Int?
    private let time: TimePattern?
    private let zone: UserFormat.Zone
    private let levels: LevelWords
    private let fields: [RegexField]
    /// Of a continuation.
    private let restFields: [RegexField]

    /// Nil when there is a mistake in it; `mistakes` tells which.
    package init?(_ format: UserFormat) {
        var mistakes: [FormatMistake] = []
        self.init(format, &mistakes)
    }

    init?(_ format: UserFormat, _ mistakes: inout [FormatMistake]) {
        let parts = FormatParts(format)
        mistakes += parts.mistakes
        guard parts.mistakes.isEmpty, let record = parts.record, let message = parts.message
        else { return nil }
        name = format.name
        summary = format.summary
        self.record = record
        continuation = parts.continuation
        timeGroup = parts.time
        levelGroup = parts.level
        messageGroup = message
        restGroup = parts.rest
        time = parts.timePattern
        zone = format.zone ?? .unknown
        levels = LevelWords(format.levels)
        fields = parts.fields
        restFields = parts.restFields
        fieldNames = parts.fieldNames
    }

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        line.withUnsafeBytes { bytes in
            let seen = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.lineLimit))
            if case .matched(let groups) = record.match(seen) {
                let parsed = self.record(groups, of: seen)
                if parsed.shape == .record { add(self.fields, groups, seen, to: &fields) }
                return parsed
            }
            guard let continuation, case .matched(let groups) = continuation.match(seen) else {
                return ParsedLine(shape: .unknown)
            }
            add(restFields, groups, seen, to: &fields)
            let rest = restGroup.flatMap { groups[$0]?.lowerBound } ?? 0
            return ParsedLine(shape: .continuation, messageStart: rest)
        }
    }

    private func add(
        _ found: [RegexField],
        _ groups: RegexCode.Groups,
        _ line: UnsafeRawBufferPointer,
        to fields: inout FieldList
    ) {
        guard fields.isWanted else { return }
        for field in found {
            guard let range = groups[field.group] else { continue }
            let bytes = UnsafeRawBufferPointer(rebasing: line[range])
            fields.add(own: field.name, range, field.kind(of: bytes))
        }
    }

    private func record(_ groups: RegexCode.Groups, of line: UnsafeRawBufferPointer) -> ParsedLine {
        var parsed = ParsedLine(shape: .record)
        parsed.messageStart = groups[messageGroup]?.lowerBound ?? 0
        if let range = levelGroup.flatMap({ groups[$0] }) {
            parsed.level = levels.level(of: UnsafeRawBufferPointer(rebasing: line[range]))
        }
        if let time, let range = timeGroup.flatMap({ groups[$0] }) {
            let written = UnsafeRawBufferPointer(rebasing: line[range])
            if let read = time.read(written, zone: zone) {
                parsed.time = read
            } else {
                parsed.shape = .unknown
            }
        }
        return parsed
    }
}
