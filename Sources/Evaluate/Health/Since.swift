package import Atlas

/// A state and since when it is like that.
package struct Since<State: Equatable & Sendable>: Sendable {
    package private(set) var state: State
    package private(set) var since: Instant

    package init(_ state: State, since: Instant) {
        self.state = state
        self.since = since
    }

    /// Changes the state, and the time only if it differs.
    ///
    /// - Parameters:
    ///   - state: the state as of now.
    ///   - now: when it was found.
    /// - Returns: true when it changed.
    @discardableResult
    package mutating func become(_ state: State, at now: Instant) -> Bool {
        guard state != self.state else { return false }
        self.state = state
        since = now
        return true
    }
}
