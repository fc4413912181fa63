import Atlas
import Chance
import Testing

@testable import Probes

@Suite("A command line cut into words")
struct CommandWordsTests {
    @Test(
        "is cut as a shell cuts it",
        arguments: [
            ("a b  c", ["a", "b", "c"]),
            (" a\tb ", ["a", "b"]),
            ("a 'b c' d", ["a", "b c", "d"]),
            (#"a "b 'c' d""#, ["a", "b 'c' d"]),
            (#"a b\ c"#, ["a", "b c"]),
            (#"a "b\"c\\d\n""#, ["a", #"b"c\d\n"#]),
            (#"a 'b\'"#, ["a", #"b\"#]),
            ("a '' \"\"", ["a", "", ""]),
            ("a b'c'\"d\"e", ["a", "bcde"]),
            ("a '|' \\; \"<\"", ["a", "|", ";", "<"]),
            ("a * ~ # =", ["a", "*", "~", "#", "="]),
        ]
    )
    func cuts(line: String, words: [String]) throws {
        #expect(try CommandWords(line).words == words)
    }

    @Test("is refused where a shell would do more than cut", arguments: Array("|&;<>()$`"))
    func refuses(character: Character) {
        #expect(throws: CommandWords.Problem.forShell(character)) {
            try CommandWords("a \(character) b")
        }
    }

    @Test("is refused when it is open or empty", arguments: ["a 'b", "a \"b", "a \\", "a \"\\"])
    func refusesOpen(line: String) {
        #expect(throws: CommandWords.Problem.openQuote) { try CommandWords(line) }
    }

    @Test("needs a program", arguments: ["", "  ", "'' a"])
    func refusesEmpty(line: String) {
        #expect(throws: CommandWords.Problem.empty) { try CommandWords(line) }
    }

    @Test("any words, quoted, come back as they were")
    func roundTrips() throws {
        var dice = Dice(3)
        let letters = Array("ab '\"\\|$\u{E9}🚨\t")
        for _ in 0..<2_000 {
            let words = (0..<dice.roll(1...4)).map { _ in
                "x" + String((0..<dice.roll(0...6)).map { _ in dice.pick(letters) })
            }
            let line = words.map {
                "'"
                    + $0.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: #"'\''"#) + "'"
            }.joined(separator: " ")
            #expect(try CommandWords(line).words == words)
        }
    }

    @Test(
        "with an option for a password is refused",
        arguments: ["check_x --password hunter2", "check_x --PASSWD=hunter2", "x password hunter2"]
    )
    func refusesSecrets(line: String) {
        for probe in [Nagios(), Exec()] as [any Probe] {
            #expect(throws: ProbeError.self) { try probe.session(for: line, timeout: .seconds(1)) }
        }
    }
}
