import Atlas

extension Updater {
    /// The newest moment that is known.
    var newest: Instant { state.ribbon?.newest ?? picture.at }

    mutating func pause() -> [ScreenEffect] {
        if state.hasEnded, !state.isPaused {
            state.notice = Notice("the recording is over: [ steps back in it, q quits")
            return []
        }
        state.isPaused.toggle()
        if state.isPaused {
            remember()
            return [.pause]
        }
        return resume(.resume)
    }

    mutating func live() -> [ScreenEffect] {
        guard state.isPaused || state.lookingAt != nil else { return [] }
        state.isPaused = false
        return resume(.live)
    }

    private mutating func resume(_ effect: ScreenEffect) -> [ScreenEffect] {
        state.waiting = 0
        state.lookingAt = nil
        state.ribbon = nil
        return [effect]
    }

    /// Keeps what the ribbon shows, before an older picture takes its place.
    private mutating func remember() {
        guard state.ribbon == nil else { return }
        state.ribbon = Ribbon(newest: picture.at, marks: picture.marks)
    }

    mutating func seek(by span: Span) -> [ScreenEffect] {
        let from = state.lookingAt ?? picture.at
        guard from != .distantPast else { return [] }
        let aim =
            span < .zero && from.floor(to: Self.step) != from
            ? from.floor(to: Self.step) + (span + Self.step) : from.floor(to: Self.step) + span
        return seek(to: aim)
    }

    /// Stops, and looks at a moment between the oldest and the newest that are known.
    mutating func seek(to aim: Instant) -> [ScreenEffect] {
        guard picture.at != .distantPast else { return [] }
        remember()
        var effects: [ScreenEffect] = []
        if !state.isPaused {
            state.isPaused = true
            effects.append(.pause)
        }
        let moment = max(picture.intake.since ?? aim, min(newest, aim))
        state.lookingAt = moment
        return effects + [.seek(moment)]
    }

    mutating func seekMark(forward: Bool) -> [ScreenEffect] {
        let from = state.lookingAt ?? picture.at
        let marks = (state.ribbon?.marks ?? picture.marks).sorted { $0.at < $1.at }
        let mark = forward ? marks.first { $0.at > from } : marks.last { $0.at < from }
        guard let mark else {
            state.notice = Notice(forward ? "no later mark" : "no earlier mark")
            return []
        }
        let effects = seek(to: mark.at)
        state.notice = Notice(state.zone.when(mark.at, now: newest) + "  " + mark.text)
        return effects
    }

    mutating func widen(by count: Int) {
        let index = Self.windows.firstIndex { $0 >= state.windowMinutes } ?? 0
        state.windowMinutes = Self.windows[max(0, min(Self.windows.count - 1, index + count))]
    }

    mutating func speed(by count: Int) -> [ScreenEffect] {
        guard case .replay(let speed) = state.feed else { return noSpeed() }
        let index = Self.speeds.lastIndex { $0 <= speed } ?? 0
        let new = Self.speeds[max(0, min(Self.speeds.count - 1, index + count))]
        return setSpeed(new)
    }

    mutating func setSpeed(_ speed: Double) -> [ScreenEffect] {
        guard case .replay(let old) = state.feed else { return noSpeed() }
        guard speed != old else { return [] }
        state.feed = .replay(speed: speed)
        return [.setSpeed(speed)]
    }

    private mutating func noSpeed() -> [ScreenEffect] {
        state.notice = Notice("only a replay has a speed", isError: true)
        return []
    }
}
