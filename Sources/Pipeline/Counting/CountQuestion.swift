package import Atlas

/// What is to be counted: lines by some of what they tell, and the sum of one of their numbers.
package struct CountQuestion: Hashable, Sendable {
    package static let partLimit = 8
    package static let mostGroups = 1_000_000

    /// What a group has in common.
    package enum Part: Hashable, Sendable {
        /// The bucket of time, of that width.
        case time(Span)
        case level
        /// A field of this name.
        case field(String)
    }

    /// In the order of the columns of the result.
    package var parts: [Part]
    /// A field whose numbers are summed.
    package var sum: String?
    /// Groups at most; what is beyond them is counted together.
    package var limit: Int

    package init(parts: [Part], sum: String? = nil, limit: Int = 100_000) {
        self.parts = parts
        self.sum = sum
        self.limit = limit
    }

    package var width: Span? {
        for case .time(let width) in parts { return width }
        return nil
    }
}

extension CountQuestion.Part {
    /// As it is written: `minute`, `level`, `10s`, or the name of a field.
    ///
    /// A field that is called like one of these is written `field:minute`.
    package init(_ text: String) {
        switch text {
        case "second": self = .time(.seconds(1))
        case "minute": self = .time(.seconds(60))
        case "hour": self = .time(.seconds(3_600))
        case "day": self = .time(.seconds(86_400))
        case "level": self = .level
        default:
            if text.hasPrefix("field:") {
                self = .field(String(text.dropFirst(6)))
            } else if let width = Span(text), width > .zero {
                self = .time(width)
            } else {
                self = .field(text)
            }
        }
    }
}

extension CountQuestion.Part {
    package var isTime: Bool {
        if case .time = self { true } else { false }
    }

    /// Of its column in a result.
    package var name: String {
        switch self {
        case .time: "time"
        case .level: "level"
        case .field(let name): name
        }
    }
}
