import Atlas

/// What came of several round trips to one place.
struct PathSurvey: Hashable {
    /// At least 1.
    var sent: Int
    /// At most `sent`.
    var lost: Int
    /// The mean and the longest; nil when all were lost.
    var mean: Span?
    var longest: Span?
    /// Why one was lost, as far as that is known.
    var why = ""

    init(sent: Int, lost: Int, mean: Span? = nil, longest: Span? = nil) {
        self.sent = sent
        self.lost = lost
        self.mean = mean
        self.longest = longest
    }

    /// Nil for what are no tries of connections.
    init?(tries text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        let tries = lines.prefix(PathQuestion.counts.upperBound + 1).compactMap { RoundTrip($0) }
        guard !tries.isEmpty, tries.count == lines.count,
            tries.count <= PathQuestion.counts.upperBound
        else { return nil }
        var whole = Span.zero
        var back = 0
        self.init(sent: tries.count, lost: 0)
        for trip in tries {
            if case .lost(let words) = trip.outcome {
                lost += 1
                why = words
            } else {
                back += 1
                whole = whole + trip.took
                longest = max(longest ?? .zero, trip.took)
            }
        }
        if back > 0 { mean = Span(nanoseconds: whole.nanoseconds / Int64(back) / 1_000 * 1_000) }
    }

    /// Reads the summary of ping(8), of iputils and of busybox; nil when there is none.
    ///
    ///     5 packets transmitted, 4 received, +1 errors, 20% packet loss, time 812ms
    ///     rtt min/avg/max/mdev = 0.031/0.040/0.049/0.007 ms
    init?(ping text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let counts = lines.last(where: { $0.contains(" packets transmitted, ") }) else {
            return nil
        }
        let parts = counts.split(separator: ",").map { $0.drop { $0 == " " } }
        guard let sent = Self.number(parts.first), sent > 0, parts.count > 1,
            parts[1].hasSuffix("received"), let received = Self.number(parts[1])
        else { return nil }
        self.init(sent: sent, lost: max(0, sent - received))
        let times = lines.last { $0.contains("min/avg/max") }.flatMap(Self.times)
        guard let times else {
            // Without a time of a round trip there was none.
            lost = sent
            return
        }
        (mean, longest) = times
    }

    private static func number(_ part: Substring?) -> Int? {
        part.flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }.flatMap {
            (0...100_000).contains($0) ? $0 : nil
        }
    }

    private static func times(_ line: Substring) -> (mean: Span, longest: Span)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let numbers = line[equals...].dropFirst().drop { $0 == " " }
            .prefix { $0 != " " }.split(separator: "/").map { Double($0) }
        guard numbers.count >= 3, let mean = numbers[1], let longest = numbers[2],
            (0...1e7).contains(mean), (0...1e7).contains(longest)
        else { return nil }
        return (
            Span(nanoseconds: Int64((mean * 1e6).rounded())),
            Span(nanoseconds: Int64((longest * 1e6).rounded()))
        )
    }

    var lossPercent: Double { 100 * Double(lost) / Double(sent) }

    var metrics: [Observation] {
        let times = [("rtt", mean), ("rtt-max", longest)].compactMap { name, span in
            span.map { Observation.metric(.milliseconds(name, $0)) }
        }
        return times + [.metric(MetricSample(name: "loss", value: lossPercent, unit: "%"))]
    }
}
