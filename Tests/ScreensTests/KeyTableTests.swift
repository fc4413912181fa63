import Canvas
import Testing

@testable import Screens

@Suite("One table of keys")
struct KeyTableTests {
    @Test("every command has a key, and every key one meaning")
    func complete() {
        let strokes = KeyTable.bindings.flatMap(\.strokes)
        for command in KeyCommand.all {
            #expect(strokes.contains { $0.command == command }, "\(command) has no key")
        }
        #expect(Set(strokes.map(\.key)).count == strokes.count)
        for stroke in strokes { #expect(KeyTable.command(for: stroke.key) == stroke.command) }
        let commands = strokes.map(\.command)
        #expect(commands.allSatisfy(KeyCommand.all.contains))
    }

    @Test("help names every key and every command")
    func help() {
        let canvas = Sample(.overview, "", SamplePicture.calm()) { $0.isHelpOpen = true }
            .canvas(120, 40)
        let text = CanvasText.text(canvas)
        for binding in KeyTable.bindings {
            for name in binding.keyNames {
                #expect(text.contains(name + " "), "\(name) is missing in help")
            }
            #expect(text.contains(binding.help), "cut: \(binding.help)")
        }
        for entry in CommandCatalog.entries {
            #expect(text.contains(":" + entry.name))
            #expect(text.contains(entry.help), "cut: \(entry.help)")
        }
    }

    @Test("help can be scrolled to its end in the smallest window")
    func scroll() {
        var state = ViewState()
        let picture = SamplePicture.calm()
        _ = Screens.update(&state, .f1, picture)
        var seen = ""
        for _ in 0..<80 {
            seen += CanvasText.text(
                Screens.canvas(picture, state, theme: .mono, width: 40, height: 10)
            )
            _ = Screens.update(&state, .character("j"), picture)
        }
        for binding in KeyTable.bindings { #expect(seen.contains(binding.keyNames[0] + " ")) }
        #expect(seen.contains(":quit"))
    }

    @Test(
        "a wide hint row has every binding, a narrow one the most needed",
        arguments: Screen.allCases
    )
    func hints(screen: Screen) {
        #expect(HintRow.bindings(width: 500, screen: screen) == KeyTable.bindings)
        for width in 40...200 {
            let labels = HintRow.bindings(width: width, screen: screen).map(\.label)
            #expect(labels.contains("?"))
            let row = CanvasText.row(
                9,
                of: Sample(screen, "", SamplePicture.calm()).canvas(width, 10)
            )
            #expect(labels.allSatisfy(row.contains))
        }
        let labels = HintRow.bindings(width: 80, screen: screen).map(\.label)
        #expect(labels.contains("Space") && labels.contains("Enter") && labels.contains("q"))
    }

    @Test("labels in the hint row are keys of their binding")
    func labels() {
        for binding in KeyTable.bindings {
            for label in binding.label.split(separator: " ") {
                #expect(binding.keyNames.contains(String(label)), "\(label)")
            }
        }
    }
}
