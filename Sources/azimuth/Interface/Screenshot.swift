import Canvas

/// A canvas as a file: `.svg` as a picture, anything else as text.
enum Screenshot {
    static func write(_ canvas: Canvas, to path: String) throws(ProgramError) {
        try TextOutput.write(
            path.hasSuffix(".svg") ? CanvasSVG.picture(of: canvas) : CanvasText.text(canvas) + "\n",
            to: path
        )
    }
}
