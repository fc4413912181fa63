/// What a piece of a screen is for; a theme says how it looks.
///
/// The raw values are the names in theme files.
package enum Role: String, Hashable, Sendable, CaseIterable {
    /// Values, and what is read.
    case text
    /// Labels, units, healthy numbers.
    case dim
    /// What is seldom read: codes, column heads, times beside a text.
    case faint
    /// What the eye should find first where nothing is wrong.
    case strong
    case title
    /// Thin lines: never text.
    case rule
    /// What a gauge or a lane runs on: never text.
    case track
    /// The ground of the header and of the hint row.
    case raised
    /// The row under the cursor.
    case cursor
    case prompt
    case hint
    case hintKey = "hint-key"
    /// What a filter or a search has found, and that there is one.
    case hit
    /// That nothing moves.
    case paused
    case ok
    case warn
    case down
    case moving
    case maintenance
    case noData = "no-data"
    case graph
    case graph2 = "graph-2"

    /// Roles that carry text which must be read, and therefore contrast.
    package static let readable: [Role] = [
        .text, .dim, .strong, .title, .cursor, .prompt, .hint, .hintKey, .hit, .paused, .ok, .warn,
        .down, .moving, .maintenance, .noData, .graph, .graph2, .raised,
    ]
}
