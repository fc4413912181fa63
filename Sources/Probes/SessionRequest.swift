/// A question as text for the client, and how its reply is framed.
package struct SessionRequest: Hashable, Sendable {
    /// Written to the client as it is; below 32 KiB, so that one write takes it whole.
    package var text: String
    /// The reply ends with a line that begins so; it holds the number of the request.
    package var end: String
    /// Beginnings of lines after which no reply can come any more, though the client goes on
    /// running: its session is then ended, and `classify` reads why.
    package var hopeless: [String]

    package init(text: String, end: String, hopeless: [String] = []) {
        self.text = text
        self.end = end
        self.hopeless = hopeless
    }
}

/// A whole reply as the client gave it.
package struct SessionReply: Hashable, Sendable {
    /// All lines before the end line, invalid UTF-8 replaced, without the last line end.
    package var text: String
    /// What stood on the end line after its beginning: what the client says of the outcome.
    package var verdict: String

    package init(text: String, verdict: String = "") {
        self.text = text
        self.verdict = verdict
    }
}
