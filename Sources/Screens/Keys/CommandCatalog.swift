import Atlas

/// What can be typed after `:`.
struct CommandEntry {
    let name: String
    /// What follows the name, as usage shows it; empty for nothing.
    let argument: String
    let help: String
    /// What the argument can be, for completion.
    let choices: @Sendable (Picture, ViewState) -> [String]

    init(
        _ name: String,
        _ argument: String = "",
        _ help: String,
        choices: @escaping @Sendable (Picture, ViewState) -> [String] = { _, _ in [] }
    ) {
        self.name = name
        self.argument = argument
        self.help = help
        self.choices = choices
    }
}

enum CommandCatalog {
    static let entries: [CommandEntry] = [
        CommandEntry("goto", "12:03 | -2h | start | end", "look at a moment") { _, _ in
            ["start", "end"]
        },
        CommandEntry("scope", "all | PLACE [LAYER]", "narrow to a place, a layer") { picture, _ in
            ["all"] + picture.estate.areas.flatMap(\.places).map(\.description)
                + picture.estate.layers
        },
        CommandEntry("theme", "NAME", "change the colours") { _, state in state.themes },
        CommandEntry("speed", "1 | 8 | max", "of a replay") { _, _ in
            ["1", "2", "4", "8", "16", "max"]
        },
        CommandEntry("window", "5 to 60", "minutes on ribbon and rates") { _, _ in
            Updater.windows.map(String.init)
        },
        CommandEntry("set", "ascii on | off", "draw with ASCII only") { _, _ in
            ["ascii on", "ascii off"]
        },
        CommandEntry("mark", "TEXT", "note this moment"),
        CommandEntry("filter", "TEXT", "rows that hold a text"),
        CommandEntry("export", "FILE.svg | FILE.txt", "write this screen"),
        CommandEntry("screen", "NAME", "open a screen") { _, _ in Screen.allCases.map(\.name) },
        CommandEntry("pause", "", "hold everything, and go on"),
        CommandEntry("live", "", "back to the newest"),
        CommandEntry("help", "", "all keys"),
        CommandEntry("quit", "", "quit"),
    ]

    /// `:q` and the screens' own names are understood as well.
    static func entry(named name: String) -> CommandEntry? {
        entries.first { $0.name == name }
    }

    /// What Tab offers for the line so far, the rest of the line included.
    static func completions(of prompt: Prompt, _ picture: Picture, _ state: ViewState) -> [String] {
        guard prompt.kind == .command else { return [] }
        let (name, argument) = split(prompt.text)
        guard let argument else {
            return entries.map(\.name).filter { $0.hasPrefix(name) && $0 != name }
        }
        guard let entry = entry(named: name) else { return [] }
        let last =
            name == "scope" ? argument.split(separator: " ").last.map(String.init) ?? "" : argument
        let wanted = argument.hasSuffix(" ") ? "" : last
        return entry.choices(picture, state).filter { $0.hasPrefix(wanted) && $0 != wanted }
    }

    /// The line with a completion put in its end.
    static func complete(_ text: String, with choice: String) -> String {
        let (name, argument) = split(text)
        guard let argument else {
            return choice + (entry(named: choice)?.argument.isEmpty ?? true ? "" : " ")
        }
        guard name == "scope", let space = argument.lastIndex(of: " ") else {
            return name + " " + choice
        }
        return name + " " + argument[...space] + choice
    }

    /// A line about the command that is being typed.
    static func usage(of text: String) -> String {
        let name = split(text).name
        guard let entry = entry(named: name) else {
            return text.isEmpty ? "Tab completes, Esc leaves" : ""
        }
        return [entry.argument, entry.help].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    static func split(_ text: String) -> (name: String, argument: String?) {
        let trimmed = text.drop { $0 == " " }
        guard let space = trimmed.firstIndex(of: " ") else { return (String(trimmed), nil) }
        return (String(trimmed[..<space]), String(trimmed[trimmed.index(after: space)...]))
    }
}
