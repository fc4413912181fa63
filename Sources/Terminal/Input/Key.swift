/// A key as the program sees it; shift, and control or alt with a named key, are not told apart.
package enum Key: Hashable, Sendable {
    /// What a key types, never a control character.
    case character(Unicode.Scalar)
    case alt(Unicode.Scalar)
    /// Control with a lower-case letter, `@`, `\`, `]`, `^` or `_`. Control with h, i, j and m are
    /// backspace, tab, enter and enter.
    case control(Unicode.Scalar)
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// 1 to 20.
    case function(Int)
}
