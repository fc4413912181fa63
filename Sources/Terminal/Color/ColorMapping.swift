package import Canvas

/// The number of a colour on a terminal, as ncurses takes it.
package enum ColorMapping {
    /// The terminal's own colour (use_default_colors(3x)).
    package static let terminalsOwn: Int32 = -1

    package static func number(of color: Color, in mode: ColorMode) -> Int32 {
        if color.isTerminal { return terminalsOwn }
        switch mode {
        case .mono: return terminalsOwn
        case .ansi8: return Int32(color.ansi & 7)
        case .ansi16: return Int32(color.ansi)
        case .indexed256: return nearest256(color.rgb)
        // 0 to 7 stand for the palette in terminfo's direct entries (user_caps(5), RGB).
        case .direct: return Int32(max(8, color.rgb))
        }
    }

    /// With 8 colours the bright ones are the others in bold.
    package static func needsBold(_ color: Color, in mode: ColorMode) -> Bool {
        mode == .ansi8 && !color.isTerminal && color.ansi >= 8
    }

    /// Of the 6×6×6 cube (16 to 231) and the grays (232 to 255), the one that looks nearest.
    ///
    /// Dark colours of little saturation go to the grays alone: in the cube their nearest is one
    /// that has a hue, and a dark blue-gray line turns violet.
    package static func nearest256(_ rgb: UInt32) -> Int32 {
        let red = Int(rgb >> 16 & 0xFF)
        let green = Int(rgb >> 8 & 0xFF)
        let blue = Int(rgb & 0xFF)
        let most = max(red, green, blue)
        let chroma = most - min(red, green, blue)

        let gray = nearestGray((red * 30 + green * 59 + blue * 11) / 100)
        if most < 0x80, chroma * 3 <= most { return gray.number }

        let steps = (nearestStep(red), nearestStep(green), nearestStep(blue))
        let cube = Int32(16 + 36 * steps.0 + 6 * steps.1 + steps.2)
        let cubeError = distance(
            (red - level(steps.0), green - level(steps.1), blue - level(steps.2))
        )
        let grayError = distance((red - gray.level, green - gray.level, blue - gray.level))
        return grayError < cubeError ? gray.number : cube
    }

    /// 0x00, then 0x5F to 0xFF in steps of 0x28.
    private static func level(_ step: Int) -> Int {
        step == 0 ? 0 : 0x37 + 0x28 * step
    }

    private static func nearestStep(_ value: Int) -> Int {
        value < 0x30 ? 0 : value < 0x73 ? 1 : (value - 0x23) / 0x28
    }

    /// 24 grays from 0x08 in steps of 10.
    private static func nearestGray(_ luma: Int) -> (number: Int32, level: Int) {
        let step = min(23, max(0, (luma - 3) / 10))
        return (Int32(232 + step), 8 + 10 * step)
    }

    /// Weighted by how the eye sees the three.
    private static func distance(_ error: (Int, Int, Int)) -> Int {
        error.0 * error.0 * 3 + error.1 * error.1 * 4 + error.2 * error.2 * 2
    }
}
