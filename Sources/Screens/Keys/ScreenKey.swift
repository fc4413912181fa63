/// A key as screens know it; the program makes it from what the terminal says.
package enum ScreenKey: Hashable, Sendable {
    /// A printable character, the space included.
    case character(Unicode.Scalar)
    /// Ctrl with a small letter.
    case control(Unicode.Scalar)
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case enter
    case escape
    case backspace
    case tab
    case backTab
    case f1
    /// Text put in at once; only a prompt takes it.
    case paste(String)

    /// What help calls it.
    package var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let scalar): String(Character(scalar))
        case .control(let scalar): "Ctrl-\(Character(scalar).uppercased())"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .enter: "Enter"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .f1: "F1"
        case .paste: "paste"
        }
    }
}
