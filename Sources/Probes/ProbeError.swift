package import Atlas

/// What can be wrong with a reply or an address.
package enum ProbeError: Explained, Hashable {
    /// The reply is not what this probe's question brings; `line` is the first that does not fit.
    case unreadable(probe: String, line: String)
    /// One line of a reply is not in the probe's language; `reason` says why, as a clause.
    case badLine(probe: String, number: Int, reason: String)
    /// The reply is readable and holds no answer; `reason` says why, as a clause.
    case noAnswer(probe: String, reason: String, remedy: String)
    /// The address holds a password.
    case secretInAddress(probe: String, remedy: String)
    /// The address is none for this probe; `problem` goes on after "the address".
    case badAddress(probe: String, problem: String, remedy: String)

    /// An address that is none for this probe; `reason` says why, as a clause.
    static func unusableAddress(probe: String, reason: String, remedy: String) -> ProbeError {
        .badAddress(probe: probe, problem: "cannot be used: \(reason)", remedy: remedy)
    }

    package var what: String {
        switch self {
        case .unreadable(let probe, let line):
            line.isEmpty
                ? "the \(probe) probe got an empty reply"
                : "the \(probe) probe cannot read the reply '\(line.shortened(toBytes: 120))'"
        case .badLine(let probe, let number, let reason):
            "line \(number) of the \(probe) probe's reply is not taken: \(reason)"
        case .noAnswer(let probe, let reason, _):
            "the \(probe) probe has no answer: \(reason)"
        case .secretInAddress(let probe, _):
            "an address of the \(probe) probe holds a password"
        case .badAddress(let probe, let problem, _):
            "an address of the \(probe) probe \(problem)"
        }
    }

    package var remedy: String {
        switch self {
        case .unreadable(let probe, _):
            "run the probe once with `azimuth probe \(probe) ADDRESS` and look at what comes back"
        case .badLine(let probe, _, _):
            "run `azimuth probe \(probe) ADDRESS --raw`; Docs/exec-probe.md says what a line may be"
        case .noAnswer(_, _, let remedy), .secretInAddress(_, let remedy),
            .badAddress(_, _, let remedy):
            remedy
        }
    }

    package var exit: ExitStatus {
        switch self {
        case .unreadable, .badLine, .noAnswer: .failure
        case .secretInAddress, .badAddress: .badConfiguration
        }
    }
}

extension String {
    /// Its longest beginning of at most `limit` bytes that cuts no character.
    package func shortened(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = startIndex
        var bytes = 0
        for index in indices {
            bytes += self[index].utf8.count
            guard bytes <= limit else { break }
            end = self.index(after: index)
        }
        return String(self[..<end])
    }
}

extension ProbeFailure {
    /// A failure in the client's own words: runs of blanks become one, cut to 300 bytes.
    package init(_ kind: Kind, words: some StringProtocol) {
        let calm = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.init(kind: kind, detail: calm.shortened(toBytes: 300))
    }
}
