internal import Canvas
internal import Decode
internal import Terminal

extension FuzzTarget {
    static let screens = [
        FuzzTarget("keys") { bytes in
            var decoder = KeyDecoder()
            let whole = decoder.feed(bytes) + decoder.timeOut()
            var slow = KeyDecoder()
            var events: [TerminalEvent] = []
            bytes.cut { events += slow.feed($0) }
            events += slow.timeOut()
            hold(whole == events, "keys do not depend on the blocks")
            for event in events { isHarmless(event) }
        },
        FuzzTarget("text", text),
        FuzzTarget("glyphs") { bytes in
            for isASCII in [false, true] {
                let filter = GlyphFilter(asciiOnly: isASCII) { value in
                    Unicode.Scalar(value).flatMap { TextWidth.columns(of: $0) } ?? -1
                }
                for start in stride(from: 0, through: bytes.count - 12, by: 12) {
                    let scalars = (0..<3).map { index in
                        bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
                    }
                    for columns in 1...2 {
                        filter.glyphs(for: scalars[0], marks: scalars[1...], columns: columns) {
                            isHarmless($0)
                        }
                    }
                }
            }
        },
        FuzzTarget("frame") { bytes in
            var filter = SGRFilter()
            let frame = Array(bytes)
            _ = filter.take(frame)
            _ = filter.take(frame)
        },
    ]

    private static func isHarmless(_ event: TerminalEvent) {
        switch event {
        case .key(.character(let scalar)):
            hold(!isControl(scalar.value), "a key types no control character")
        case .paste(let text):
            for scalar in text.unicodeScalars where scalar != "\n" && scalar != "\t" {
                hold(!isControl(scalar.value), "a paste brings no control character")
            }
        default: break
        }
    }

    private static func isHarmless(_ glyph: Glyph) {
        let (base, first, second, third, fourth) = glyph.scalars
        for scalar in [base, first, second, third, fourth].prefix(glyph.count) {
            hold(!isControl(scalar), "no control character reaches the terminal")
            hold(!isDirection(scalar), "no control of direction reaches the terminal")
        }
    }

    private static func isControl(_ value: UInt32) -> Bool {
        value < 0x20 || 0x7F...0x9F ~= value || value == 0x2028 || value == 0x2029
    }

    private static func isDirection(_ value: UInt32) -> Bool {
        value == 0x061C || 0x200B...0x200F ~= value || 0x202A...0x202E ~= value
            || 0x2060...0x206F ~= value
    }

    /// The words of a log, on their way to the screen.
    private static func text(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: MessageText.bytes(of: Array(bytes), from: 0), as: UTF8.self)
        var canvas = Canvas(width: 17, height: 1)
        for column in [-3, 0, 5] {
            let used = canvas.text(text, x: column, y: 0, style: Style(), limit: 9)
            hold(used <= 9, "a text keeps to its columns")
            canvas.text(text, x: column, y: 0, style: Style())
            for cell in canvas.cells {
                for scalar in canvas.scalars(of: cell) {
                    hold(!isControl(scalar), "a canvas holds no control character")
                    hold(!isDirection(scalar), "a canvas holds no control of direction")
                }
            }
        }
        for width in [1, 7, 40] {
            hold(
                TextWidth.columns(of: TextWidth.cut(text, to: width)) <= width,
                "a text is cut to its columns"
            )
            for line in TextWidth.wrap(text, to: width) {
                // A wide letter has no room in one column.
                hold(TextWidth.columns(of: line) <= max(2, width), "a line has its columns")
            }
        }
    }
}
