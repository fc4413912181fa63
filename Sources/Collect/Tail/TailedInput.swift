import Atlas
import Glibc
import Probes

/// Standard input, or what a client writes, as a source of lines.
final class TailedInput {
    let descriptor: Int32
    private let index: Int
    /// Whose output it is; nil for standard input.
    private var process: ClientProcess?
    private var splitter: LineSplitter
    private let lineLimit: Int
    private(set) var hasEnded = false

    init(_ descriptor: Int32, index: Int, lineLimit: Int) {
        self.descriptor = descriptor
        self.index = index
        self.lineLimit = lineLimit
        splitter = LineSplitter(limit: lineLimit)
    }

    /// What journalctl(1) writes, from so many lines before the end on.
    ///
    /// In its traditional form with a fraction of a second: the one that all versions write alike.
    init(journalFrom lines: Int, index: Int, lineLimit: Int) throws(CollectError) {
        let command = SessionCommand(
            arguments: [
                "journalctl", "--follow", "--quiet", "--no-pager", "--output=short-precise",
                "--lines=\(lines)",
            ],
            inherited: ["TZ"]
        )
        let process = try ClientProcess.startCommand(
            command.arguments,
            environment: ClientEnvironment().entries(for: command)
        )
        descriptor = process.descriptor
        self.process = consume process
        self.index = index
        self.lineLimit = lineLimit
        splitter = LineSplitter(limit: lineLimit)
    }

    /// Ends the client, where there is one, and waits for it.
    func close() {
        guard let pid = process?.pid else { return }
        process = nil
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }

    /// Reads one block; call it when the descriptor is readable.
    func read(_ context: inout TailContext) {
        var batch = LineBatch(source: UInt16(index), bytes: [], ends: [])
        let count = context.buffer.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        if count > 0 {
            context.buffer.withUnsafeBytes {
                splitter.take(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &batch)
            }
        } else {
            hasEnded = true
            if splitter.pending > 0 { splitter.finish(into: &batch) }
        }
        let reason = count < 0 ? words(of: errno) : ""
        if batch.count > 0 { context.emit(.lines(batch)) }
        let cuts = splitter.takeCuts()
        if cuts > 0 {
            let event = SourceEvent(
                source: UInt16(index),
                kind: .cut,
                detail: "cut to \(lineLimit) bytes",
                count: cuts
            )
            context.emit(.source(event))
        }
        if hasEnded {
            let event =
                process == nil
                ? SourceEvent(source: UInt16(index), kind: .ended, detail: reason)
                : SourceEvent(source: UInt16(index), kind: .unreadable, detail: "its client ended")
            context.emit(.source(event))
            close()
        }
    }
}
