/// A canvas as plain text: for tests, for `--screenshot FILE.txt`, for copying.
package enum CanvasText {
    /// One line a row, trailing spaces cut; the last line ends with a line end, too.
    package static func text(_ canvas: Canvas) -> String {
        var text = ""
        for y in 0..<canvas.height {
            text += row(y, of: canvas)
            text += "\n"
        }
        return text
    }

    /// One row, trailing spaces cut.
    package static func row(_ y: Int, of canvas: Canvas) -> String {
        var line = String.UnicodeScalarView()
        for x in 0..<canvas.width {
            line.append(
                contentsOf: canvas.scalars(of: canvas[x, y]).compactMap(Unicode.Scalar.init)
            )
        }
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    /// Who looks how: one letter a cell for each of a theme's roles, `.` for anything else.
    ///
    /// Letters are handed out in the order of `Role.allCases` from `a`; roles that look alike
    /// share the first one's letter. Spaces on the plain ground stay spaces.
    package static func styles(_ canvas: Canvas, theme: Theme) -> String {
        var letters: [Style: Unicode.Scalar] = [:]
        for (index, role) in Role.allCases.enumerated() where letters[theme[role]] == nil {
            letters[theme[role]] = Unicode.Scalar(UInt8(ascii: "a") + UInt8(index))
        }
        var text = String.UnicodeScalarView()
        for y in 0..<canvas.height {
            for x in 0..<canvas.width {
                let cell = canvas[x, y]
                let style = Style(
                    foreground: cell.foreground,
                    background: cell.background,
                    attributes: cell.attributes
                )
                let isBlank =
                    cell.glyph == 0x20 && cell.background == theme[.text].background
                    && !cell.attributes.contains(.reverse)
                text.append(isBlank ? " " : letters[style] ?? ".")
            }
            while text.last == " " { text.removeLast() }
            text.append("\n")
        }
        return String(text)
    }
}
