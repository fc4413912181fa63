package import Atlas
import Glibc

/// Writes inputs, in the order of the fold, into the segments of a recording.
///
/// The folder is `recording.yaml` (its own writer's business) and `inputs-00001.jsonl` and so on:
/// one readable JSON line for each input, see Docs/recording.md. A writer never touches a segment
/// that was there before; it goes on with the next number. For one thread.
package struct JournalWriter: ~Copyable {
    private let folder: String
    private let segmentLimit: Int
    private let coding = JournalCoding()
    private var segment: JournalSegment
    private var buffer: [UInt8] = []
    private var lastFlush = Monotonic.now()
    /// How many inputs were taken.
    package private(set) var inputs = 0
    /// How many bytes reached the file system.
    package private(set) var bytes = 0

    /// Makes the folder where it is missing.
    package init(folder: String, segmentLimit: Int = 64 << 20) throws(CollectError) {
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw .cannotWrite(path: folder, reason: words(of: errno))
        }
        let last = try JournalSegment.numbers(in: folder).last ?? 0
        let segment = try JournalSegment(folder: folder, number: last + 1)
        self.init(folder: folder, segmentLimit: segmentLimit, segment: segment)
    }

    init(folder: String, segmentLimit: Int, segment: consuming JournalSegment) {
        self.folder = folder
        self.segmentLimit = segmentLimit
        self.segment = segment
    }

    /// Takes the inputs; they are in the file at most a second after the next call.
    ///
    /// So call it at least once a second, with nothing where there is nothing; ticks see to that.
    /// After an error the inputs are still held, and written by the next call that can.
    package mutating func append(_ inputs: [Input]) throws(CollectError) {
        for input in inputs {
            do {
                buffer.append(contentsOf: try coding.line(of: input))
                buffer.append(UInt8(ascii: "\n"))
            } catch {
                throw .cannotWrite(path: segment.path, reason: "\(error)")
            }
        }
        self.inputs += inputs.count
        let now = Monotonic.now()
        guard buffer.count >= 65_536 || now >= lastFlush + .seconds(1) else { return }
        lastFlush = now
        try flush()
    }

    /// Hands what is held to the file system.
    package mutating func flush() throws(CollectError) {
        var done = 0
        defer { buffer.removeFirst(done) }
        while done < buffer.count {
            let written = buffer[done...].withUnsafeBytes {
                write(segment.descriptor.number, $0.baseAddress, $0.count)
            }
            guard written >= 0 || errno == EINTR else {
                throw .cannotWrite(path: segment.path, reason: words(of: errno))
            }
            done += max(0, written)
            bytes += max(0, written)
            segment.bytes += max(0, written)
        }
        guard segment.bytes >= segmentLimit else { return }
        fsync(segment.descriptor.number)
        segment = try JournalSegment(folder: folder, number: segment.number + 1)
    }

    /// Writes what is held, down to the disk.
    package consuming func close() throws(CollectError) {
        try flush()
        guard fsync(segment.descriptor.number) == 0 else {
            throw .cannotWrite(path: segment.path, reason: words(of: errno))
        }
    }
}
