internal import Decode

/// A part of the program that takes bytes from outside, with what has to hold for any of them.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Ends the process where something does not hold.
    package let run: @Sendable (UnsafeRawBufferPointer) -> Void

    package static let all: [FuzzTarget] = FormatCatalog.all.map(format)

    /// What a format reads lies inside the line, and is the same each time.
    private static func format(_ format: any LogFormat) -> FuzzTarget {
        FuzzTarget(name: format.name) { bytes in
            var fields = FieldList()
            var again = FieldList()
            for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
                let line = UnsafeRawBufferPointer(rebasing: line)
                fields.removeAll()
                again.removeAll()
                let span = line.bytes
                let parsed = format.parse(span, into: &fields)
                hold(parsed.messageStart >= 0, "the message begins in the line")
                hold(parsed.messageStart <= line.count, "the message begins in the line")
                hold(format.parse(span, into: &again) == parsed, "a line means one thing")
                hold(format.parse(span) == parsed, "a line means the same without its fields")
                hold(fields.count == again.count, "a line has the same fields each time")
                for index in 0..<fields.count {
                    let field = fields[index]
                    hold(field.value.range.upperBound <= line.count, "a value is in the line")
                    if case .written(let name) = field.name {
                        hold(name.range.upperBound <= line.count, "a name is in the line")
                    }
                    hold(field == again[index], "a field means one thing")
                }
            }
        }
    }
}

/// A broken promise ends the process with its words: the fuzzer keeps the input then.
func hold(_ isTrue: Bool, _ promise: StaticString) {
    precondition(isTrue, "\(promise)")
}
