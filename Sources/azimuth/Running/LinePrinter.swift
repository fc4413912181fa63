import Atlas
import Collect
import Glibc
import Redact

/// Prints lines as they come, as tail(1) does.
///
/// Into a pipe or a file byte for byte; to a terminal without what could steer it.
struct LinePrinter {
    private static let mailboxBytes = 4 << 20
    private let sources: [LogSource]
    private let redactor: Redactor?
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    init(_ sources: [LogSource], redactor: Redactor? = nil) {
        self.sources = sources
        self.redactor = redactor
    }

    /// Returns when no more comes, or nobody reads what is printed.
    func run(backlog: Int, follows: Bool) throws {
        let inputs = try Mailbox<Input>.ofInputs(Self.mailboxBytes, redactor)
        var options = FileTail.Options()
        options.backlog = backlog
        options.follows = follows
        let tail = try FileTail(sources: sources, into: inputs, options: options) {
            inputs.close()
        }
        defer { tail.stop() }
        var last: UInt16?
        while true {
            _ = inputs.waitUntil(Monotonic.now() + .seconds(1))
            let taken = inputs.take()
            for input in taken { print(input.event, &last) }
            for news in redactor?.news(at: .distantPast) ?? [] { print(news.event, &last) }
            if taken.isEmpty, inputs.isClosed || isUnread { return }
        }
    }

    private func print(_ event: InputEvent, _ last: inout UInt16?) {
        switch event {
        case .lines(let batch):
            guard batch.count > 0 else { return }
            if sources.count > 1, last != batch.source {
                let name = Explain.printable(sources[Int(batch.source)].name)
                StandardOutput.write("\(last == nil ? "" : "\n")==> \(name) <==\n")
            }
            last = batch.source
            StandardOutput.write(bytes(of: batch))
        case .source(let event):
            guard let words = complaint(event) else { return }
            let name = sources[Int(event.source)].name
            StandardError.write("azimuth: \(Explain.printable("\(name): \(words)"))\n")
        case .reply, .attempt, .mark, .tick: return
        }
    }

    private func bytes(of batch: LineBatch) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(batch.bytes.count + batch.count)
        for index in 0..<batch.count {
            let line = batch.line(index)
            if isTerminal {
                text += Array(Explain.printable(String(decoding: line, as: UTF8.self)).utf8)
            } else {
                text += line
            }
            text.append(10)
        }
        return text
    }

    private func complaint(_ event: SourceEvent) -> String? {
        switch event.kind {
        case .opened, .closed, .progress, .troubles: nil
        case .ended: event.detail.isEmpty ? nil : event.detail
        case .rotated: "another file is there now"
        case .truncated: "it was cut or rewritten"
        case .missing, .unreadable, .stalled: event.detail
        case .dropped: "\(event.count) not taken: \(event.detail)"
        case .cut: "\(event.count) long lines were cut"
        case .redacted:
            event.detail.isEmpty ? nil : "\(event.count) lines: \(event.detail)"
        }
    }

    /// The other end of the pipe was closed.
    private var isUnread: Bool {
        var descriptor = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&descriptor, 1, 0) > 0 && Int32(descriptor.revents) & POLLERR != 0
    }
}
