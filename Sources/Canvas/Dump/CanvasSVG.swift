/// A canvas as an SVG picture, 9 by 20 units a cell, in the reader's own monospace font.
///
/// Blocks, bars and rules are drawn as shapes, so that they meet as in a terminal; words carry
/// their length, so that another font's widths move nothing.
package enum CanvasSVG {
    private static let cellWidth = 9
    private static let cellHeight = 20
    private static let margin = 10

    /// The picture; `ground` and `ink` stand for the terminal's own colours (`0xRRGGBB`).
    package static func picture(
        of canvas: Canvas,
        ground: UInt32 = 0x14171C,
        ink: UInt32 = 0xCFD4DC
    ) -> String {
        let width = canvas.width * cellWidth + 2 * margin
        let height = canvas.height * cellHeight + 2 * margin
        let page = pageGround(of: canvas, ink, ground)
        var body = ""
        for y in 0..<canvas.height {
            grounds(canvas, y, ink, ground, page: page, &body)
            glyphs(canvas, y, ink, ground, &body)
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)">
            <style>text{font:15px 'DejaVu Sans Mono','Menlo','Consolas','Noto Sans Mono CJK JP',\
            monospace;white-space:pre}.b{font-weight:bold}.u{text-decoration:underline}</style>
            <rect width="\(width)" height="\(height)" rx="6" \
            fill="\(hex(page))"/>
            \(body)</svg>

            """
    }

    /// The background that most cells have: that of the whole picture.
    private static func pageGround(of canvas: Canvas, _ ink: UInt32, _ ground: UInt32) -> UInt32 {
        var counts: [UInt32: Int] = [:]
        for cell in canvas.cells { counts[colors(of: cell, ink, ground).back, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ground
    }

    private static func colors(
        of cell: Cell,
        _ ink: UInt32,
        _ ground: UInt32
    ) -> (front: UInt32, back: UInt32) {
        let front = cell.foreground.isTerminal ? ink : cell.foreground.rgb
        let back = cell.background.isTerminal ? ground : cell.background.rgb
        let isReverse = cell.attributes.contains(.reverse)
        let (upper, lower) = isReverse ? (back, front) : (front, back)
        return (cell.attributes.contains(.dim) ? mixed(upper, lower) : upper, lower)
    }

    /// What dim looks like: two parts of one colour, one of the other.
    private static func mixed(_ upper: UInt32, _ lower: UInt32) -> UInt32 {
        [16, 8, 0].reduce(0) { sum, shift in
            sum | (((upper >> shift & 0xFF) * 2 + (lower >> shift & 0xFF)) / 3) << shift
        }
    }

    private static func grounds(
        _ canvas: Canvas,
        _ y: Int,
        _ ink: UInt32,
        _ ground: UInt32,
        page: UInt32,
        _ body: inout String
    ) {
        var x = 0
        while x < canvas.width {
            let back = colors(of: canvas[x, y], ink, ground).back
            var end = x + 1
            while end < canvas.width, colors(of: canvas[end, y], ink, ground).back == back {
                end += 1
            }
            if back != page {
                body += rect(Double(x), 0, Double(end - x), 1, y, fill: back)
            }
            x = end
        }
    }

    private static func glyphs(
        _ canvas: Canvas,
        _ y: Int,
        _ ink: UInt32,
        _ ground: UInt32,
        _ body: inout String
    ) {
        var x = 0
        while x < canvas.width {
            let cell = canvas[x, y]
            let front = colors(of: cell, ink, ground).front
            if cell.isRightHalf || cell.glyph == 0x20 {
                x += 1
            } else if let shape = shape(cell.glyph) {
                var end = x + 1
                while shape.isJoined, end < canvas.width, canvas[end, y] == cell { end += 1 }
                body += rect(
                    Double(x) + shape.left,
                    shape.top,
                    Double(end - x - 1) + shape.width,
                    shape.height,
                    y,
                    fill: front
                )
                x = end
            } else {
                x = word(canvas, x, y, front, &body)
            }
        }
    }

    /// Draws the word that begins at `x`; returns where it ends.
    private static func word(
        _ canvas: Canvas,
        _ x: Int,
        _ y: Int,
        _ front: UInt32,
        _ body: inout String
    ) -> Int {
        let first = canvas[x, y]
        var end = x
        var text = ""
        while end < canvas.width {
            let cell = canvas[end, y]
            let isSame =
                cell.foreground == first.foreground && cell.background == first.background
                && cell.attributes == first.attributes
            guard isSame, cell.glyph != 0x20, shape(cell.glyph) == nil else { break }
            if !cell.isRightHalf, end > x, cell.glyph > 0x7E || first.glyph > 0x7E { break }
            for scalar in canvas.scalars(of: cell).compactMap(Unicode.Scalar.init) {
                text += escaped(scalar)
            }
            end += 1
        }
        var classes: [String] = []
        if first.attributes.contains(.bold) { classes.append("b") }
        if first.attributes.contains(.underline) { classes.append("u") }
        let style = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        let length = end - x > 1 ? " textLength=\"\((end - x) * cellWidth)\"" : ""
        body += "<text x=\"\(margin + x * cellWidth)\" y=\"\(margin + y * cellHeight + 15)\""
        body += "\(length)\(style) fill=\"\(hex(front))\">\(text)</text>\n"
        return end
    }

    private struct Shape {
        var left = 0.0
        var top: Double
        var width = 1.0
        var height: Double
        var isJoined = true
    }

    /// Parts of a cell that a glyph fills; nil for glyphs that are text.
    private static func shape(_ glyph: UInt32) -> Shape? {
        switch glyph {
        case 0x2500: Shape(top: 0.475, height: 0.05)
        case 0x2501: Shape(top: 0.4, height: 0.2)
        case 0x2502: Shape(left: 0.45, top: 0, width: 0.1, height: 1, isJoined: false)
        case 0x2503: Shape(left: 0.39, top: 0, width: 0.22, height: 1, isJoined: false)
        case 0x2581...0x2588:
            Shape(
                top: 1 - Double(glyph - 0x2580) / 8,
                height: Double(glyph - 0x2580) / 8
            )
        case 0x258C: Shape(top: 0, width: 0.5, height: 1, isJoined: false)
        case 0x258E: Shape(top: 0, width: 0.25, height: 1, isJoined: false)
        default: nil
        }
    }

    private static func rect(
        _ left: Double,
        _ top: Double,
        _ width: Double,
        _ height: Double,
        _ y: Int,
        fill: UInt32
    ) -> String {
        let x = tenths(Double(margin) + left * Double(cellWidth))
        let down = tenths(Double(margin + y * cellHeight) + top * Double(cellHeight))
        return "<rect x=\"\(x)\" y=\"\(down)\" width=\"\(tenths(width * Double(cellWidth)))\""
            + " height=\"\(tenths(height * Double(cellHeight)))\" fill=\"\(hex(fill))\"/>\n"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func hex(_ rgb: UInt32) -> String {
        let digits = String(rgb & 0xFF_FFFF, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "<": "&lt;"
        case ">": "&gt;"
        case "&": "&amp;"
        case "\"": "&quot;"
        default: String(Character(scalar))
        }
    }
}
