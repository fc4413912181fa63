/// What a good answer is.
///
/// As text: statuses, of https what its certificate must be, then after a blank what the page must
/// hold, such as `200-299;cert-warn=1209600;self-signed all is well`.
struct HTTPExpectation {
    private(set) var statuses: [ClosedRange<Int>] = [200...399]
    /// Empty when any page will do.
    private(set) var body = ""
    /// Nil for http.
    var certificate: CertificateExpectation?

    init() {}

    init?(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: ";", omittingEmptySubsequences: false)
        guard let statuses = head.first.flatMap(Self.statuses) else { return nil }
        self.statuses = statuses
        if head.count > 1 {
            guard let certificate = CertificateExpectation(head.dropFirst()) else { return nil }
            self.certificate = certificate
        }
        body = parts.count > 1 ? String(parts[1]) : ""
    }

    var text: String {
        let list = statuses.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }
        return list.joined(separator: ",") + (certificate?.text ?? "")
            + (body.isEmpty ? "" : " " + body)
    }

    /// Takes `expect=…` or `contains=…`; false for anything else.
    mutating func take(_ word: String) -> Bool {
        if word.hasPrefix("contains="), !word.contains(where: \.isNewline) {
            body = String(word.dropFirst("contains=".count))
            return !body.isEmpty
        }
        guard word.hasPrefix("expect="),
            let statuses = Self.statuses(word.dropFirst("expect=".count))
        else { return false }
        self.statuses = statuses
        return true
    }

    /// What is wrong with an answer; nil when nothing is.
    func complaint(about response: HTTPResponse) -> String? {
        guard statuses.contains(where: { $0.contains(response.status) }) else {
            return response.words
        }
        guard body.isEmpty || response.holds(body) else {
            return "the page lacks '\(body.shortened(toBytes: 80))'"
        }
        return nil
    }

    private static func statuses(_ text: Substring) -> [ClosedRange<Int>]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let ranges = parts.compactMap { part -> ClosedRange<Int>? in
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0],
                let last = ends[ends.count - 1], 100 <= first, first <= last, last <= 599
            else { return nil }
            return first...last
        }
        return ranges.count == parts.count ? ranges : nil
    }
}
