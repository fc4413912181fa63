import Atlas
import Testing

@testable import Configure

/// A text, and the problems that it must give, as `LINE:COLUMN what / remedy`.
struct BadInput: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var expected: [String]

    init(_ name: String, _ text: String, _ expected: String...) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    var testDescription: String { name }
}

let catalogue = Catalogue(
    probes: ["postgresql"],
    formats: ["postgresql", "plain"],
    themes: ["meridian", "daylight", "mono"]
)

func told(_ problems: [ConfigureProblem]) -> [String] {
    problems.map { "\($0.line):\($0.column) \($0.what) / \($0.remedy)" }
}

/// What is wrong with the text of an azimuth.yaml; empty when nothing is.
func problems(_ text: String) -> [ConfigureProblem] {
    do {
        _ = try Configuration.parse(text, file: "azimuth.yaml", catalogue: catalogue, home: nil)
        return []
    } catch .invalid(let problems) {
        return problems
    } catch {
        Issue.record(error)
        return []
    }
}

@Suite("What is wrong with a configuration is told with its place, reason and remedy")
struct BadInputTests {
    static let inputs = syntax + structure + values

    @Test("every mistake of the table", arguments: inputs)
    func tells(_ input: BadInput) {
        #expect(told(problems(input.text)) == input.expected)
    }
}
