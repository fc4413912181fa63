internal import Atlas

/// The runs of one service: at most one is open, and those before it take no more evidence.
///
/// What is found out late still goes to a closed run: its lost writes, that users followed it,
/// that a second outage came after it. Where it is `used` is where the write canary's newest good try
/// was.
struct RunHistory: Sendable {
    private static let limit = 200
    private static let secondOutageWithin = Span.seconds(300)

    /// Oldest first.
    private var closed: [FailoverRun] = []
    /// The newest one, while it goes on or settles.
    var open: OpenRun?

    /// Oldest first.
    var all: [FailoverRun] { closed + (open.map { [$0.run] } ?? []) }

    /// Makes it the open one; there is none.
    mutating func begin(_ run: OpenRun) {
        open = run
        if closed.count >= Self.limit { closed.removeFirst() }
    }

    mutating func close() {
        guard let run = open?.run else { return }
        closed.append(run)
        open = nil
    }

    // MARK: what is found out late

    /// The oldest run that is over and whose lost writes nobody counted so far.
    ///
    /// The successor can be asked only once the canary is served there: a failover that users did
    /// not feel may leave them with the old primary for long.
    func uncounted(used: String?) -> FailoverRun? {
        func isUncounted(_ run: FailoverRun) -> Bool {
            run.state == .verified && run.lostWrites?.state == .pending
                && (run.firstGood != nil || run.to == used)
        }
        if let run = closed.first(where: isUncounted) { return run }
        guard let run = open?.run, isUncounted(run) else { return nil }
        return run
    }

    mutating func settle(_ losses: LostWrites, run id: String) {
        if let index = closed.firstIndex(where: { $0.id == id }) {
            closed[index].lostWrites = losses
        } else if open?.run.id == id {
            open?.run.lostWrites = losses
        }
    }

    /// True when users move to a member only now that an earlier failover made primary while they
    /// stayed with the old one.
    func isFollowed(byMoveTo member: String, from used: String?) -> Bool {
        unfollowed(member, used: used) != nil
    }

    /// Adds the first try after such a move to the failover that it follows.
    mutating func follow(to member: String, from used: String?, _ trace: Trace) {
        guard let index = unfollowed(member, used: used) else { return }
        closed[index].evidence.append(trace.evidence)
    }

    /// The newest run had two members that said at the same time that they are primary.
    mutating func noteTwoWriters() {
        if open != nil {
            open?.run.hasTwoWriters = true
        } else if !closed.isEmpty {
            closed[closed.count - 1].hasTwoWriters = true
        }
    }

    /// Notes the open run with the failover that it follows, where it is an outage soon after one.
    mutating func noteSecondOutage() {
        guard let run = open?.run, run.kind == .outage, let firstBad = run.firstBad,
            let firstGood = run.firstGood,
            let earlier = closed.lastIndex(where: { $0.kind == .failover }),
            let end = closed[earlier].firstGood ?? closed[earlier].steps.compactMap(\.end).max(),
            firstBad - end <= Self.secondOutageWithin
        else { return }
        closed[earlier].secondOutage = firstGood - firstBad
    }

    private func unfollowed(_ member: String, used: String?) -> Int? {
        if let run = open?.run, run.isOver { return nil }
        guard used != member, let index = closed.lastIndex(where: \.isOver),
            closed[index].to == member, closed[index].firstBad == nil,
            closed[index].lostWrites?.state == .pending
        else { return nil }
        return index
    }
}

extension FailoverRun {
    fileprivate var isOver: Bool { kind == .failover && state == .verified }
}
