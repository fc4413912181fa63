import Screens
import Terminal

extension ScreenKey {
    /// Nil for keys that no screen uses.
    init?(_ key: Key) {
        switch key {
        case .character(let scalar): self = .character(scalar)
        case .control(let scalar): self = .control(scalar)
        case .enter: self = .enter
        case .escape: self = .escape
        case .tab: self = .tab
        case .backTab: self = .backTab
        case .backspace: self = .backspace
        case .up: self = .up
        case .down: self = .down
        case .left: self = .left
        case .right: self = .right
        case .home: self = .home
        case .end: self = .end
        case .pageUp: self = .pageUp
        case .pageDown: self = .pageDown
        case .function(1): self = .f1
        case .alt, .delete, .insert, .function: return nil
        }
    }
}
