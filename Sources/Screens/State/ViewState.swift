package import Atlas

/// All that a screen depends on beside the picture: where one looks, and when.
package struct ViewState: Hashable, Sendable {
    // Where.
    package var screen = Screen.overview
    package var scope = Scope()
    package var filter = Filter()
    /// The focused pane of each screen; the first one where none is named.
    package var panes: [Screen: Pane] = [:]
    package var selections: [Pane: Selection] = [:]
    /// The layer whose column is marked in the health table; nil for the whole row.
    package var column: String?
    /// The selected evidence is shown in full.
    package var isEvidenceOpen = false
    package var logs = LogView()
    /// Of the pair under the cursor, as it was read last.
    package var lag: LagAnswer?
    package var lagAsked: LagQuestion?

    // When.
    package var feed: Feed
    package var isPaused = false
    /// Inputs that came while paused; the program writes it, at most once a second.
    package var waiting = 0
    /// A recording is over; the program writes it.
    package var hasEnded = false
    /// The moment looked at; nil for the newest.
    package var lookingAt: Instant?
    /// What the time ribbon shows while an older moment is looked at.
    package var ribbon: Ribbon?
    /// Minutes that the ribbon and the event rates show.
    package var windowMinutes = 60
    package var zone: LocalTime

    // What lies over it.
    package var prompt: Prompt?
    package var history: [Prompt.Kind: [String]] = [:]
    package var isHelpOpen = false
    package var helpScroll = 0
    /// Shown in the last row until the next key.
    package var notice: Notice?
    /// Something that holds on, such as a history that cannot be read; the program writes it.
    package var banner: String?

    // What it is for.
    package var purpose = Purpose.estate

    // How it looks; the program draws accordingly.
    package var themeName = "meridian"
    /// What `:theme` may choose from.
    package var themes: [String] = ["meridian", "daylight", "mono"]
    package var isASCII = false

    package init(feed: Feed = .live, zone: LocalTime = LocalTime()) {
        self.feed = feed
        self.zone = zone
    }

    /// Shows the least window that holds so much time, an hour at most.
    package mutating func show(_ length: Span) {
        let minutes = Int((length.nanoseconds + 59_999_999_999) / 60_000_000_000)
        windowMinutes = Updater.windows.first { $0 >= minutes } ?? 60
    }

    /// The screens that there are; the first one is where q leaves.
    package var screens: [Screen] { purpose.screens }

    package var pane: Pane { panes[screen] ?? screen.panes[0] }

    package var mode: Mode {
        if isPaused { return .paused(waiting: waiting) }
        if hasEnded { return .ended }
        return switch feed {
        case .live: .live
        case .replay(let speed): .replay(speed: speed)
        }
    }
}

/// What somebody opened the dashboard for.
package enum Purpose: Hashable, Sendable {
    /// What a configuration describes.
    case estate
    /// The machine itself, without a configuration; the screen says how to go on.
    case host
    /// Lines of files, and nothing else; a word on each source.
    case lines([String])

    var screens: [Screen] {
        if case .lines = self { return [.logs] }
        return Screen.allCases
    }
}

/// Where the picture comes from.
package enum Feed: Hashable, Sendable {
    case live
    /// A recording, so many times faster than it happened; infinite for as fast as it goes.
    case replay(speed: Double)
}

package enum Mode: Hashable, Sendable {
    case live
    case paused(waiting: Int)
    case replay(speed: Double)
    case ended
}

/// A row of a list: by what it is, so that the cursor stays on it when others come and go.
package struct Selection: Hashable, Sendable {
    package var id: String
    /// Where it stood, for when it is gone.
    package var index: Int

    package init(id: String, index: Int) {
        self.id = id
        self.index = index
    }
}

/// What the time ribbon held when the newest moment was left.
package struct Ribbon: Hashable, Sendable {
    package var newest: Instant
    package var marks: [Mark]

    package init(newest: Instant, marks: [Mark]) {
        self.newest = newest
        self.marks = marks
    }
}

/// A sentence for the person at the keys.
package struct Notice: Hashable, Sendable {
    package var text: String
    package var isError: Bool

    package init(_ text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }
}
