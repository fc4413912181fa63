import Atlas
import Canvas

/// Places by layers; inside a zone or a layer, the resources themselves.
struct HealthPanel: Panel {
    let scene: Scene
    let rank: Int

    private static let layerWidth = 8

    var demand: RowDemand {
        let rows =
            scene.scoped.listsResources ? scene.scoped.resources.count : scene.scoped.places.count
        return rows == 0
            ? RowDemand(least: 2, decent: 3, most: 3, rank: rank)
            : RowDemand(
                least: min(rows, 2) + 2,
                decent: min(rows, 6) + 2,
                most: rows + 2,
                rank: rank,
                isNeeded: scene.isFocused(.health)
            )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        if scene.scoped.listsResources {
            ResourceTable(scene: scene).draw(into: &canvas, rect)
            return
        }
        let all = scene.scoped.places
        let room = max(0, rect.height - 2)
        let rows = all.count <= room ? all : worstFirst(all, room: room)
        let note = all.count <= room ? "" : "worst first, \(min(room, rows.count)) of \(all.count)"
        Rule("Health", note: note).draw(into: &canvas, rect, theme: scene.theme)
        guard !all.isEmpty else {
            scene.paragraph(
                emptyWords,
                role: .dim,
                in: rect.inset(left: 2, top: 1),
                into: &canvas
            )
            return
        }
        let grid = Grid(scene: scene, rect: rect, rows: all)
        head(grid, y: rect.y + 1, into: &canvas)
        let ids = rows.map(\.place.description)
        let index = scene.scoped.index(in: .health, among: ids)
        let shown = Scene.window(count: rows.count, height: room, around: index)
        for (line, position) in shown.enumerated() {
            let row = rect.row(line + 2)
            draw(rows[position], grid, y: row.y, into: &canvas)
            if position == index, scene.isFocused(.health) { scene.cursor(row, into: &canvas) }
        }
    }

    private var emptyWords: String {
        if !scene.state.filter.isEmpty {
            return "No place holds “\(scene.state.filter.text)”. Esc clears the filter."
        }
        return "No resources are described. Name sites, zones and resources in azimuth.yaml "
            + "under estate:, then start again."
    }

    /// When not all fit: areas by their worst, each with those of its zones that are not well, and
    /// with the others as far as there is room.
    private func worstFirst(_ rows: [PlaceHealth], room: Int) -> [PlaceHealth] {
        func worst(_ row: PlaceHealth) -> Health { row.layers.map(\.health).max() ?? .absent }
        func isSpare(_ row: PlaceHealth) -> Bool {
            row.place.zone != nil && worst(row) <= .ok && scene.state.scope.isAll
        }
        var areas: [(worst: Health, rows: [PlaceHealth])] = []
        for row in rows {
            if row.place.zone != nil, areas.last?.rows.first?.place.area == row.place.area {
                areas[areas.count - 1].rows.append(row)
                areas[areas.count - 1].worst = max(areas[areas.count - 1].worst, worst(row))
            } else {
                areas.append((worst(row), [row]))
            }
        }
        var spareRoom = room - rows.count { !isSpare($0) }
        return areas.enumerated()
            .sorted { ($1.element.worst, $0.offset) < ($0.element.worst, $1.offset) }
            .flatMap(\.element.rows)
            .filter { row in
                guard isSpare(row) else { return true }
                spareRoom -= 1
                return spareRoom >= 0
            }
    }

    /// Where name, layers and remarks stand.
    private struct Grid {
        let nameX: Int
        let nameWidth: Int
        /// Index of each layer shown, and its column.
        let layers: [(index: Int, x: Int)]
        let remark: Range<Int>?

