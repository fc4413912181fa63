package import Atlas
package import Decode

/// What a test knows of a source.
package struct SourceFacts: Sendable {
    package var name: String
    package var resource: String?
    package var format: any LogFormat

    package init(name: String, resource: String?, format: any LogFormat) {
        self.name = name
        self.resource = resource
        self.format = format
    }
}

/// A line and what was read out of it when it came.
package struct TestedLine {
    /// As it came, without its line end.
    package var bytes: UnsafeRawBufferPointer
    package var level: Level
    package var time: Instant
    package var messageStart: Int

    package init(
        bytes: UnsafeRawBufferPointer,
        level: Level,
        time: Instant,
        messageStart: Int
    ) {
        self.bytes = bytes
        self.level = level
        self.time = time
        self.messageStart = messageStart
    }
}

/// A `LineTest` for the lines of one source.
package struct SourceTest: Sendable {
    let node: TestNode
    let format: any LogFormat

    /// True when every line of the source matches.
    package var isCertain: Bool {
        if case .always = node { true } else { false }
    }

    /// True when level and time alone decide.
    package var isAboutHeads: Bool { !node.readsBytes }

    /// `scratch` is the thread's own.
    package func matches(_ line: TestedLine, _ scratch: LineScratch) -> Bool {
        scratch.begin()
        return matches(node, line, scratch)
    }

    private func matches(_ node: TestNode, _ line: TestedLine, _ scratch: LineScratch) -> Bool {
        switch node {
        case .always: true
        case .never: false
        case .level(let mask): mask.contains(LevelMask(line.level))
        case .time(let comparison, let instant): comparison.holds(line.time, instant)
        case .text(let finder): finder.isIn(line.bytes, 0..<line.bytes.count)
        case .pattern(let regex): scratch.decide { regex.matches(line.bytes) }
        case .field(let name, let test):
            scratch.decide {
                scratch.value(of: name, in: line, format) { test.holds($0) } ?? false
            }
        // Both are settled by `known`.
        case .source, .resource: false
        case .not(let node): !matches(node, line, scratch)
        case .and(let nodes): nodes.allSatisfy { matches($0, line, scratch) }
        case .or(let nodes): nodes.contains { matches($0, line, scratch) }
        }
    }
}
