import Atlas

/// Pictures of the past, so that a screen can step back in time: fine for the near past, coarser
/// with age, never more than `capacity`.
struct PictureLog: Sendable {
    private static let capacity = 400
    /// Oldest first, at least a second of picture time apart.
    private var pictures: [Picture] = []

    /// When the oldest picture is of; nil while empty.
    var oldest: Instant? { pictures.first?.at }

    mutating func add(_ picture: Picture) {
        if let last = pictures.last, picture.at - last.at < .seconds(1) { return }
        pictures.append(picture)
        if pictures.count > Self.capacity { thin() }
    }

    /// The newest picture that is not after `instant`; the oldest when all are.
    func picture(at instant: Instant) -> Picture? {
        pictures.last { $0.at <= instant } ?? pictures.first
    }

    /// Drops every second one of the older three quarters.
    private mutating func thin() {
        let old = Self.capacity * 3 / 4
        pictures =
            pictures[..<old].enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            + pictures[old...]
    }
}
