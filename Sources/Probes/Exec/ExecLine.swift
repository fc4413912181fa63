import Atlas

/// One JSON line of an exec probe's command.
enum ExecLine {
    struct Problem: Error, Hashable {
        /// As a clause.
        var reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// How many facts of each type one reply holds.
    struct Counts {
        static let limit = 256

        private(set) var healths = 0
        private var roles = 0
        private var others = 0

        mutating func count(_ observation: Observation) throws(Problem) {
            switch observation {
            case .health: healths += 1
            case .role: roles += 1
            default: others += 1
            }
            guard roles <= 1 else { throw Problem("a reply holds one role") }
            guard healths + roles + others <= Self.limit else {
                throw Problem("a reply holds at most \(Self.limit) facts")
            }
        }
    }

    static func observation(_ line: Substring) throws(Problem) -> Observation {
        let json: JSON
        do throws(JSON.Problem) {
            json = try JSON(line)
        } catch {
            throw Problem(error.words)
        }
        var fields = try Fields(json)
        let observation: Observation
        switch try fields.text("type") {
        case "health":
            observation = .health(try fields.health(), reason: try fields.reason())
        case "metric":
            let name = try fields.text("name").shortened(toBytes: 100)
            guard !name.isEmpty else { throw Problem("'name' is empty") }
            observation = .metric(
                MetricSample(
                    name: name,
                    value: try fields.number("value"),
                    unit: try fields.optionalText("unit", limit: 16) ?? ""
                )
            )
        case "role":
            observation = .role(try fields.role())
        case "link":
            observation = .link(
                LinkReport(
                    name: try fields.text("link"),
                    health: try fields.health(),
                    reason: try fields.reason(),
                    behind: try fields.seconds("behind"),
                    bytes: try fields.bytes("bytes")
                )
            )
        case "event":
            let at = try fields.instant("at")
            let level = try fields.level()
            observation = .event(
                ProbeEvent(at: at, level: level, text: try fields.text("text").calm)
            )
        case let type:
            throw Problem(
                "there is no type '\(type.shortened(toBytes: 40))'; "
                    + "there are health, role, metric, link and event"
            )
        }
        try fields.end()
        return observation
    }
}

/// The members of an object, each taken once.
private struct Fields {
    typealias Problem = ExecLine.Problem

    private var members: [JSON.Member]

    init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else { throw Problem("it is no JSON object") }
        self.members = members
    }

    /// Throws for a member that nobody took.
    func end() throws(Problem) {
        guard let left = members.first else { return }
        throw Problem("there is no '\(left.name.shortened(toBytes: 40))' in this type")
    }

    mutating func text(_ name: String) throws(Problem) -> String {
        guard let text = try optionalText(name, limit: .max) else {
            throw Problem("it has no '\(name)'")
        }
        return text
    }

    mutating func optionalText(_ name: String, limit: Int) throws(Problem) -> String? {
        switch take(name) {
        case nil: return nil
        case .string(let text): return text.shortened(toBytes: limit)
        default: throw Problem("'\(name)' is no text")
        }
    }

    mutating func number(_ name: String) throws(Problem) -> Double {
        guard let number = try optionalNumber(name) else { throw Problem("it has no '\(name)'") }
        return number
    }

    mutating func health() throws(Problem) -> Health {
        let word = try text("health")
        guard let health = Health(rawValue: word), health != .absent, health != .moving else {
            throw Problem(
                "'health' is '\(word.shortened(toBytes: 40))', "
                    + "and none of ok, maintenance, no-data, warn, down"
            )
        }
        return health
    }

    mutating func role() throws(Problem) -> ReplicationRole {
        let word = try text("role")
        guard let role = ReplicationRole(rawValue: word) else {
            throw Problem(
                "'role' is '\(word.shortened(toBytes: 40))', and none of primary, standby"
            )
        }
        return role
    }

    mutating func reason() throws(Problem) -> String {
        try optionalText("reason", limit: .max)?.calm ?? ""
    }

    mutating func seconds(_ name: String) throws(Problem) -> Span? {
        guard let value = try optionalNumber(name) else { return nil }
        guard (0...1e9).contains(value) else { throw Problem("'\(name)' is no length of time") }
        return Span(nanoseconds: Int64((value * 1e9).rounded()))
    }

    mutating func bytes(_ name: String) throws(Problem) -> Int64? {
        guard let value = try optionalNumber(name) else { return nil }
        guard value >= 0, let bytes = Int64(exactly: value) else {
            throw Problem("'\(name)' is no count of bytes")
        }
        return bytes
    }

    mutating func level() throws(Problem) -> Level {
        guard let word = try optionalText("level", limit: 40) else { return .info }
        guard let level = Level.allCases.first(where: { $0.name == word }) else {
            let names = Level.allCases.map(\.name).joined(separator: ", ")
            throw Problem("'level' is '\(word)', and none of \(names)")
        }
        return level
    }

    mutating func instant(_ name: String) throws(Problem) -> Instant? {
        guard let text = try optionalText(name, limit: 64) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw Problem("'\(name)' is no time such as 2026-11-23T07:20:31Z")
        }
        return instant
    }

    private mutating func optionalNumber(_ name: String) throws(Problem) -> Double? {
        switch take(name) {
        case nil: return nil
        case .number(let number): return number
        default: throw Problem("'\(name)' is no number")
        }
    }

    /// `null` counts as left out.
    private mutating func take(_ name: String) -> JSON? {
        guard let index = members.firstIndex(where: { $0.name == name }) else { return nil }
        let value = members.remove(at: index).value
        return value == .null ? nil : value
    }
}

extension String {
    /// In one line: runs of blanks become one, cut to 300 bytes.
    fileprivate var calm: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ").shortened(toBytes: 300)
    }
}
