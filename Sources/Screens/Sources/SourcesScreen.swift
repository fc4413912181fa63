import Atlas
import Canvas

/// Screen 5: where lines come from, how far each source is read, and what was not kept.
struct SourcesScreen {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ body: Rect) {
        let list = SourceListPanel(scene: scene, rank: 0)
        guard let source = scene.scoped.source else {
            list.draw(into: &canvas, body)
            hint(into: &canvas, body.inset(left: 2, top: 2, right: 2))
            return
        }
        let panels: [any Panel] = [
            list,
            SourcePanel(scene: scene, rank: 1, source: source),
            SourceFilesPanel(scene: scene, rank: 2, source: source),
        ]
        scene.stack(panels, in: body, into: &canvas)
    }

    private func hint(into canvas: inout Canvas, _ rect: Rect) {
        let words =
            scene.picture.sources.isEmpty
            ? "A source appears here once it is named in azimuth.yaml under sources: files, "
                + "systemd's journal, or where others send to." : "Esc goes back out."
        scene.paragraph(words, role: .dim, in: rect, into: &canvas)
    }
}
