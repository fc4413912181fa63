import Testing

@testable import Configure

@Suite("YAML texts that mean harm cost little")
struct YamlTextTests {
    private func firstProblem(_ text: String) -> String? {
        let (_, problems) = YamlText.parse(text, file: "bomb.yaml")
        return problems.first.map { "\($0.line):\($0.column) \($0.what)" }
    }

    @Test("aliases of aliases are counted as what they stand for")
    func bomb() {
        let levels = (1..<9).map { level in
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(
            firstProblem("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + levels.joined())
                == "6:5 holds more than 200000 values, aliases counted as what they stand for"
        )
    }

    /// With the aliases left to the library this takes 2^60 steps: it hashes keys whole.
    @Test("aliases of aliases as keys end at once")
    func keyBomb() {
        let levels = (1..<60).map { level in
            "a\(level): &a\(level) {? [*a\(level - 1), *a\(level - 1)] : x}\n"
        }
        #expect(
            firstProblem("a0: &a0 [x, x]\n" + levels.joined())
                == "2:12 a key must be a single word"
        )
    }

    @Test("an anchor inside itself is no value")
    func loop() {
        #expect(firstProblem("a: &a [*a]") == "1:8 no value is named '&a' before this line")
    }

    @Test(
        "a megabyte of brackets, dashes, braces or question marks",
        arguments: ["[", "- ", "{", "? "]
    )
    func brackets(_ text: String) {
        let problem = firstProblem(String(repeating: text, count: (1 << 20) / text.utf8.count))
        #expect(problem?.contains("nested deeper than 24 levels") == true)
    }

    @Test("every prefix and every single-character damage of a good file gives values or problems")
    func damage() {
        let text = """
            estate: &e {name: "a\\tb", layers: [x, 'y''z']}
            sources:
              - file: |
                  text
                more: *e
            ? k
            : >-
              folded
            """
        let scalars = Array(text.unicodeScalars)
        for end in scalars.indices {
            _ = YamlText.parse(String(String.UnicodeScalarView(scalars[..<end])), file: "f")
            for bad in ["\t", "*", "&", "\"", ":", "\n", "{", "\u{0}", "é"] as [Unicode.Scalar] {
                var damaged = scalars
                damaged[end] = bad
                let (root, problems) = YamlText.parse(
                    String(String.UnicodeScalarView(damaged)),
                    file: "f"
                )
                #expect(root != nil || !problems.isEmpty)
            }
        }
    }

    @Test("stars in texts, keys and block scalars stay stars, next to every stand-in")
    func stars() throws {
        let text = "\"*a\": '*b'\nc: |\n  *d * e\nf: x*y\ng: \"\\U0010FFFD\"\nh: \u{10FFFC}\n"
        let (root, problems) = YamlText.parse(text, file: "f")
        #expect(problems.isEmpty)
        guard case .map(let entries) = try #require(root).content else {
            Issue.record("no map")
            return
        }
        let texts = entries.map { entry in
            if case .text(let text, _) = entry.value.content { text } else { "" }
        }
        #expect(entries.map(\.key) == ["*a", "c", "f", "g", "h"])
        #expect(texts == ["*b", "*d * e\n", "x*y", "\u{10FFFD}", "\u{10FFFC}"])
    }
}
