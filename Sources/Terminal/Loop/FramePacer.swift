/// When a frame that data asks for may be drawn: at most so many a second; pure.
package struct FramePacer: Sendable {
    private let interval: UInt64
    private var earliest: UInt64 = 0
    private(set) package var isWanted = false

    /// - Parameter interval: nanoseconds between two frames.
    package init(interval: UInt64 = 100_000_000) {
        self.interval = interval
    }

    package mutating func want() {
        isWanted = true
    }

    /// When the wanted frame is due; nil when none is wanted.
    package var deadline: UInt64? {
        isWanted ? earliest : nil
    }

    package func isDue(at now: UInt64) -> Bool {
        isWanted && now >= earliest
    }

    /// A frame was drawn, for whatever reason: it shows what is wanted too.
    package mutating func drew(at now: UInt64) {
        isWanted = false
        earliest = now + interval
    }
}
