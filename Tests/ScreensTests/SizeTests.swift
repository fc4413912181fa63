import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("Screens of any size")
struct SizeTests {
    @Test("odd sizes are drawn", arguments: Sample.all)
    func odd(sample: Sample) {
        for (width, height) in [(0, 0), (1, 1), (20, 5), (39, 10), (40, 9), (200, 60), (300, 100)] {
            let canvas = sample.canvas(width, height)
            #expect(canvas.width == width && canvas.height == height)
        }
    }

    @Test("too small a terminal is told so, in one line")
    func tooSmall() {
        let text = CanvasText.text(Sample(.overview, "", SamplePicture.trouble()).canvas(36, 9))
        #expect(text.hasPrefix("azimuth needs 40x10, this is 36x9\n\n"))
    }

    @Test("the worst item is there at every size", arguments: Screen.allCases)
    func worst(screen: Screen) {
        let sample =
            switch screen {
            case .logs: Sample.logs("")
            case .sources: Sample(screen, "", SamplePicture.sources())
            default: Sample(screen, "", SamplePicture.trouble())
            }
        let words =
            switch screen {
            case .overview: "pg-1a down"
            case .replication: "✖ pg-sng"
            case .failover: "restart"
            case .logs: "OrderService"
            case .sources: "▲ journal"
            }
        for width in stride(from: 40, through: 130, by: 5) {
            for height in 10...45 {
                let text = CanvasText.text(sample.canvas(width, height))
                #expect(text.contains(words), "\(width)x\(height)")
                #expect(text.contains("✖"), "\(width)x\(height)")
            }
        }
    }

    @Test("the header says the mode and the hint row offers help at every width")
    func frame() {
        let sample = Sample(.overview, "", SamplePicture.trouble()) {
            $0.isPaused = true
            $0.waiting = 12
            $0.scope = Scope(place: Place(area: "virginia", zone: "1a"), layer: "network")
        }
        for width in 40...130 {
            let canvas = sample.canvas(width, 24)
            #expect(CanvasText.row(0, of: canvas).contains(" PAUSED +12 "), "\(width)")
            #expect(CanvasText.row(23, of: canvas).contains("? help"), "\(width)")
        }
    }

    @Test("the row under the cursor is on the screen, wherever it is", arguments: [10, 16, 24, 40])
    func cursor(height: Int) {
        let picture = SamplePicture.trouble()
        for pane in Pane.allCases {
            var state = ViewState(zone: Sample.zone)
            state.screen = pane.screen
            state.panes[state.screen] = pane
            SampleLogs.answer(&state, picture)
            for _ in 0..<12 {
                let canvas = Screens.canvas(
                    picture,
                    state,
                    theme: .builtIn,
                    width: 80,
                    height: height
                )
                let bars = canvas.cells.filter {
                    $0.glyph == 0x258C && $0.foreground == Theme.builtIn[.moving].foreground
                }
                #expect(bars.count == 1, "\(pane) at \(height)")
                _ = Screens.update(&state, pane == .lines ? .up : .down, picture)
            }
        }
    }
}
