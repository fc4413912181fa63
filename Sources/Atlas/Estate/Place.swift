/// Where something stands: a region or an on-prem site, and a zone of it where it has zones.
///
/// Written `tokyo/1a`, or `shinagawa` for a whole area.
package struct Place: Hashable, Comparable, Sendable {
    /// The name of a region or a site.
    package var area: String
    /// The name of a zone inside it; nil means the area as a whole.
    package var zone: String?

    package init(area: String, zone: String? = nil) {
        self.area = area
        self.zone = zone
    }

    /// Reads `area` or `area/zone`; nil for an empty part or a second slash.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), !parts.contains("") else { return nil }
        self.init(area: parts[0], zone: parts.count == 2 ? parts[1] : nil)
    }

    /// True when `other` is this place or a zone of it.
    package func holds(_ other: Place) -> Bool {
        area == other.area && (zone == nil || zone == other.zone)
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.area, left.zone ?? "") < (right.area, right.zone ?? "")
    }
}

extension Place: CustomStringConvertible {
    package var description: String { zone.map { "\(area)/\($0)" } ?? area }
}

extension Place: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let place = Place(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a place (area or area/zone)"
            )
        }
        self = place
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
