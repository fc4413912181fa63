import Yams

/// Puts what the YAML library says about broken syntax into words for people.
struct YamlSyntax {
    private let file: String
    private let scalars: [Unicode.Scalar]

    init(file: String, scalars: [Unicode.Scalar]) {
        self.file = file
        self.scalars = scalars
    }

    func problem(from error: YamlError) -> ConfigureProblem {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let fault = Fault(
                problem: problem,
                context: context?.text ?? "",
                at: Position(line: mark.line, column: mark.column),
                opened: context.map { Position(line: $0.mark.line, column: $0.mark.column) }
            )
            let (at, what, remedy) = words(for: fault)
            return ConfigureProblem(
                file: file,
                line: at.line,
                column: at.column,
                what: what,
                remedy: remedy
            )
        default:
            return ConfigureProblem(
                file: file,
                line: 1,
                column: 1,
                what: "cannot be read as YAML (\(error))",
                remedy: "check its syntax"
            )
        }
    }

    private struct Fault {
        var problem: String
        var context: String
        var at: Position
        /// Where the thing begins that is broken.
        var opened: Position?
    }

    // The sentences are those of libyaml 0.2, src/scanner.c and src/parser.c.
    private func words(for fault: Fault) -> (Position, String, String) {
        let opened = fault.opened ?? fault.at
        if let tab = tabInIndentation(of: fault.at.line) {
            return (
                tab, "a tab indents this line; YAML allows only spaces",
                "replace the tab by spaces"
            )
        }
        switch (fault.problem, fault.context) {
        case ("found character that cannot start any token", _):
            return (
                fault.at, "a value cannot begin with '\(character(at: fault.at))'",
                "put the value in quotes"
            )
        case ("mapping values are not allowed in this context", _):
            return (
                fault.at, "a key is not expected here",
                "put the value in quotes if it holds ': ', or correct the indentation of this line"
            )
        case ("could not find expected ':'", _):
            return (
                opened, "this line is no 'KEY: VALUE'",
                "put a colon and a space after the key, or quotes around the text"
            )
        case ("did not find expected key", "while parsing a block mapping"):
            return misplaced(fault.at, opened: opened)
        case ("did not find expected '-' indicator", _):
            return (
                fault.at,
                "this line does not fit the list that begins in line \(opened.line)",
                "begin it with '- ' in column \(opened.column), or indent it deeper"
            )
        case ("block sequence entries are not allowed in this context", _):
            return (
                fault.at, "a list item is not expected here",
                "begin the list on a line of its own, below its key"
            )
        case ("found unexpected end of stream", "while scanning a quoted scalar"):
            return (opened, "the quote that opens here is never closed", "close it")
        case ("did not find expected ',' or ']'", _):
            return (
                fault.at, "the list that opens in line \(opened.line) with '[' goes wrong here",
                "put a comma between its items and ']' at its end"
            )
        case ("did not find expected ',' or '}'", _):
            return (
                fault.at, "the map that opens in line \(opened.line) with '{' goes wrong here",
                "put a comma between its keys and '}' at its end"
            )
        case ("found unknown escape character", _):
            return (
                fault.at,
                "'\\\(character(at: fault.at, offset: 1))' is no escape inside double quotes",
                "write '\\\\' for a backslash, or use single quotes"
            )
        case ("but found another document", _):
            return (
                fault.at, "a second YAML document begins here",
                "keep one document in a file"
            )
        case (let problem, _) where problem.contains("nesting") || problem.contains("depth"):
            return (
                fault.at,
                "lists and maps are nested deeper than \(YamlText.depthLimit) levels",
                "no file of azimuth needs more than six"
            )
        default:
            let context = fault.context.isEmpty ? "" : " \(fault.context)"
            return (fault.at, "YAML: \(fault.problem)\(context)", "correct the syntax here")
        }
    }

    /// Something that stands where the next key of a block map should.
    private func misplaced(_ at: Position, opened: Position) -> (Position, String, String) {
        let before = line(at.line).prefix(at.column - 1)
        if before.contains(where: { $0 != " " }) {
            return (
                at, "this does not belong to the value before it",
                "put the whole value in quotes"
            )
        }
        if character(at: at) == "-" {
            return (
                at, "a list item is not expected here",
                "begin the list on a line of its own, below its key"
            )
        }
        return (
            at, "this line is indented like no key above it",
            "indent it by \(opened.column - 1) spaces like line \(opened.line), or like the line"
                + " before it"
        )
    }

    private func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
        var rest = scalars[...]
        for _ in 1..<max(1, number) {
            guard let end = rest.firstIndex(of: "\n") else { return [] }
            rest = rest[(end + 1)...]
        }
        return rest.prefix { $0 != "\n" }
    }

    private func tabInIndentation(of number: Int) -> Position? {
        let indent = line(number).prefix { $0 == " " || $0 == "\t" }
        return indent.firstIndex(of: "\t").map {
            Position(line: number, column: $0 - indent.startIndex + 1)
        }
    }

    private func character(at position: Position, offset: Int = 0) -> String {
        let rest = line(position.line).dropFirst(position.column - 1 + offset)
        return rest.first.map { String(Character($0)) } ?? ""
    }
}
