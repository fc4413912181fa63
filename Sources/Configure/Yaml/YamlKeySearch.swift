/// Finds the next key of the same name in the same map of a YAML text.
///
/// Needed because the library names only the first of two equal keys. In a block map the next one
/// begins in the same column; in a flow map (`{...}`) it follows a comma at the same depth.
struct YamlKeySearch {
    struct Hit {
        var at: Position
        /// Where its name begins in `scalars`, after a quote.
        var nameIndex: Int
    }

    private let scalars: [Unicode.Scalar]
    private let key: [Unicode.Scalar]

    init(scalars: [Unicode.Scalar], key: [Unicode.Scalar]) {
        self.scalars = scalars
        self.key = key
    }

    func next(after first: Position) -> Hit? {
        guard !key.isEmpty, let start = index(of: first) else { return nil }
        return inBlock(after: start, column: first.column, line: first.line)
            ?? inFlow(after: start, at: first)
    }

    private func index(of position: Position) -> Int? {
        var line = 1
        var index = 0
        while line < position.line {
            guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
            index = end + 1
            line += 1
        }
        index += position.column - 1
        return index < scalars.count ? index : nil
    }

    private func inBlock(after start: Int, column: Int, line firstLine: Int) -> Hit? {
        var line = firstLine
        var index = start
        while let end = scalars[index...].firstIndex(of: "\n") {
            index = end + 1
            line += 1
            let indent = scalars[index...].prefix { $0 == " " }.count
            guard index + indent < scalars.count else { return nil }
            if ["\n", "\r", "#"].contains(scalars[index + indent]) { continue }
            guard indent >= column - 1 else { return nil }
            guard indent == column - 1, let name = name(at: index + indent) else { continue }
            return Hit(at: Position(line: line, column: column), nameIndex: name)
        }
        return nil
    }

    private func inFlow(after start: Int, at first: Position) -> Hit? {
        var at = first
        var depth = 0
        var quote: Unicode.Scalar?
        var followsComma = false
        for index in start..<scalars.count {
            let scalar = scalars[index]
            defer {
                at =
                    scalar == "\n"
                    ? Position(line: at.line + 1, column: 1)
                    : Position(line: at.line, column: at.column + 1)
            }
            if followsComma, ![" ", "\n", "\r"].contains(scalar) {
                followsComma = false
                if let name = name(at: index) { return Hit(at: at, nameIndex: name) }
            }
            if let open = quote {
                if scalar == open { quote = nil }
                continue
            }
            switch scalar {
            case "\"", "'": quote = scalar
            case "{", "[": depth += 1
            case "}", "]":
                depth -= 1
                if depth < 0 { return nil }
            case ",": followsComma = depth == 0
            default: break
            }
        }
        return nil
    }

    /// The index of the key's name when the key, in quotes or not, and a colon stand at `index`.
    private func name(at index: Int) -> Int? {
        let quote: Unicode.Scalar? = ["\"", "'"].contains(scalars[index]) ? scalars[index] : nil
        let start = quote == nil ? index : index + 1
        guard scalars[start...].starts(with: key) else { return nil }
        var end = start + key.count
        if let quote {
            guard end < scalars.count, scalars[end] == quote else { return nil }
            end += 1
        }
        let colon = scalars[end...].first { $0 != " " }
        return colon == ":" ? start : nil
    }
}
