import Yams

/// Reads one YAML document into nodes: the only file that knows the YAML library.
///
/// The library resolves aliases while it composes and compares keys by their whole content, so a
/// few nested aliases can cost exponential time. Therefore every `*` is replaced by a stand-in
/// before it sees the text, and aliases are resolved here, with a budget.
struct YamlText {
    /// A file with more nodes than that is refused; an estate of 10,000 resources has 60,000.
    static let nodeLimit = 200_000
    /// The deepest file that makes sense has six levels.
    static let depthLimit = 24
    /// How many duplicate keys are told before reading stops.
    private static let duplicateLimit = 50

    private let file: String
    private var scalars: [Unicode.Scalar]
    private var star: Unicode.Scalar = "\u{10FFFD}"
    private var anchors: [String: YamlNode] = [:]
    private var renamed: Set<Position> = []
    private var problems: [ConfigureProblem] = []
    private var isTooLarge = false

    /// The root, nil when there is none or the syntax is broken; and what is wrong so far.
    static func parse(_ text: String, file: String) -> (YamlNode?, [ConfigureProblem]) {
        var parser = YamlText(file: file, scalars: Array(text.unicodeScalars))
        let root = parser.parse()
        return (parser.isTooLarge ? nil : root, parser.problems)
    }

    private init(file: String, scalars: [Unicode.Scalar]) {
        self.file = file
        self.scalars = scalars
    }

    private mutating func parse() -> YamlNode? {
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        if let problem = firstControlCharacter() {
            problems.append(problem)
            return nil
        }
        replaceStars()
        while problems.count < Self.duplicateLimit {
            do {
                let parser = try Parser(
                    yaml: String(String.UnicodeScalarView(scalars)),
                    encoding: .utf8
                )
                // Nodes refer to their anchors weakly; the parser holds them.
                return try withExtendedLifetime(parser) {
                    try parser.singleRoot().map { convert($0, depth: 1) }
                }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let at = Position(line: context.mark.line, column: context.mark.column)
                guard renameDuplicate(of: keys.first ?? "", at: at) else { return nil }
            } catch let error as YamlError {
                problems.append(YamlSyntax(file: file, scalars: scalars).problem(from: error))
                return nil
            } catch {
                problems.append(problem(.start, "cannot be read as YAML", "check its syntax"))
                return nil
            }
        }
        return nil
    }

    private func problem(_ at: Position, _ what: String, _ remedy: String) -> ConfigureProblem {
        ConfigureProblem(
            file: file,
            line: at.line,
            column: at.column,
            what: what,
            remedy: remedy
        )
    }
}

// What is done to the text before the library reads it. No step moves a line or a column.
extension YamlText {
    /// YAML 1.2.2 section 5.1: what a text may hold.
    private func firstControlCharacter() -> ConfigureProblem? {
        var at = Position.start
        for scalar in scalars {
            switch scalar.value {
            case 0x0A:
                at = Position(line: at.line + 1, column: 1)
                continue
            case 0x09, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: break
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                return problem(
                    at,
                    "the character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code)"
                        + " may not stand in a YAML text",
                    "remove it, or write it as an escape inside double quotes"
                )
            }
            at.column += 1
        }
        return nil
    }

    private mutating func replaceStars() {
        // One that the text holds neither as it is nor as an escape.
        let used = Set(scalars.lazy.filter { $0.value >= 0x100000 })
        let text = String(String.UnicodeScalarView(scalars)).lowercased()
        for value in stride(from: UInt32(0x10FFFD), to: 0x100000, by: -1) {
            guard let candidate = Unicode.Scalar(value), !used.contains(candidate),
                !text.contains("\\u00" + String(value, radix: 16))
            else { continue }
            star = candidate
            break
        }
        for index in scalars.indices where scalars[index] == "*" { scalars[index] = star }
    }

