/// What a key means, the same on every screen.
package enum KeyCommand: Hashable, Sendable {
    case screen(Screen)
    case up
    case down
    case top
    case bottom
    case pageUp
    case pageDown
    case left
    case right
    case enter
    case back
    case nextPane
    case previousPane
    case filter
    case nextHit
    case previousHit
    case graver
    case lessGrave
    case wrap
    case nextMark
    case previousMark
    case pause
    case stepBack
    case stepOn
    case leapBack
    case leapOn
    case live
    case wider
    case narrower
    case slower
    case faster
    case command
    case mark
    case copy
    case export
    case help
    case leave
    case quit
    case redraw
    case suspend

    /// All of them; a test holds the key table to it.
    package static let all: [KeyCommand] =
        Screen.allCases.map(KeyCommand.screen) + [
            .up, .down, .top, .bottom, .pageUp, .pageDown, .left, .right, .enter, .back, .nextPane,
            .previousPane, .filter, .nextHit, .previousHit, .graver, .lessGrave, .wrap, .nextMark,
            .previousMark, .pause, .stepBack, .stepOn,
            .leapBack, .leapOn, .live, .wider, .narrower, .slower, .faster, .command, .mark, .copy,
            .export, .help, .leave, .quit, .redraw, .suspend,
        ]
}
