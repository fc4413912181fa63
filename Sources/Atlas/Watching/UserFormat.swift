/// A log format that the operator wrote: data, one file for each.
package struct UserFormat: Codable, Hashable, Sendable {
    /// Whose time a line tells when it does not say so itself.
    package enum Zone: String, Codable, Hashable, Sendable, CaseIterable {
        case utc
        /// Civil time somewhere: found out by the first line that arrives fresh.
        case unknown
    }

    /// What the text of a named group is.
    package enum FieldType: String, Codable, Hashable, Sendable, CaseIterable {
        case text
        case integer
        case number
        /// A number with a unit: `12ms`.
        case duration
        /// true and false, yes and no, on and off, 1 and 0.
        case boolean
    }

    package struct TypedField: Codable, Hashable, Sendable {
        /// The name of a group.
        package var name: String
        package var type: FieldType

        package init(name: String, type: FieldType) {
            self.name = name
            self.type = type
        }
    }

    /// Groups that are no fields.
    package static let groups: Set<String> = ["time", "level", "message"]

    package struct LevelWord: Codable, Hashable, Sendable {
        /// As the log writes it; upper and lower case are the same.
        package var word: String
        package var level: Level

        package init(word: String, level: Level) {
            self.word = word
            self.level = level
        }
    }

    /// A line, and what has to be read out of it; what is nil is not asked.
    package struct Sample: Codable, Hashable, Sendable {
        package enum Shape: String, Codable, Hashable, Sendable, CaseIterable {
            case record
            case continuation
            case unknown
        }

        package var line: String
        package var shape: Shape
        /// Where the zone is unknown: the time of the line as if it were UTC.
        package var time: Instant?
        package var level: Level?
        package var message: String?

        package init(
            line: String,
            shape: Shape = .record,
            time: Instant? = nil,
            level: Level? = nil,
            message: String? = nil
        ) {
            self.line = line
            self.shape = shape
            self.time = time
            self.level = level
            self.message = message
        }
    }

    package var name: String
    /// For `azimuth formats`; may be empty.
    package var summary: String
    /// A regular expression (PCRE2) over the bytes of a line, from its beginning, with the groups
    /// `message` and, where there is one, `time` and `level`; groups of other names are fields.
    package var pattern: String
    /// What a line looks like that goes on with the one before; nil when there are none.
    package var continuation: String?
    /// How the group `time` is written, in the words of strptime(3); nil when there is none.
    package var time: String?
    /// Nil where the times say theirs, and where there are none.
    package var zone: Zone?
    package var levels: [LevelWord]
    /// Types of fields; what is not named here is text.
    package var fields: [TypedField]
    package var samples: [Sample]

    package init(
        name: String,
        summary: String = "",
        pattern: String,
        continuation: String? = nil,
        time: String? = nil,
        zone: Zone? = nil,
        levels: [LevelWord] = [],
        fields: [TypedField] = [],
        samples: [Sample] = []
    ) {
        self.name = name
        self.summary = summary
        self.pattern = pattern
        self.continuation = continuation
        self.time = time
        self.zone = zone
        self.levels = levels
        self.fields = fields
        self.samples = samples
    }
}

/// What makes an operator's format unusable, and where in it.
package struct FormatMistake: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        case pattern
        case continuation
        case time
        case zone
        case levels
        /// The index of a typed field.
        case field(Int)
        /// The sample's index, and which of its keys.
        case sample(Int, String)
    }

    package var place: Place
    /// Where in the text of that place, in bytes of UTF-8; nil for the text as a whole.
    package var offset: Int?
    package var what: String
    package var remedy: String

    package init(_ place: Place, at offset: Int? = nil, what: String, remedy: String) {
        self.place = place
        self.offset = offset
        self.what = what
        self.remedy = remedy
    }
}
