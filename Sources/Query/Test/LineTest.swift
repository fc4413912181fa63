package import Atlas

/// A condition made ready to be tested on lines: once, for all threads.
///
/// What it tells of itself lets whole chunks be passed over: `levels`, `since` and `until` by their
/// heads, `mayMatch` by the bytes of all their lines; `test(of:)` by their sources.
package struct LineTest: Sendable {
    /// Only lines of these can match.
    package let levels: LevelMask
    /// Only lines of this time or a later one can match; nil for any.
    package let since: Instant?
    /// Only earlier lines can match; nil for any.
    package let until: Instant?
    /// One of each group stands in every line that matches.
    package let literals: [[LiteralFinder]]
    /// Stands in every line that matches; nil where nothing says so.
    package let pattern: SeamlessPattern?
    private let node: TestNode
    /// Field names that it asks for, each once.
    package let fields: [String]

    package init(_ condition: LogCondition) {
        node = TestNode(condition)
        let bounds = node.bounds
        levels = bounds.levels
        since = bounds.since == .min ? nil : Instant(nanoseconds: bounds.since)
        until = bounds.until == .max ? nil : Instant(nanoseconds: bounds.until)
        literals = node.literals
        pattern = node.seamlessPattern.map { SeamlessPattern(regex: $0) }
        fields = Array(Set(node.fields)).sorted()
    }

    /// False when no line among these bytes matches: a literal that has to be there is not.
    package func mayMatch(_ bytes: UnsafeRawBufferPointer) -> Bool {
        literals.allSatisfy { group in group.contains { $0.isIn(bytes, 0..<bytes.count) } }
    }

    /// The test of the lines of one source; nil where none can match.
    package func test(of source: SourceFacts) -> SourceTest? {
        let node = node.known(source)
        if case .never = node { return nil }
        return SourceTest(node: node.bound(to: source.format), format: source.format)
    }
}
