extension Double {
    /// The number that a text is; nil for anything else, and for what is written `nan` or `inf`:
    /// the standard library reads these, as strtod(3) does, and none of them was measured.
    init?(finite text: some StringProtocol) {
        guard let value = Double(text), value.isFinite else { return nil }
        self = value
    }
}
