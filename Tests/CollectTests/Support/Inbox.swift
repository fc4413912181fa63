import Atlas
import Collect
import Testing

/// What came into a mailbox, waited for with a deadline.
struct Inbox {
    let mailbox: Mailbox<Input>
    private(set) var inputs: [Input] = []

    init(capacity: Int = 100_000) throws { mailbox = try Mailbox(capacity: capacity) }

    /// Takes inputs until all together satisfy the condition; fails after the limit.
    mutating func wait(
        _ limit: Span = .seconds(30),
        for what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        until isEnough: ([Input]) throws -> Bool
    ) throws {
        let deadline = Monotonic.now() + limit
        while try !isEnough(inputs) {
            guard mailbox.waitUntil(deadline) else {
                Issue.record("waited in vain for: \(what)", sourceLocation: sourceLocation)
                throw WaitedInVain()
            }
            inputs += mailbox.take()
        }
    }

    /// Takes what is there, without waiting.
    mutating func takeRest() { inputs += mailbox.take() }

    struct WaitedInVain: Error {}

    var replies: [ProbeReply] { Self.replies(inputs) }
    var tries: [CanaryTry] { Self.tries(inputs) }

    static func replies(_ inputs: [Input]) -> [ProbeReply] {
        inputs.compactMap { if case .reply(let reply) = $0.event { reply } else { nil } }
    }

    static func tries(_ inputs: [Input]) -> [CanaryTry] {
        inputs.compactMap { if case .attempt(let attempt) = $0.event { attempt } else { nil } }
    }
}

extension ProbeReply {
    var failure: ProbeFailure? { if case .failed(let failure) = outcome { failure } else { nil } }

    var text: String? { if case .answered(let text) = outcome { text } else { nil } }
}
