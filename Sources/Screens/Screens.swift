package import Atlas
package import Canvas

/// The dashboard as a pure function: picture and view state in, cells out.
package enum Screens {
    package static let leastWidth = 40
    package static let leastHeight = 10

    /// Draws the whole screen into a canvas of any size.
    ///
    /// The picture is the one of the moment looked at; the program fetches it.
    package static func draw(
        _ picture: Picture,
        _ state: ViewState,
        theme: Theme,
        into canvas: inout Canvas
    ) {
        let all = Rect(x: 0, y: 0, width: canvas.width, height: canvas.height)
        canvas.fill(all, style: theme[.text])
        guard all.width >= leastWidth, all.height >= leastHeight else {
            let words =
                "azimuth needs \(leastWidth)x\(leastHeight), this is \(all.width)x\(all.height)"
            canvas.text(words, x: 0, y: 0, style: theme[.text], limit: all.width)
            return
        }
        let scene = Scene(picture, state, theme)
        let frame = Frame(all)
        HeaderBar(scene: scene).draw(into: &canvas, frame.header)
        if let tabs = frame.tabs { TabBar(scene: scene).draw(into: &canvas, tabs) }
        if state.isHelpOpen {
            HelpOverlay(scene: scene).draw(into: &canvas, frame.body)
        } else {
            switch state.screen {
            case .overview: OverviewScreen(scene: scene).draw(into: &canvas, frame.body)
            case .replication: ReplicationScreen(scene: scene).draw(into: &canvas, frame.body)
            case .logs: LogsScreen(scene: scene).draw(into: &canvas, frame.body)
            case .sources: SourcesScreen(scene: scene).draw(into: &canvas, frame.body)
            case .failover: FailoverScreen(scene: scene).draw(into: &canvas, frame.body)
            }
        }
        if let ribbon = frame.ribbon { TimeRibbon(scene: scene).draw(into: &canvas, ribbon) }
        HintRow(scene: scene).draw(into: &canvas, frame.hints)
    }

    /// A canvas of a size with the screen on it.
    package static func canvas(
        _ picture: Picture,
        _ state: ViewState,
        theme: Theme,
        width: Int,
        height: Int
    ) -> Canvas {
        var canvas = Canvas(width: width, height: height)
        draw(picture, state, theme: theme, into: &canvas)
        return canvas
    }
}

/// Where the parts stand that all screens share.
struct Frame {
    let header: Rect
    let tabs: Rect?
    let body: Rect
    let ribbon: Rect?
    let hints: Rect

    /// Blank rows and then whole rows go as it gets lower: never header, body and hints.
    init(_ all: Rect) {
        let isRoomy = all.height >= 26
        let hasTabs = all.height >= 14
        let hasRibbon = all.height >= 12
        header = all.row(0)
        tabs = hasTabs ? all.row(1).inset(left: 1, right: 1) : nil
        hints = all.row(all.height - 1)
        ribbon = hasRibbon ? all.row(all.height - 2).inset(left: 1, right: 1) : nil
        let top = hasTabs ? (isRoomy ? 3 : 2) : 1
        let bottom = hasRibbon ? (isRoomy ? 3 : 2) : 1
        body = all.inset(left: 1, top: top, right: 1, bottom: bottom)
    }
}
