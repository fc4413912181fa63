import Atlas
import Glibc

/// Standard input as a source of lines.
final class TailedInput {
    let descriptor: Int32
    private let index: Int
    private var splitter: LineSplitter
    private let lineLimit: Int
    private(set) var hasEnded = false

    init(_ descriptor: Int32, index: Int, lineLimit: Int) {
        self.descriptor = descriptor
        self.index = index
        self.lineLimit = lineLimit
        splitter = LineSplitter(limit: lineLimit)
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
        let paddings = splitter.takePaddings()
        if paddings > 0 {
            let event = SourceEvent(
                source: UInt16(index),
                kind: .dropped,
                detail: Padding.words,
                count: paddings
            )
            context.emit(.source(event))
        }
        if hasEnded {
            let event = SourceEvent(source: UInt16(index), kind: .ended, detail: reason)
            context.emit(.source(event))
        }
    }
}
