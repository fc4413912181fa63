/// What happens to a terminal program.
package enum TerminalEvent: Hashable, Sendable {
    case key(Key)
    /// Text that was pasted, line ends as line feeds, without other control characters.
    case paste(String)
    /// The new size, in columns and rows.
    case resize(width: Int, height: Int)
    /// The window is in front, or no longer; only when asked for.
    case focus(Bool)
    /// Somebody called `WakeSignal.signal()`, once or more.
    case wake
    /// The loop ends after it.
    case signal(EndingSignal)
    /// The deadline that was asked for has come.
    case timeout
}

/// Why the system wants the program to end.
package enum EndingSignal: Hashable, Sendable {
    /// SIGTERM.
    case terminate
    /// SIGINT that somebody sent: control-C is a key.
    case interrupt
    /// SIGQUIT.
    case quit
    /// SIGHUP, or the terminal has gone.
    case hangup
}
