import Terminal
import Testing

@Suite("How many colours")
struct ColorModeTests {
    private func wishes(_ variables: [String: String], asked: Bool = false) -> ColorMode.Wishes {
        ColorMode.Wishes(environment: { variables[$0] }, noColorAsked: asked)
    }

    @Test(
        "follows terminfo",
        arguments: [
            (-1, ColorMode.mono), (0, .mono), (2, .mono), (8, .ansi8), (16, .ansi16), (88, .ansi16),
            (256, .indexed256), (0x100_0000, .indexed256),
        ]
    )
    func colors(count: Int, mode: ColorMode) {
        #expect(ColorMode(colors: count, isRGB: false, wishes: wishes([:])) == mode)
    }

    @Test("true colour needs an entry that says so")
    func direct() {
        #expect(ColorMode(colors: 0x100_0000, isRGB: true, wishes: wishes([:])) == .direct)
        #expect(ColorMode(colors: 256, isRGB: true, wishes: wishes([:])) == .indexed256)
    }

    @Test("NO_COLOR counts when it is not empty, and so does the flag")
    func noColor() {
        let many = 0x100_0000
        #expect(ColorMode(colors: many, isRGB: true, wishes: wishes(["NO_COLOR": "1"])) == .mono)
        #expect(ColorMode(colors: many, isRGB: true, wishes: wishes(["NO_COLOR": ""])) == .direct)
        #expect(ColorMode(colors: many, isRGB: true, wishes: wishes([:], asked: true)) == .mono)
    }

    @Test("COLORTERM tries the direct entry first")
    func descriptions() {
        let trueColor = wishes(["COLORTERM": "truecolor"])
        func tried(_ terminal: String, _ wishes: ColorMode.Wishes) -> [String] {
            ColorMode.descriptions(of: terminal, wishes: wishes)
        }
        #expect(tried("xterm-256color", trueColor) == ["xterm-direct", "xterm-256color"])
        #expect(
            tried("tmux-256color", wishes(["COLORTERM": "24bit"])) == [
                "tmux-direct", "tmux-256color",
            ]
        )
        #expect(tried("foot", trueColor) == ["foot-direct", "foot"])
        #expect(tried("xterm-direct", trueColor) == ["xterm-direct"])
        #expect(tried("xterm-256color", wishes([:])) == ["xterm-256color"])
        #expect(tried("xterm-256color", wishes(["COLORTERM": "yes"])) == ["xterm-256color"])
        let both = wishes(["COLORTERM": "truecolor", "NO_COLOR": "1"])
        #expect(tried("xterm-256color", both) == ["xterm-256color"])
    }
}
