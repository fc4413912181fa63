package import Atlas

/// What a key wants done outside the screens; the program does it.
package enum ScreenEffect: Hashable, Sendable {
    case quit
    /// As by ^Z: give the terminal back until `fg`.
    case suspend
    /// Draw everything anew, whatever the terminal shows now.
    case redraw
    /// Hold the picture; count what comes.
    case pause
    /// Live: back to the newest. Replay: go on from the moment that is looked at.
    case resume
    /// To the newest there is.
    case live
    /// Show the picture as it was at a moment (or, in a replay, as it will be).
    case seek(Instant)
    /// Of a replay; infinite for as fast as it goes.
    case setSpeed(Double)
    /// A note at the present moment.
    case mark(String)
    case setTheme(String)
    case setASCII(Bool)
    /// Write the screen to a file: `.svg` as a picture, anything else as text.
    case export(String)
    /// Find lines; the answer goes to `Screens.take`, and a later question makes this one void.
    case query(LogQuestion)
    /// To the clipboard of the terminal (OSC 52).
    case copy(String)
}
