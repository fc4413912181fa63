internal import Glibc

/// Waits for keys, signals, data and deadlines on the main thread, and draws.
///
/// It sleeps in poll(2) until something comes: without data or a deadline it never wakes. While it
/// runs, nothing else on the main actor does.
@MainActor
package final class UILoop {
    /// What an event leads to.
    package enum Reaction: Hashable, Sendable {
        case nothing
        /// Draw: at once, or after `.wake` with the pace of data.
        case draw
        /// Draw every cell anew.
        case repaint
        /// Stop the process as ^Z does, and draw when it goes on.
        case suspend
        case leave
    }

    /// Why the loop ended.
    package enum Ending: Hashable, Sendable {
        /// The delegate left; the session goes on.
        case left
        /// The session has ended already.
        case signal(EndingSignal)
    }

    /// How long a sequence may take that has begun with more than ESC.
    private static let sequenceDelay: UInt64 = 500_000_000

    private let session: TerminalSession
    private let signals: ProcessSignals
    private let wake: WakeSignal
    private var decoder = KeyDecoder()
    private var decoderDeadline: UInt64?
    private var pacer: FramePacer
    private var passedDeadline: UInt64?
    private var ending: Ending?

    /// A loop that draws on a session, woken by those who have data.
    package init(
        session: TerminalSession,
        wake: WakeSignal,
        pacer: FramePacer = FramePacer()
    ) throws(TerminalError) {
        self.session = session
        self.wake = wake
        self.pacer = pacer
        signals = try ProcessSignals()
    }

    /// Draws, then runs until the delegate leaves or a signal ends it.
    package func run(_ delegate: any UILoopDelegate) -> Ending {
        ending = nil
        draw(delegate)
        while true {
            let ready = waitForSomething(delegate)
            var reactions: Set<Reaction> = []
            if ready.signals { takeSignals(delegate, &reactions) }
            if ending == nil, ready.keys { takeKeys(delegate, &reactions) }
            if ending == nil, ready.wake { takeWake(delegate, &reactions) }
            if ending == nil { takeDeadlines(delegate, &reactions) }
            if let ending { return ending }
            act(on: reactions, delegate)
            if let ending { return ending }
        }
    }

    // MARK: Waiting

    private struct Ready {
        var keys: Bool
        var signals: Bool
        var wake: Bool
    }

    private func waitForSomething(_ delegate: any UILoopDelegate) -> Ready {
        // While a frame waits for its slot, more data is no reason to wake: -1 is not polled.
        let wakeDescriptor = pacer.isWanted ? -1 : wake.descriptor
        var requests = [session.keysDescriptor, signals.descriptor, wakeDescriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let count = poll(&requests, nfds_t(requests.count), timeout(delegate))
        guard count > 0 else { return Ready(keys: false, signals: false, wake: false) }
        return Ready(
            keys: requests[0].revents != 0,
            signals: requests[1].revents != 0,
            wake: requests[2].revents != 0
        )
    }

    /// Milliseconds to the first deadline, rounded up; -1 when there is none.
    private func timeout(_ delegate: any UILoopDelegate) -> Int32 {
        let deadlines = [pacer.deadline, decoderDeadline, wantedDeadline(delegate)]
        guard let first = deadlines.compactMap(\.self).min() else { return -1 }
        let now = MonotonicClock.now
        guard first > now else { return 0 }
        return Int32(clamping: (first - now + 999_999) / 1_000_000)
    }

    /// A deadline that has been told of is none, so that one never moved cannot spin the loop.
    private func wantedDeadline(_ delegate: any UILoopDelegate) -> UInt64? {
        delegate.deadline.flatMap { $0 == passedDeadline ? nil : $0 }
    }

    // MARK: Events

    private func takeSignals(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        while ending == nil, let signal = signals.next() {
            switch signal {
            case .ending(let reason):
                end(reason, delegate)
            case .resized:
                if session.readSize() { tellSize(delegate, &reactions) }
            case .stop:
                reactions.insert(.suspend)
            case .continued:
                session.noteContinued()
                reactions.insert(.draw)
            }
        }
    }

    private func takeKeys(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        guard let bytes = session.readKeys() else {
            end(.hangup, delegate)
            return
        }
        tell(decoder.feed(bytes), delegate, &reactions)
        switch decoder.wait {
        case .none: decoderDeadline = nil
        case .escape: decoderDeadline = MonotonicClock.now + session.escapeDelay
        case .sequence: decoderDeadline = MonotonicClock.now + Self.sequenceDelay
        }
    }

    private func takeWake(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        wake.drain()
        let reaction = delegate.handle(.wake)
        if reaction == .draw { pacer.want() } else { reactions.insert(reaction) }
    }

    private func takeDeadlines(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        let now = MonotonicClock.now
        if let deadline = decoderDeadline, deadline <= now {
            decoderDeadline = nil
            tell(decoder.timeOut(), delegate, &reactions)
        }
        if let deadline = wantedDeadline(delegate), deadline <= now {
            passedDeadline = deadline
            reactions.insert(delegate.handle(.timeout))
        }
        if pacer.isDue(at: now) { reactions.insert(.draw) }
    }

    private func tell(
        _ events: [TerminalEvent],
        _ delegate: any UILoopDelegate,
        _ reactions: inout Set<Reaction>
    ) {
        for event in events where !reactions.contains(.leave) {
            reactions.insert(delegate.handle(event))
        }
    }

    private func tellSize(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        reactions.insert(.draw)
        let event = TerminalEvent.resize(width: session.width, height: session.height)
        reactions.insert(delegate.handle(event))
    }

    // MARK: Acting

    private func act(on reactions: Set<Reaction>, _ delegate: any UILoopDelegate) {
        var reactions = reactions
        if reactions.contains(.leave) {
            ending = .left
            return
        }
        if reactions.contains(.suspend) {
            suspend(delegate, &reactions)
            if ending != nil { return }
        }
        if reactions.contains(.repaint) { session.redraw() }
        if reactions.contains(.draw) || reactions.contains(.repaint) { draw(delegate) }
    }

    private func suspend(_ delegate: any UILoopDelegate, _ reactions: inout Set<Reaction>) {
        let size = (session.width, session.height)
        session.stop()
        // `kill` of a stopped job continues it in the background, where taking the terminal would
        // stop it again before it could end: give the signal time to come through.
        if !session.isInForeground, let reason = signals.nextEnding(within: 200) {
            end(reason, delegate)
            return
        }
        session.takeBack()
        reactions.insert(.draw)
        if size != (session.width, session.height) { tellSize(delegate, &reactions) }
    }

    private func draw(_ delegate: any UILoopDelegate) {
        session.present(delegate.draw(width: session.width, height: session.height))
        pacer.drew(at: MonotonicClock.now)
    }

    private func end(_ reason: EndingSignal, _ delegate: any UILoopDelegate) {
        _ = delegate.handle(.signal(reason))
        session.end()
        ending = .signal(reason)
    }
}
