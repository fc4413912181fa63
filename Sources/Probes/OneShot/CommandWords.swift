/// A command line cut into words as a shell cuts it (POSIX.1-2017, Shell Command Language, 2.2),
/// and given to none: nothing is expanded, piped or substituted.
struct CommandWords {
    enum Problem: Error, Hashable {
        case empty
        case openQuote
        /// What a shell would act on, standing outside of quotes.
        case forShell(Character)
    }

    let words: [String]

    /// `isCommand` is false for what is no command line, where only quotes and blanks mean something.
    init(_ line: String, isCommand: Bool = true) throws(Problem) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = line.makeIterator()
        while let character = characters.next() {
            switch (quote, character) {
            case ("'", "'"), ("\"", "\""):
                quote = nil
            case ("'", _):
                word?.append(character)
            case ("\"", "\\"):
                guard let next = characters.next() else { throw .openQuote }
                if !"\"\\$`".contains(next) { word?.append("\\") }
                word?.append(next)
            case ("\"", _):
                word?.append(character)
            case (_, "'"), (_, "\""):
                quote = character
                word = word ?? ""
            case (_, "\\"):
                guard let next = characters.next() else { throw .openQuote }
                word = (word ?? "") + String(next)
            case _ where character.isWhitespace:
                if let whole = word { words.append(whole) }
                word = nil
            case _ where isCommand && "|&;<>()$`".contains(character):
                throw .forShell(character)
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw .openQuote }
        if let word { words.append(word) }
        guard let program = words.first, !program.isEmpty else { throw .empty }
        self.words = words
    }
}

extension OneShotProbe {
    /// The words of an address that is a command line.
    ///
    /// Refused with an option for a password, since every user of the machine sees arguments.
    func words(
        of address: String,
        isCommand: Bool = true
    ) throws(ProbeError) -> [String] {
        let words: [String]
        do throws(CommandWords.Problem) {
            words = try CommandWords(address, isCommand: isCommand).words
        } catch {
            throw .unusableAddress(
                probe: name,
                reason: Self.reason(error),
                remedy: Self.remedy(error)
            )
        }
        let secrets = ["--password", "--passwd", "--pwd", "password", "passwd", "pwd"]
        let holdsSecret = words.dropFirst().contains { word in
            secrets.contains(String(word.prefix { $0 != "=" }).lowercased())
        }
        guard !holdsSecret else {
            throw .secretInAddress(
                probe: name,
                remedy: "let the command take it from a file of its own (mode 0600)"
            )
        }
        return words
    }

    private static func reason(_ problem: CommandWords.Problem) -> String {
        switch problem {
        case .empty: "it is empty"
        case .openQuote: "a quote or a backslash at its end is left open"
        case .forShell(let character): "'\(character)' stands outside of quotes"
        }
    }

    private static func remedy(_ problem: CommandWords.Problem) -> String {
        switch problem {
        case .empty: "write the program and its arguments, or host and port"
        case .openQuote: "close it"
        case .forShell: "quote it; no shell reads the line, so put pipes and the like into a script"
        }
    }
}
