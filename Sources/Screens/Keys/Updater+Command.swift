import Atlas
import Query

extension Updater {
    mutating func command(_ line: String) -> [ScreenEffect] {
        let (name, rest) = CommandCatalog.split(line)
        let argument = (rest ?? "").trimmed
        switch name {
        case "q", "quit": return [.quit]
        case "goto": return goto(argument)
        case "scope": return scope(argument)
        case "theme": return theme(argument)
        case "speed": return speed(argument)
        case "window": return window(argument)
        case "set": return set(argument)
        case "mark": return argument.isEmpty ? fail("mark what? :mark TEXT") : mark(argument)
        case "filter":
            return narrow(to: Filter(argument)).map { fail("\($0.words): \($0.remedy)") } ?? []
        case "export":
            return argument.isEmpty ? run(.export) : [.export(argument)]
        case "screen": return screen(argument)
        case "pause": return run(.pause)
        case "live": return run(.live)
        case "help": return run(.help)
        default: return unknown(name)
        }
    }

    /// Opens the prompt for a note; a recording takes none, and says so before one is typed.
    mutating func beginMark() -> [ScreenEffect] {
        if isRecording { return fail(Self.noMarks) }
        state.prompt = Prompt(.mark)
        return []
    }

    private static let noMarks = "a recording takes no marks: it stays as it was"

    private var isRecording: Bool {
        if case .replay = state.feed { true } else { false }
    }

    mutating func mark(_ text: String) -> [ScreenEffect] {
        if isRecording { return fail(Self.noMarks) }
        guard state.lookingAt == nil else {
            return fail("a mark is set at the present: L first, then m")
        }
        state.notice = Notice("marked: \(text)")
        return [.mark(text)]
    }

    private mutating func fail(_ text: String) -> [ScreenEffect] {
        state.notice = Notice(text, isError: true)
        return []
    }

    private mutating func unknown(_ name: String) -> [ScreenEffect] {
        if let screen = Screen.allCases.first(where: { $0.name == name }) {
            open(screen)
            return []
        }
        let names = CommandCatalog.entries.map(\.name) + Screen.allCases.map(\.name)
        let near = nearestName(to: name, among: names).map { "did you mean :\($0)?" }
        return fail("no command “\(name)”: \(near ?? "Tab after : lists them")")
    }

    private mutating func goto(_ text: String) -> [ScreenEffect] {
        let moment = MomentText.instant(
            text,
            newest: newest,
            oldest: picture.intake.since,
            zone: state.zone
        )
        guard let moment else {
            return fail("“\(text)” is no moment: 12:03, 12:03:25, -2h, start, end")
        }
        return seek(to: moment)
    }

    private mutating func scope(_ text: String) -> [ScreenEffect] {
        var scope = Scope()
        let places = picture.estate.areas.flatMap(\.places)
        for word in text.split(separator: " ").map(String.init) where word != "all" {
            if let place = places.first(where: { $0.description == word }) {
                scope.place = place
            } else if picture.estate.layers.contains(word) {
                scope.layer = word
            } else {
                let known = places.map(\.description) + picture.estate.layers
                let near = nearestName(to: word, among: known).map { "did you mean \($0)?" }
                return fail("no place or layer “\(word)”: \(near ?? "Tab lists them")")
            }
        }
        state.scope = scope
        state.column = nil
        state.selections[.health] = nil
        return []
    }

    private mutating func theme(_ name: String) -> [ScreenEffect] {
        guard state.themes.contains(name) else {
            let near = nearestName(to: name, among: state.themes).map { "did you mean \($0)?" }
            let known = state.themes.joined(separator: ", ")
            return fail("no theme “\(name)”: \(near ?? "there are " + known)")
        }
        state.themeName = name
        return [.setTheme(name)]
    }

    private mutating func speed(_ text: String) -> [ScreenEffect] {
        if text == "max" { return setSpeed(.infinity) }
        guard let speed = Double(text), speed >= 0.1, speed <= 1_000_000 else {
            return fail("“\(text)” is no speed: a number from 0.1 on, or max")
        }
        return setSpeed(speed)
    }

    private mutating func window(_ text: String) -> [ScreenEffect] {
        guard let minutes = Int(text), (5...60).contains(minutes) else {
            return fail("“\(text)” is no window: 5 to 60 (minutes)")
        }
        state.windowMinutes = minutes
        return []
    }

    private mutating func set(_ text: String) -> [ScreenEffect] {
        switch text {
        case "ascii on", "ascii": state.isASCII = true
        case "ascii off": state.isASCII = false
        default: return fail("what can be set: ascii on, ascii off")
        }
        return [.setASCII(state.isASCII)]
    }

    private mutating func screen(_ name: String) -> [ScreenEffect] {
        guard let screen = Screen.allCases.first(where: { $0.name == name }) else {
            let known = Screen.allCases.map(\.name).joined(separator: ", ")
            return fail("no screen “\(name)”: there are \(known)")
        }
        open(screen)
        return []
    }
}
