import Terminal
import Testing

@Suite("Strings of terminfo, and the locale")
struct TerminalModesTests {
    @Test("lose their padding")
    func padding() {
        #expect(TerminalModes.withoutPadding("\u{1B}[m\u{F}$<2>") == "\u{1B}[m\u{F}")
        #expect(TerminalModes.withoutPadding("a$<5/>b$<10*>c") == "abc")
        #expect(TerminalModes.withoutPadding("$5 < $<") == "$5 < $<")
    }

    @Test("the first locale variable that is set and not empty counts")
    func locale() {
        func wish(_ variables: [String: String]) -> LocalePolicy.Wish {
            LocalePolicy.Wish(environment: { variables[$0] })
        }
        #expect(wish([:]) == .unsaid)
        #expect(wish(["LC_ALL": "", "LANG": "C"]) == .named("C"))
        #expect(wish(["LC_CTYPE": "ja_JP.UTF-8", "LANG": "C"]) == .named("ja_JP.UTF-8"))
        #expect(wish(["LANG": "POSIX"]).isPlain)
        #expect(!wish(["LANG": "de_DE.UTF-8"]).isPlain)
        #expect(!LocalePolicy.Wish.unsaid.isPlain)
    }
}
