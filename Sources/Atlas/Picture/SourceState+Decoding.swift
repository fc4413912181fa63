/// Histories of older versions lack what was added since.
extension SourceState {
    private enum Key: String, CodingKey {
        case name, resource, health, reason, lines, bytes, unparsed, cut, dropped, drops, rotations
        case offset, lag, lastLine, redacted, ruled, partOf, place, format, guess, rate, newest
        case streams, files, stalls, stalledAt, stall
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            resource: try values.decodeIfPresent(String.self, forKey: .resource),
            partOf: try values.decodeIfPresent(String.self, forKey: .partOf),
            place: try values.decodeIfPresent(String.self, forKey: .place) ?? "",
            format: try values.decodeIfPresent(String.self, forKey: .format) ?? ""
        )
        health = try values.decode(Health.self, forKey: .health)
        reason = try values.decode(String.self, forKey: .reason)
        lines = try values.decode(Int.self, forKey: .lines)
        bytes = try values.decode(Int.self, forKey: .bytes)
        unparsed = try values.decode(Int.self, forKey: .unparsed)
        cut = try values.decode(Int.self, forKey: .cut)
        dropped = try values.decodeIfPresent(Int.self, forKey: .dropped) ?? 0
        drops = try values.decodeIfPresent([String: Int].self, forKey: .drops) ?? [:]
        rotations = try values.decode(Int.self, forKey: .rotations)
        offset = try values.decodeIfPresent(UInt64.self, forKey: .offset)
        lag = try values.decodeIfPresent(Int.self, forKey: .lag) ?? 0
        lastLine = try values.decodeIfPresent(Instant.self, forKey: .lastLine)
        redacted = try values.decodeIfPresent(Int.self, forKey: .redacted)
        ruled = try values.decodeIfPresent([RuleCount].self, forKey: .ruled)
        guess = try values.decodeIfPresent(FormatGuessed.self, forKey: .guess)
        rate = try values.decodeIfPresent(Double.self, forKey: .rate)
        newest = try values.decodeIfPresent(Instant.self, forKey: .newest)
        streams = try values.decodeIfPresent(Int.self, forKey: .streams) ?? 0
        files = try values.decodeIfPresent([FileProgress].self, forKey: .files) ?? []
        stalls = try values.decodeIfPresent(Int.self, forKey: .stalls) ?? 0
        stalledAt = try values.decodeIfPresent(Instant.self, forKey: .stalledAt)
        stall = try values.decodeIfPresent(String.self, forKey: .stall) ?? ""
    }
}