    /// Reports the second of two equal keys and gives it a name of its own, so that the reading
    /// can go on; false when it is not found.
    private mutating func renameDuplicate(of key: String, at first: Position) -> Bool {
        let name = restored(key)
        let remedy = "keep one of the two"
        let search = YamlKeySearch(scalars: scalars, key: Array(key.unicodeScalars))
        guard let second = search.next(after: first) else {
            problems.append(
                problem(first, "the key '\(name)' is written twice in this map", remedy)
            )
            return false
        }
        problems.append(
            problem(
                second.at,
                "the key '\(name)' is written twice (first in line \(first.line))",
                remedy
            )
        )
        guard let mark = Unicode.Scalar(0xF0000 + UInt32(renamed.count)) else { return false }
        scalars[second.nameIndex] = mark
        renamed.insert(second.at)
        return true
    }

    private func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(star) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0 == star ? "*" : $0 })
        )
    }
}

// From the library's nodes to ours.
extension YamlText {
    private mutating func convert(_ node: Node, depth: Int) -> YamlNode {
        let at = node.mark.map { Position(line: $0.line, column: $0.column) } ?? .start
        guard depth <= Self.depthLimit else {
            return broken(
                at,
                "lists and maps are nested deeper than \(Self.depthLimit) levels",
                "no file of azimuth needs more than six"
            )
        }
        let converted =
            switch node {
            case .scalar(let scalar): text(scalar, at: at)
            case .sequence(let sequence): list(sequence, at: at, depth: depth)
            case .mapping(let mapping): map(mapping, at: at, depth: depth)
            case .alias: YamlNode(content: .broken, at: at, size: 1)
            }
        if converted.size > Self.nodeLimit, !isTooLarge {
            isTooLarge = true
            return broken(
                at,
                "holds more than \(Self.nodeLimit) values, aliases counted as what they stand for",
                "write fewer, or use fewer aliases"
            )
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = converted }
        return converted
    }

    private mutating func broken(_ at: Position, _ what: String, _ remedy: String) -> YamlNode {
        problems.append(problem(at, what, remedy))
        return YamlNode(content: .broken, at: at, size: 1)
    }

    private mutating func text(_ scalar: Node.Scalar, at: Position) -> YamlNode {
        let isPlain = scalar.style == .plain
        guard isPlain, scalar.string.unicodeScalars.first == star else {
            let text = restored(scalar.string)
            return YamlNode(content: .text(text, isPlain: isPlain), at: at, size: 1)
        }
        let name = String(scalar.string.unicodeScalars.dropFirst())
        if let anchored = anchors[name] { return anchored }
        if isTooLarge { return YamlNode(content: .broken, at: at, size: 1) }
        guard name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
            return broken(
                at,
                "a value that begins with '*' needs quotes",
                "write it between single quotes"
            )
        }
        return broken(
            at,
            "no value is named '&\(name)' before this line",
            "name one with &\(name), or put the text '*\(name)' in quotes"
        )
    }

    private mutating func list(_ sequence: Node.Sequence, at: Position, depth: Int) -> YamlNode {
        var items: [YamlNode] = []
        var size = 1
        for item in sequence where size <= Self.nodeLimit {
            items.append(convert(item, depth: depth + 1))
            size += items.last?.size ?? 0
        }
        return YamlNode(content: .list(items), at: at, size: size)
    }

    private mutating func map(_ mapping: Node.Mapping, at: Position, depth: Int) -> YamlNode {
        var entries: [YamlNode.Entry] = []
        var size = 1
        for (key, value) in mapping where size <= Self.nodeLimit {
            let keyAt = key.mark.map { Position(line: $0.line, column: $0.column) } ?? at
            let value = convert(value, depth: depth + 1)
            size += value.size + 1
            if renamed.contains(keyAt) { continue }
            guard let name = key.scalar?.string else {
                problems.append(problem(keyAt, "a key must be a single word", "write NAME: VALUE"))
                continue
            }
            entries.append(YamlNode.Entry(key: restored(name), keyAt: keyAt, value: value))
        }
        return YamlNode(content: .map(entries), at: at, size: size)
    }
}
