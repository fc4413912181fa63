package import Atlas

/// Kept lines that a screen wants; the program finds them and answers.
package struct LogQuestion: Hashable, Sendable {
    /// Lines that are shown at all.
    package struct Choice: Hashable, Sendable {
        /// Names of resources whose sources are meant; nil for all sources.
        package var resources: Set<String>?
        /// Names of sources; nil for all.
        package var sources: Set<String>?
        package var filter: Filter
        package var minimumLevel: Level
        /// Only what had arrived by then; nil for all there is.
        package var arrivedBy: Instant?

        package init(
            resources: Set<String>? = nil,
            sources: Set<String>? = nil,
            filter: Filter = Filter(),
            minimumLevel: Level = .trace,
            arrivedBy: Instant? = nil
        ) {
            self.resources = resources
            self.sources = sources
            self.filter = filter
            self.minimumLevel = minimumLevel
            self.arrivedBy = arrivedBy
        }
    }

    package enum Aim: Hashable, Sendable {
        case newest
        /// A line by its number, and those before and after it.
        case around(UInt64)
        /// The first hit after a line (or the last one before it), and the lines about that.
        case hit(Hit, isForward: Bool, from: UInt64)
    }

    package enum Hit: Hashable, Sendable {
        /// A line of the level error, or graver.
        case error
        /// A line that holds a text, without regard to case.
        case text(String)
    }

    package var choice: Choice
    package var aim: Aim
    /// At most so many lines.
    package var limit: Int

    package init(choice: Choice = Choice(), aim: Aim = .newest, limit: Int = 400) {
        self.choice = choice
        self.aim = aim
        self.limit = limit
    }
}

/// The lines that were found.
package struct LogAnswer: Hashable, Sendable {
    package var question: LogQuestion
    /// In the order of their numbers, newest last.
    package var rows: [LogRow]
    package var hasOlder: Bool
    package var hasNewer: Bool
    /// The line that was looked for; nil when there is none, or none was looked for.
    package var found: UInt64?
    /// Older lines came, and are held no more.
    package var isCut: Bool
    /// Why nothing could be read; nil when all went well.
    package var problem: String?
    /// How much of the history was looked at, of 1, while the search goes on; nil once it is over.
    package var looked: Double?

    package init(
        _ question: LogQuestion,
        rows: [LogRow] = [],
        hasOlder: Bool = false,
        hasNewer: Bool = false,
        found: UInt64? = nil,
        isCut: Bool = false,
        problem: String? = nil
    ) {
        self.question = question
        self.rows = rows
        self.hasOlder = hasOlder
        self.hasNewer = hasNewer
        self.found = found
        self.isCut = isCut
        self.problem = problem
    }
}

/// A kept line as a screen shows it.
package struct LogRow: Hashable, Sendable {
    /// Its number over all sources, from 1.
    package var number: UInt64
    /// Its own time, or its arrival when it states none.
    package var time: Instant
    package var arrival: Instant
    package var level: Level
    package var source: String
    package var resource: String?
    /// The message, as it came: not made harmless, cut at some thousand characters.
    package var text: String

    package init(
        number: UInt64,
        time: Instant,
        arrival: Instant,
        level: Level,
        source: String,
        resource: String?,
        text: String
    ) {
        self.number = number
        self.time = time
        self.arrival = arrival
        self.level = level
        self.source = source
        self.resource = resource
        self.text = text
    }

    func isHit(_ hit: LogQuestion.Hit) -> Bool {
        switch hit {
        case .error: level >= .error
        case .text(let text): !LineForm.hits(of: text, in: self.text, limit: .max).isEmpty
        }
    }
}
