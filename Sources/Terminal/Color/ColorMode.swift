/// How many colours a terminal takes, from what the user and terminfo say.
package enum ColorMode: Hashable, Sendable {
    /// Bold, dim, underline and reverse only.
    case mono
    case ansi8
    case ansi16
    /// The cube and the grays of xterm.
    case indexed256
    /// `0xRRGGBB`.
    case direct

    /// What decides beside the terminal's description.
    package struct Wishes: Hashable, Sendable {
        /// NO_COLOR is set and not empty (no-color.org), or the user said so.
        package var noColor: Bool
        /// COLORTERM is `truecolor` or `24bit`.
        package var trueColor: Bool

        package init(noColor: Bool = false, trueColor: Bool = false) {
            self.noColor = noColor
            self.trueColor = trueColor
        }

        package init(environment: (String) -> String?, noColorAsked: Bool) {
            noColor = noColorAsked || environment("NO_COLOR").map { !$0.isEmpty } ?? false
            trueColor = ["truecolor", "24bit"].contains(environment("COLORTERM"))
        }
    }

    /// - Parameters:
    ///   - colors: terminfo's `colors`; negative when it has none.
    ///   - isRGB: terminfo's extension `RGB` is set: a colour is its red, green and blue.
    ///   - wishes: of the user.
    package init(colors: Int, isRGB: Bool, wishes: Wishes) {
        switch colors {
        case _ where wishes.noColor: self = .mono
        case 0x100_0000... where isRGB: self = .direct
        case 256...: self = .indexed256
        case 16...: self = .ansi16
        case 8...: self = .ansi8
        default: self = .mono
        }
    }

    /// The descriptions to try in turn.
    ///
    /// terminfo knows true colour only as entries of their own, such as `xterm-direct`, which not
    /// every machine has.
    package static func descriptions(of terminal: String, wishes: Wishes) -> [String] {
        guard wishes.trueColor, !wishes.noColor, !terminal.hasSuffix("-direct") else {
            return [terminal]
        }
        var stem = terminal
        for suffix in ["-256color", "-88color", "-16color", "-color"] where stem.hasSuffix(suffix) {
            stem.removeLast(suffix.count)
            break
        }
        return [stem + "-direct", terminal]
    }
}