        init(scene: Scene, rect: Rect, rows: [PlaceHealth]) {
            let names = scene.picture.estate.layers
            nameX = rect.x + 2
            let widest = scene.picture.estate.areas.map {
                TextWidth.columns(of: $0.name) + TextWidth.columns(of: $0.code) + 2
            }
            let isNarrow = rect.width < 70
            let room = rect.width - 2
            nameWidth = min(
                max(isNarrow ? 10 : 12, widest.max() ?? 0),
                isNarrow ? max(10, room - 3 * HealthPanel.layerWidth) : 28
            )
            let fitting = max(1, (room - nameWidth + 1) / HealthPanel.layerWidth)
            // The healthiest layers go first when there are too many.
            func worst(_ index: Int) -> Health {
                rows.map { index < $0.layers.count ? $0.layers[index].health : .absent }.max()
                    ?? .absent
            }
            let byNeed = names.indices.sorted { (worst($1), $0) < (worst($0), $1) }
            let shown = byNeed.prefix(fitting).sorted()
            let start = nameX + nameWidth
            layers = shown.enumerated().map { ($1, start + $0 * HealthPanel.layerWidth) }
            let end = start + shown.count * HealthPanel.layerWidth + 1
            remark = rect.right - end >= 18 ? end..<rect.right : nil
        }
    }

    private func head(_ grid: Grid, y: Int, into canvas: inout Canvas) {
        for (index, x) in grid.layers {
            canvas.text(
                scene.picture.estate.layers[index],
                x: x,
                y: y,
                style: scene.theme[
                    scene.picture.estate.layers[index] == scene.state.column ? .hit : .dim
                ],
                limit: Self.layerWidth - 1
            )
        }
    }

    private func draw(_ row: PlaceHealth, _ grid: Grid, y: Int, into canvas: inout Canvas) {
        if let zone = row.place.zone {
            let isAlone = scene.state.scope.place?.zone != nil
            canvas.text(
                isAlone ? row.place.description : zone,
                x: grid.nameX + (isAlone ? 0 : 2),
                y: y,
                style: scene.theme[.dim],
                limit: grid.nameWidth - 3
            )
        } else {
            let code = scene.picture.estate.areas.first { $0.name == row.place.area }?.code ?? ""
            scene.words(
                [(row.place.area, .strong), (code.isEmpty ? "" : " \(code)", .faint)],
                x: grid.nameX,
                y: y,
                limit: grid.nameWidth - 1,
                into: &canvas
            )
        }
        for (index, x) in grid.layers where index < row.layers.count {
            draw(row.layers[index], x: x, y: y, into: &canvas)
        }
        if let place = grid.remark, let (text, role) = remark(for: row) {
            canvas.text(
                text,
                x: place.lowerBound,
                y: y,
                style: scene.theme[role],
                limit: place.count
            )
        }
    }

    private func draw(_ tally: PlaceHealth.Tally, x: Int, y: Int, into canvas: inout Canvas) {
        scene.sign(tally.health, x: x, y: y, into: &canvas)
        guard tally.total > 0 else { return }
        canvas.text(
            "\(tally.ok)/\(tally.total)",
            x: x + 2,
            y: y,
            style: scene.theme[tally.health.figureRole],
            limit: Self.layerWidth - 3
        )
    }

    /// Why a zone (or an area without zones) is not well; where it is, who is primary there.
    private func remark(for row: PlaceHealth) -> (String, Role)? {
        let area = scene.picture.estate.areas.first { $0.name == row.place.area }
        guard row.place.zone != nil || area?.zones.isEmpty ?? true else { return nil }
        let here = scene.picture.resources.filter { state in
            scene.scoped.resource(state.name).map { row.place.holds($0.place) } ?? false
        }
        if let worst = here.max(by: { $0.health < $1.health }), worst.health > .ok {
            let reason = worst.reason.isEmpty ? worst.health.word : worst.reason
            return ("\(worst.name) \(reason)", worst.health == .down ? .text : .dim)
        }
        let primaries = here.filter { $0.role == .primary }.map(\.name)
        return primaries.isEmpty ? nil : ("primary \(primaries.joined(separator: " "))", .faint)
    }
}
