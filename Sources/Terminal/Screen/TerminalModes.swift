/// What is switched on at the terminal beside what ncurses does, and how all of it is undone.
package struct TerminalModes {
    let enter: [UInt8]
    let leave: [UInt8]
    /// Undoes everything, ncurses' part too, from any state; for when ncurses cannot be asked.
    let reset: [UInt8]

    /// Bracketed paste and focus reports (XTerm Control Sequences, DECSET 2004 and 1004).
    ///
    /// Old terminals would print them, so they are for those with colours or a second screen.
    @MainActor
    init(_ curses: Curses, reportsFocus: Bool) {
        let leaveSecondScreen = curses.capability("rmcup")
        let isModern = !leaveSecondScreen.isEmpty || curses.capability("setaf") != ""
        let modes = !isModern ? [] : reportsFocus ? ["2004", "1004"] : ["2004"]
        enter = modes.flatMap { Array("\u{1B}[?\($0)h".utf8) }
        leave = modes.flatMap { Array("\u{1B}[?\($0)l".utf8) }

        // Without a second screen the shell goes on below what was drawn.
        let below = leaveSecondScreen.isEmpty ? "\u{1B}[999;1H\r\n" : ""
        let restore = ["sgr0", "op", "cnorm"].map { curses.capability($0) }.joined()
        let text = Self.withoutPadding(restore + leaveSecondScreen + below)
        // CAN ends a sequence of which only the first half was sent (ECMA-48, 8.3.6).
        reset = [0x18] + leave + Array(text.utf8)
    }

    /// A string of terminfo without its `$<5/>`, the time that old terminals need.
    package static func withoutPadding(_ capability: String) -> String {
        var text = String.UnicodeScalarView()
        var rest = Substring(capability).unicodeScalars
        while let scalar = rest.popFirst() {
            if scalar == "$", rest.first == "<", let end = rest.firstIndex(of: ">") {
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
