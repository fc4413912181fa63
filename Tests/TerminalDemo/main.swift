import Atlas
import Glibc
import Terminal

/// Thrown out of `main`, as no command should.
struct Uncaught: Error {}

ProcessSignals.block()

var options = TerminalSession.Options()
for argument in CommandLine.arguments.dropFirst() {
    switch argument {
    case "--ascii": options.forceASCII = true
    case "--no-color": options.noColor = true
    case "--focus": options.reportsFocus = true
    case "--piped": options.keysFromControllingTerminal = true
    default: break
    }
}

do {
    let session = try TerminalSession(options: options)
    let wake = try WakeSignal()
    let screen = DemoScreen(session: session, wake: wake)
    let ending = try UILoop(session: session, wake: wake).run(screen)
    if screen.endsUncaught { throw Uncaught() }
    session.end()
    print("ended: \(ending)")
} catch let error as TerminalError {
    print("error: \(error.what)\n\(error.remedy)")
    exit(error.exit.rawValue)
}
