import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("Screens as kept text")
struct GoldenTests {
    @Test("every case looks as kept", arguments: Sample.all.filter { $0.title != "daylight" })
    func golden(sample: Sample) throws {
        let sizes =
            switch sample.title {
            case "trouble", "after", "calm", "mono", "troubled", "host", "dropping", "behind":
                [(120, 40), (80, 24), (40, 10)]
            case "wrapped", "highlighting", "mistyped", "none",
                "fresh" where sample.screen == .logs:
                [(80, 24), (40, 10)]
            case "help": [(120, 40), (40, 10)]
            default: [(80, 24)]
            }
        for (width, height) in sizes {
            let text = CanvasText.text(sample.canvas(width, height))
            try Goldens.check(text, sample.name(width, height))
        }
    }

    @Test("with ASCII only, every screen is pure ASCII and no column moves", arguments: Sample.all)
    func ascii(sample: Sample) throws {
        for (width, height) in [(120, 40), (80, 24), (40, 10)] {
            var canvas = sample.canvas(width, height)
            AsciiFold.fold(&canvas)
            #expect(canvas.cells.allSatisfy { (0x20..<0x7F).contains($0.glyph) })
        }
        guard sample.title == "trouble" else { return }
        var canvas = sample.canvas(80, 24)
        AsciiFold.fold(&canvas)
        try Goldens.check(CanvasText.text(canvas), sample.name(80, 24) + "-ascii")
    }

    @Test("colours stand where they should")
    func styles() throws {
        let sample = Sample(.overview, "styles", SamplePicture.trouble())
        let map = CanvasText.styles(sample.canvas(80, 24), theme: sample.theme)
        try Goldens.check(map, sample.name(80, 24))
    }

    @Test("mono needs no colour: every cell has the terminal's own")
    func mono() {
        for picture in [SamplePicture.trouble(), SamplePicture.after(), SamplePicture.calm()] {
            for screen in Screen.allCases {
                let sample = Sample(screen, "mono", picture, theme: .mono)
                #expect(
                    sample.canvas(120, 40).cells.allSatisfy {
                        $0.foreground.isTerminal && $0.background.isTerminal
                    }
                )
            }
        }
    }

    @Test("mono says every state by its sign")
    func signs() {
        let text = CanvasText.text(
            Sample(.overview, "mono", SamplePicture.trouble(), theme: .mono).canvas(120, 40)
        )
        for health in [Health.ok, .warn, .down, .moving, .maintenance, .noData] {
            let legendAndMore = text.unicodeScalars.filter { $0 == health.glyph }.count
            #expect(legendAndMore >= 2, "\(health)")
        }
    }
}
