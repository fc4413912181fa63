package import Atlas

/// What the fold wants done.
///
/// Only the program does it; a replay ignores `ask`.
package enum Effect: Sendable {
    /// Keep these lines.
    case keep(LogChunk)
    /// Keep this input that is no line: it is the journal. `line` is the number of the first line
    /// that will enter after it.
    case note(Input, line: UInt64)
    /// Keep these parts of the picture, which changed.
    case show([PicturePart])
    /// Keep these numbers; of a second more may follow.
    case measure([MetricRow])
    /// Ask a canary's service a question; the reply comes back as an input.
    case ask(ProbeReply.Question)
}
