internal import CNcurses
internal import Canvas
internal import Glibc

/// ncurses: the only file that imports it, since it exports names such as `clear` and `move`.
///
/// It draws and knows terminals; keys are read and decoded elsewhere (`KeyDecoder`).
@MainActor
final class Curses {
    private let screen: OpaquePointer
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>
    private let frames: FrameOutput
    private let filter: GlyphFilter
    private var palette: Palette
    private var staged: [cchar_t] = []

    /// Takes over the terminal: raw keys, no echo, no cursor.
    ///
    /// Both descriptors are owned from here on, also when it throws.
    init(
        descriptions: [String],
        input inputDescriptor: Int32,
        output outputDescriptor: Int32,
        wishes: ColorMode.Wishes,
        filter: GlyphFilter
    ) throws(TerminalError) {
        let frames = try FrameOutput(terminal: outputDescriptor)
        guard let input = fdopen(inputDescriptor, "r"), let output = fdopen(frames.descriptor, "w")
        else { throw .system("fdopen", reason: String(cString: strerror(errno))) }
        var screen: OpaquePointer?
        for description in descriptions where screen == nil && !description.isEmpty {
            screen = newterm(description, output, input)
        }
        guard let screen else {
            fclose(input)
            fclose(output)
            frames.close()
            throw .unknownTerminal(descriptions.last ?? "")
        }
        self.screen = screen
        self.input = input
        self.output = output
        self.frames = frames
        self.filter = filter

        let hasColors = tigetnum("colors") >= 8 && !wishes.noColor && start_color() == OK
        let mode = ColorMode(
            colors: hasColors ? Int(tigetnum("colors")) : -1,
            isRGB: tigetflag("RGB") == 1,
            wishes: wishes
        )
        if mode != .mono { use_default_colors() }
        palette = Palette(mode: mode, pairs: hasColors ? Int(curses_color_pairs()) : 1)

        guard curses_capability("cup") != nil else {
            pause()
            close()
            throw .noCursorMotion(descriptions.last ?? "")
        }
        raw()
        noecho()
        nonl()
        leaveok(curses_screen(), true)
        typeahead(-1)
        curs_set(0)
    }

    /// What terminfo says of a terminal, which is not touched; nil when it does not know it.
    static func describe(
        _ terminal: String,
        wishes: ColorMode.Wishes
    ) -> (mode: ColorMode, canPlaceCursor: Bool)? {
        guard curses_describe(terminal, STDOUT_FILENO) != 0 else { return nil }
        let mode = ColorMode(
            colors: Int(tigetnum("colors")),
            isRGB: tigetflag("RGB") == 1,
            wishes: wishes
        )
        return (mode, curses_capability("cup") != nil)
    }

    var mode: ColorMode { palette.mode }
    var width: Int { Int(getmaxx(curses_screen())) }
    var height: Int { Int(getmaxy(curses_screen())) }

    /// A string of terminfo; empty where the terminal has none.
    func capability(_ name: String) -> String {
        curses_capability(name).map { String(cString: $0) } ?? ""
    }

    /// Gives the terminal back; `resume` takes it again.
    func pause() {
        frames.standAside { endwin() }
    }

    /// Takes the terminal again, as it has been left since; the next `update` repaints it.
    func resume() {
        def_shell_mode()
        reset_prog_mode()
        repaint()
    }

    /// After `pause`, for good.
    func close() {
        delscreen(screen)
        fclose(input)
        fclose(output)
        frames.close()
    }

    func resize(width: Int, height: Int) {
        resizeterm(Int32(height), Int32(width))
    }

    /// The next `update` draws every cell anew.
    func repaint() {
        curses_repaint_all()
    }

    func erase() {
        werase(curses_screen())
    }

    /// Sends what was staged, in one go.
    func update() {
        wnoutrefresh(curses_screen())
        if isendwin() {
            // It sets the terminal's modes again first.
            frames.standAside { doupdate() }
        } else {
            frames.send { doupdate() }
        }
    }

    /// Forgets all colour pairs: the next rows define theirs anew.
    func forgetColors() {
        palette.removeAll()
    }

    /// What to do without a colour pair for a cell.
    enum Shortage {
        /// Stage nothing and return false: `forgetColors` makes room, when every row is staged anew.
        case stop
        /// Draw in the terminal's own colours.
        case plain
    }

    /// Prepares columns of a row for `update`.
    func stage(_ canvas: Canvas, y: Int, columns: Range<Int>, onShortage: Shortage) -> Bool {
        staged.removeAll(keepingCapacity: true)
        guard var pen = pen(for: canvas[columns.lowerBound, y], onShortage) else { return false }
        var x = columns.lowerBound
        while x < columns.upperBound {
            let cell = canvas[x, y]
            if !pen.draws(cell) {
                guard let next = self.pen(for: cell, onShortage) else { return false }
                pen = next
            }
            let isWide = x + 1 < columns.upperBound && canvas[x + 1, y].isRightHalf
            stage(cell, of: canvas, columns: isWide && !cell.isRightHalf ? 2 : 1, pen)
            x += isWide && !cell.isRightHalf ? 2 : 1
        }
        mvwadd_wchnstr(
            curses_screen(),
            Int32(y),
            Int32(columns.lowerBound),
            staged,
            Int32(staged.count)
        )
        return true
    }

    private func stage(_ cell: Cell, of canvas: Canvas, columns: Int, _ pen: Pen) {
        if cell.isRightHalf {
            stage(Glyph(0x20), pen)
        } else if cell.glyph & Cell.clusterFlag == 0 {
            filter.glyphs(for: cell.glyph, columns: columns) { stage($0, pen) }
        } else {
            let scalars = canvas.scalars(of: cell)
            let base = scalars.first ?? 0x20
            filter.glyphs(for: base, marks: scalars.dropFirst(), columns: columns) {
                stage($0, pen)
            }
        }
    }

    private func stage(_ glyph: Glyph, _ pen: Pen) {
        var cell = cchar_t()
        let scalars = glyph.scalars
        curses_set_cell(
            &cell,
            wchar_t(bitPattern: scalars.0),
            wchar_t(bitPattern: scalars.1),
            wchar_t(bitPattern: scalars.2),
            wchar_t(bitPattern: scalars.3),
            wchar_t(bitPattern: scalars.4),
            pen.curses,
            pen.pair
        )
        staged.append(cell)
    }

    private func pen(for cell: Cell, _ onShortage: Shortage) -> Pen? {
        let ink = palette.ink(foreground: cell.foreground, background: cell.background) {
            init_extended_pair($0, $1, $2)
        }
        if let ink { return Pen(cell: cell, ink: ink) }
        return onShortage == .stop ? nil : Pen(cell: cell, ink: Palette.Ink(pair: 0, bold: false))
    }
}

/// A style as ncurses takes it.
private struct Pen {
    private let foreground: Color
    private let background: Color
    private let attributes: Attributes
    let curses: attr_t
    let pair: Int32

    init(cell: Cell, ink: Palette.Ink) {
        foreground = cell.foreground
        background = cell.background
        attributes = cell.attributes
        pair = ink.pair
        var curses: attr_t = 0
        if ink.bold || cell.attributes.contains(.bold) { curses |= curses_bold }
        if cell.attributes.contains(.dim) { curses |= curses_dim }
        if cell.attributes.contains(.underline) { curses |= curses_underline }
        if cell.attributes.contains(.reverse) { curses |= curses_reverse }
        self.curses = curses
    }

    func draws(_ cell: Cell) -> Bool {
        cell.foreground == foreground && cell.background == background
            && cell.attributes == attributes
    }
}
