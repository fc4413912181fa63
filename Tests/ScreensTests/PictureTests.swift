import Canvas
import Foundation
import Testing

@testable import Screens

@Suite("Pictures for a person to look at")
struct PictureTests {
    @Test("every golden is drawn as SVG when AZIMUTH_PICTURES names a folder")
    func pictures() throws {
        for sample in Sample.all {
            for (width, height) in [(120, 40), (80, 24), (60, 20), (40, 10), (200, 60)] {
                let canvas = sample.canvas(width, height)
                let picture = CanvasSVG.picture(of: canvas)
                #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
                guard let folder = Goldens.pictures else { continue }
                let file = folder.appending(path: "\(sample.name(width, height)).svg")
                try Data(picture.utf8).write(to: file)
            }
        }
    }
}
