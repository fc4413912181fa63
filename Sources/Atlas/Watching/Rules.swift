/// What is done with lines as they are read: in the order in which they are written.
package struct LineRule: Codable, Hashable, Sendable {
    /// Unique; what lines that it dropped are counted under.
    package var name: String
    /// All of them have to hold; without any it is about every line.
    package var when: [Condition]
    package var action: Action

    package init(name: String, when: [Condition] = [], action: Action) {
        self.name = name
        self.when = when
        self.action = action
    }

    package enum Condition: Codable, Hashable, Sendable {
        /// Patterns (`NamePattern`) of names of sources, one of which fits.
        case source([String])
        /// Names of formats.
        case format([String])
        /// This level or a graver one.
        case level(Level)
        case levelBelow(Level)
        /// A field by its name; `message` is the message, and `line` the line, where no field is
        /// called so.
        case field(String, FieldTest)
    }

    package enum FieldTest: Codable, Hashable, Sendable {
        /// Letter for letter one of these.
        case equals([String])
        /// A regular expression (PCRE2) that matches anywhere in it.
        case matches(String)
        case exists(Bool)
        /// A number, or a length of time where the bound is one; what is neither does not hold.
        case number(Comparison, Bound)
    }

    package enum Comparison: String, Codable, Hashable, Sendable, CaseIterable {
        case above
        case below
        case least = "at-least"
        case most = "at-most"
    }

    package struct Bound: Codable, Hashable, Sendable {
        /// Nanoseconds where it is a length of time.
        package var value: Double
        package var isDuration: Bool

        package init(value: Double, isDuration: Bool) {
            self.value = value
            self.isDuration = isDuration
        }
    }

    package enum Action: Codable, Hashable, Sendable {
        case drop
        /// Of the lines of the sources and formats that its conditions name, those are dropped for
        /// which no rule of this kind holds.
        case keep
        /// The first of so many, or those that share a value of a field by its hash.
        case sample(oneIn: Int, by: String?)
        case rename(from: String, to: String)
        case derive(Derivation)
        case place(Placement)
    }

    /// A new field.
    package enum Derivation: Codable, Hashable, Sendable {
        /// What the first group of a regular expression (PCRE2) takes of another field; all that
        /// it matches where it has no group.
        case capture(to: String, from: String, pattern: String)
        case constant(to: String, value: String)
    }

    /// Which resource a line belongs to, told by one of its fields.
    package struct Placement: Codable, Hashable, Sendable {
        package enum Pattern: Codable, Hashable, Sendable {
            case glob(String)
            /// A regular expression (PCRE2) whose groups may be called as in `Target`.
            case regex(String)
        }

        package enum Target: String, Codable, Hashable, Sendable, CaseIterable {
            case resource
            case site
            case region
            case zone
            case layer
            case service
        }

        package struct Trait: Codable, Hashable, Sendable {
            package var target: Target
            package var value: String

            package init(_ target: Target, _ value: String) {
                self.target = target
                self.value = value
            }
        }

        package var field: String
        package var pattern: Pattern
        /// What the resource has to be, beside what the pattern's groups say.
        package var traits: [Trait]

        package init(field: String, pattern: Pattern, traits: [Trait]) {
            self.field = field
            self.pattern = pattern
            self.traits = traits
        }
    }
}

extension LineRule {
    /// False when its conditions name other sources or formats.
    package func isAbout(_ source: LogSource) -> Bool {
        when.allSatisfy { condition in
            switch condition {
            case .source(let globs): globs.contains { NamePattern($0).matches(source.name) }
            case .format(let names): names.contains(source.format)
            case .level, .levelBelow, .field: true
            }
        }
    }
}

extension Estate {
    /// The resources that have all of this; areas go by their name or their code.
    package func resources(with traits: [LineRule.Placement.Trait]) -> [Resource] {
        resources.filter { resource in
            traits.allSatisfy { trait in
                let value = trait.value
                return switch trait.target {
                case .resource: resource.name == value
                case .site: isIn(resource, .site, value)
                case .region: isIn(resource, .region, value)
                case .zone: resource.place.zone == value
                case .layer: resource.layer == value
                case .service: service(named: value)?.members.contains(resource.name) ?? false
                }
            }
        }
    }

    private func isIn(_ resource: Resource, _ kind: Area.Kind, _ name: String) -> Bool {
        areas.contains { area in
            area.kind == kind && area.name == resource.place.area
                && (area.name == name || area.code == name)
        }
    }
}

/// A pattern of names: `*` is any run of characters, `?` any one.
package struct NamePattern: Sendable {
    private let pattern: [UInt8]

    package init(_ text: String) {
        pattern = Array(text.utf8)
    }

    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var (index, place) = (0, 0)
        /// The last star, and where the text goes on behind it.
        var star: (index: Int, place: Int)?
        while place < text.count {
            if index < pattern.count, pattern[index] == 0x2A {
                star = (index, place)
                index += 1
            } else if index < pattern.count,
                pattern[index] == 0x3F || pattern[index] == text[place]
            {
                index += 1
                place += 1
            } else if let last = star {
                star = (last.index, last.place + 1)
                index = last.index + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == 0x2A }
    }
}
