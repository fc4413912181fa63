internal import CTerminal
internal import Glibc

/// What a dashboard would find here: looked up without touching the terminal.
package struct TerminalFacts: Hashable, Sendable {
    package struct Size: Hashable, Sendable {
        package var columns: Int
        package var rows: Int

        package init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// Standard input and standard output are one.
    package var isTerminal: Bool
    /// TERM; empty when it is not set.
    package var name: String
    /// Nil when terminfo has no such terminal.
    package var colors: ColorMode?
    package var canPlaceCursor: Bool
    /// Nil where the terminal does not know it.
    package var size: Size?
    /// The user wants no colours (NO_COLOR).
    package var isColorUnwanted: Bool
    /// What LC_ALL, LC_CTYPE or LANG ask for; nil when none is set.
    package var locale: String?
    /// The machine has the locale that was asked for.
    package var isLocaleThere: Bool
    /// More than ASCII can be drawn, where needed in another locale than was asked for.
    package var isUTF8: Bool

    package init(
        isTerminal: Bool,
        name: String,
        colors: ColorMode?,
        canPlaceCursor: Bool,
        size: Size?,
        isColorUnwanted: Bool,
        locale: String?,
        isLocaleThere: Bool,
        isUTF8: Bool
    ) {
        self.isTerminal = isTerminal
        self.name = name
        self.colors = colors
        self.canPlaceCursor = canPlaceCursor
        self.size = size
        self.isColorUnwanted = isColorUnwanted
        self.locale = locale
        self.isLocaleThere = isLocaleThere
        self.isUTF8 = isUTF8
    }

    /// Looks; sets the process's locale on the way, as the start of a session does.
    @MainActor
    package static func look() -> TerminalFacts {
        let wishes = ColorMode.Wishes(environment: ProcessEnvironment.value, noColorAsked: false)
        let name = ProcessEnvironment.value("TERM") ?? ""
        let known = ColorMode.descriptions(of: name, wishes: wishes).lazy
            .filter { !$0.isEmpty }
            .compactMap { Curses.describe($0, wishes: wishes) }.first
        var locale: String?
        if case .named(let wish) = LocalePolicy.Wish(environment: ProcessEnvironment.value) {
            locale = wish
        }
        let isLocaleThere = locale == nil || ct_set_locale("") != 0
        return TerminalFacts(
            isTerminal: isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1,
            name: name,
            colors: known?.mode,
            canPlaceCursor: known?.canPlaceCursor ?? false,
            size: size(),
            isColorUnwanted: wishes.noColor,
            locale: locale,
            isLocaleThere: isLocaleThere,
            isUTF8: LocalePolicy.apply(environment: ProcessEnvironment.value) == .utf8
        )
    }

    private static func size() -> Size? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_window_size(STDOUT_FILENO, &columns, &rows) == 0 else { return nil }
        return Size(columns: Int(columns), rows: Int(rows))
    }
}
