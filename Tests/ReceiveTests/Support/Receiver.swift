import Atlas
import Collect
import Glibc
import Synchronization
import Testing

@testable import Receive

/// A receiver of its own on the loopback, and what it hands over.
final class Receiver {
    let host: ReceiverHost
    let mailbox: Mailbox<Input>
    private(set) var inputs: [Input] = []
    /// What the operator would be told.
    let said = Said()

    final class Said: Sendable {
        let lines = Mutex<[String]>([])
    }

    init(
        _ origin: Origin,
        limits: ReceiverLimits = ReceiverLimits(),
        room: Int = 64 << 20
    ) throws {
        mailbox = try Mailbox(capacity: room) { input in
            if case .lines(let batch) = input.event { 256 + batch.bytes.count } else { 256 }
        }
        let said = said
        host = try #require(
            try ReceiverHost.start(
                sources: [LogSource(name: "sent", origin: origin, format: "json")],
                into: mailbox,
                limits: limits,
                say: { text in said.lines.withLock { $0.append(text) } }
            )
        )
    }

    static func forward(
        _ transport: Listener.Transport = .tcp,
        limits: ReceiverLimits = ReceiverLimits(),
        room: Int = 64 << 20
    ) throws -> Receiver {
        try Receiver(
            .forward(
                ForwardReceiver(listeners: [Listener(transport: transport, host: "127.0.0.1")])
            ),
            limits: limits,
            room: room
        )
    }

    deinit { host.stop() }

    var port: UInt16 { host.places(source: 0).first?.port ?? 0 }

    func client() throws -> Client { try Client(port: port) }

    var lines: [String] {
        batches.flatMap { batch in
            (0..<batch.count).map { String(decoding: batch.line($0), as: UTF8.self) }
        }
    }

    var lineCount: Int { batches.reduce(0) { $0 + $1.count } }

    var batches: [LineBatch] {
        inputs.compactMap { if case .lines(let batch) = $0.event { batch } else { nil } }
    }

    var events: [SourceEvent] {
        inputs.compactMap { if case .source(let event) = $0.event { event } else { nil } }
    }

    /// How many were dropped, by reason.
    var dropped: [String: Int] {
        events.filter { $0.kind == .dropped }
            .reduce(into: [:]) { $0[$1.detail, default: 0] += $1.count }
    }

    /// Takes what comes until that is enough; fails after half a minute.
    func wait(
        for what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        until isEnough: (Receiver) -> Bool
    ) throws {
        let deadline = Monotonic.now() + .seconds(30)
        while !isEnough(self) {
            guard mailbox.waitUntil(deadline) else {
                Issue.record("waited in vain for: \(what)", sourceLocation: sourceLocation)
                throw WaitedInVain()
            }
            inputs += mailbox.take()
        }
    }

    func wait(lines count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait(for: "\(count) lines", sourceLocation: sourceLocation) { $0.lineCount >= count }
    }

    /// As the store does after its commit.
    func keepAll() { host.kept(batches.compactMap(\.receipt)) }

    struct WaitedInVain: Error {}
}
