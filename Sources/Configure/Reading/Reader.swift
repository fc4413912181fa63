import Atlas

/// Takes typed values out of YAML nodes and notes every one that cannot be used.
///
/// A value that is missing or bad gives nil (or its default) after it was noted, so that reading
/// goes on and the operator sees all problems of a file at once.
final class Reader {
    /// More problems of one file help nobody, and looking for near names takes time.
    private static let problemLimit = 200

    private let file: String
    private(set) var problems: [ConfigureProblem]

    init(file: String, problems: [ConfigureProblem] = []) {
        self.file = file
        self.problems = problems
    }

    private var isFull: Bool { problems.count >= Self.problemLimit }

    /// In the order of the file.
    var sortedProblems: [ConfigureProblem] {
        problems.enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset)
                    < ($1.element.line, $1.element.column, $1.offset)
            }
            .map(\.element)
    }

    func note(
        _ at: Position,
        _ what: String,
        _ remedy: String,
        nearest: String? = nil,
        excerpt: String? = nil
    ) {
        guard !isFull else { return }
        problems.append(
            ConfigureProblem(
                file: file,
                line: at.line,
                column: at.column,
                what: what,
                remedy: remedy,
                nearest: nearest,
                excerpt: excerpt
            )
        )
    }

    /// Notes that `name` is none of `known`.
    func noteUnknown(_ at: Position, _ what: String, _ name: String, among known: [String]) {
        guard !isFull else { return }
        let nearest = nearestName(to: name, among: known)
        let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", ..." : "")
        let remedy =
            if let nearest {
                "did you mean '\(nearest)'?"
            } else {
                known.isEmpty ? "there is none so far: add it" : "use one of: \(shown)"
            }
        note(at, what, remedy, nearest: nearest)
    }

    /// The keys of a map of which all keys are known; nothing at all counts as an empty map.
    ///
    /// `subject` is what the map is about, for messages: `resource 'orders-a'`. Any key that is
    /// not in `allowed` is noted.
    func fields(of node: YamlNode, subject: String, allowed: [String]) -> Fields? {
        guard let entries = entries(of: node, subject: subject) else { return nil }
        var values: [String: YamlNode.Entry] = [:]
        for entry in entries {
            if allowed.contains(entry.key) {
                values[entry.key] = entry
            } else if entry.key == "<<" {
                note(entry.keyAt, "merge keys ('<<') are not read", "write the keys out")
            } else {
                let what = "unknown key '\(shown(entry.key))' in \(subject)"
                noteUnknown(entry.keyAt, what, entry.key, among: allowed)
            }
        }
        return Fields(subject: subject, at: node.at, entries: values)
    }

    /// The entries of a map whose keys are free; nothing at all counts as an empty map.
    func entries(of node: YamlNode, subject: String) -> [YamlNode.Entry]? {
        switch node.content {
        case .map(let entries): return entries
        case .broken: return nil
        default:
            if node.isNull { return [] }
            note(
                node.at,
                "\(subject) is \(node.kind), where a map is needed",
                "write KEY: VALUE lines"
            )
            return nil
        }
    }

    /// The items of a list; nothing at all counts as an empty list.
    func items(of node: YamlNode, subject: String) -> [YamlNode]? {
        switch node.content {
        case .list(let items): return items
        case .broken: return nil
        default:
            if node.isNull { return [] }
            let remedy = "write [A, B], or one '- ' line for each item"
            note(node.at, "\(subject) is \(node.kind), where a list is needed", remedy)
            return nil
        }
    }

    /// A text of at least one character.
    func text(of node: YamlNode, subject: String, needed: String = "a text") -> String? {
        switch node.content {
        case .text(let text, _) where !node.isNull && !text.isEmpty: return text
        case .broken: return nil
        case .text:
            note(node.at, "\(subject) is empty", "write a value, or leave the key out")
        default:
            note(
                node.at,
                "\(subject) is \(node.kind), where \(needed) is needed",
                "write one value"
            )
        }
        return nil
    }

    /// A text that can stand in a table and be referred to.
    func name(of node: YamlNode, subject: String) -> String? {
        guard let text = text(of: node, subject: subject) else { return nil }
        return isName(text, at: node.at, subject: subject) ? text : nil
    }

    func isName(_ text: String, at: Position, subject: String) -> Bool {
        let scalars = text.unicodeScalars
        guard !scalars.isEmpty, scalars.count <= 128,
            !scalars.contains(where: {
                // The library drops a leading byte order mark from a value.
                $0.properties.generalCategory == .control || $0 == "\u{FEFF}"
            })
        else {
            note(at, "\(subject) is no name", "use 1 to 128 printable characters")
            return false
        }
        return true
    }

    /// What an item of a list is about: its own name where it has one, else its number from 1.
    func subject(_ kind: String, _ item: YamlNode, _ number: Int) -> String {
        if case .map(let entries) = item.content,
            let name = entries.first(where: { $0.key == "name" }),
            case .text(let text, _) = name.value.content, !text.isEmpty, !name.value.isNull
        {
            return "\(kind) '\(shown(text))'"
        }
        return "\(kind) \(number)"
    }

    /// Text of a file as it may stand in a message: cut, and without control characters.
    func shown(_ text: String) -> String {
        let clean = text.unicodeScalars.prefix(60).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return String(clean) + (text.unicodeScalars.count > 60 ? "..." : "")
    }
}
