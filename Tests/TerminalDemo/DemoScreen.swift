import Canvas
import Glibc
import Terminal

/// What the end-to-end tests look at: a box, wide glyphs, colours, what came in, and keys that end
/// the process in every way there is.
@MainActor
final class DemoScreen: UILoopDelegate {
    private static let accent = Color(rgb: 0x5F_B3E6, ansi: 12)
    private static let line = Color(rgb: 0x4A_5058, ansi: 8)
    private static let alarm = Color(rgb: 0xFF_6B5E, ansi: 9)

    private let session: TerminalSession
    private let wake: WakeSignal
    private var last = "none"
    private var draws = 0
    private var wakes = 0
    private var ticks = 0
    private var ticking: UInt64?
    private var noise: UInt64?
    private var deadlines = true

    private(set) var endsUncaught = false

    init(session: TerminalSession, wake: WakeSignal) {
        self.session = session
        self.wake = wake
    }

    var deadline: UInt64? {
        deadlines ? noise ?? ticking : nil
    }

    func handle(_ event: TerminalEvent) -> UILoop.Reaction {
        switch event {
        case .wake:
            wakes += 1
            return .draw
        case .timeout:
            ticks += 1
            if let ticking { self.ticking = ticking + 1_000_000_000 }
            if noise != nil { noise = MonotonicClock.now }
            return .draw
        case .key(let key):
            last = "key \(key)"
            return handle(key)
        default:
            last = "\(event)".filter { $0 != "\n" }
            return .draw
        }
    }

    private func handle(_ key: Key) -> UILoop.Reaction {
        switch key {
        case .character("q"), .control("c"): return .leave
        case .control("z"): return .suspend
        case .control("l"): return .repaint
        case .control("s"): deadlines = false
        case .character("c"): ticking = MonotonicClock.now
        case .character("s"): noise = MonotonicClock.now
        case .character("d"): startData()
        case .character("u"):
            endsUncaught = true
            return .leave
        case .character(let scalar): Misdeed(rawValue: Character(scalar))?.commit()
        default: break
        }
        return .draw
    }

    /// 400 signals over two seconds, from another thread.
    private func startData() {
        let wake = wake
        Task { @concurrent in
            for _ in 0..<400 {
                wake.signal()
                usleep(5000)
            }
        }
    }

    // MARK: Drawing

    func draw(width: Int, height: Int) -> Canvas {
        draws += 1
        var canvas = Canvas(width: width, height: height)
        if let noise { fill(&canvas, noise) }
        box(&canvas, Style(foreground: Self.line))
        write("Terminal demo", x: 3, y: 0, Style(attributes: .bold), &canvas)
        let mode = session.isASCII ? "ascii" : "utf-8"
        write("size \(width)x\(height) \(session.colorMode) \(mode)", x: 2, y: 1, Style(), &canvas)
        write("last \(last)", x: 2, y: 2, Style(), &canvas)
        write("accent", x: 2, y: 3, Style(foreground: Self.accent), &canvas)
        write("alarm", x: 10, y: 3, Style(foreground: Self.alarm, attributes: .reverse), &canvas)
        write("東京リージョン|", x: 2, y: 4, Style(), &canvas)
        write("▁▂▃▄▅▆▇█ ⣀⣤⣶⣿ ✓ →|", x: 2, y: 5, Style(foreground: Self.accent), &canvas)
        hostile(&canvas, y: 6)
        if height > 8 {
            write("draws \(draws) wakes \(wakes) ticks \(ticks)", x: 2, y: 7, Style(), &canvas)
        }
        return canvas
    }

    /// What must never reach a terminal, put into cells all the same; each is one column.
    private func hostile(_ canvas: inout Canvas, y: Int) {
        let scalars: [UInt32] = [
            0x1B, 0x07, 0x9B, 0x0A, 0x202E, 0x200D, 0x7F, 0xD800, 0x1FAE8, 0x301,
        ]
        for (index, scalar) in scalars.enumerated() {
            canvas.put(scalar, columns: 1, x: 2 + index, y: y, style: Style())
        }
        let cluster = canvas.cluster([0x65, 0x301, 0xFE0F, 0x1B])
        canvas.put(cluster, columns: 1, x: 2 + scalars.count, y: y, style: Style())
        write("|", x: 3 + scalars.count, y: y, Style(), &canvas)
    }

    private func box(_ canvas: inout Canvas, _ style: Style) {
        let right = canvas.width - 1
        let bottom = canvas.height - 1
        for x in 0...max(0, right) {
            canvas.put(0x2500, columns: 1, x: x, y: 0, style: style)
            canvas.put(0x2500, columns: 1, x: x, y: bottom, style: style)
        }
        for y in 0...max(0, bottom) {
            canvas.put(0x2502, columns: 1, x: 0, y: y, style: style)
            canvas.put(0x2502, columns: 1, x: right, y: y, style: style)
        }
        canvas.put(0x256D, columns: 1, x: 0, y: 0, style: style)
        canvas.put(0x256E, columns: 1, x: right, y: 0, style: style)
        canvas.put(0x2570, columns: 1, x: 0, y: bottom, style: style)
        canvas.put(0x256F, columns: 1, x: right, y: bottom, style: style)
    }

    /// Every cell in another colour each time: as many bytes as a frame can have.
    private func fill(_ canvas: inout Canvas, _ seed: UInt64) {
        var state = seed | 1
        for y in 0..<canvas.height {
            for x in 0..<canvas.width {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let rgb = UInt32(truncatingIfNeeded: state >> 40)
                let style = Style(
                    foreground: Color(rgb: rgb, ansi: UInt8(state >> 50 & 0x0F)),
                    background: Color(rgb: rgb >> 3, ansi: UInt8(state >> 54 & 0x07))
                )
                canvas.put(0x41 + UInt32(state >> 33 & 0x0F), columns: 1, x: x, y: y, style: style)
            }
        }
    }

    private func write(_ text: String, x: Int, y: Int, _ style: Style, _ canvas: inout Canvas) {
        var x = x
        for scalar in text.unicodeScalars {
            let columns = (0x3000...0x9FFF).contains(scalar.value) ? 2 : 1
            canvas.put(scalar.value, columns: columns, x: x, y: y, style: style)
            x += columns
        }
    }
}
