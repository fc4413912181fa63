internal import Atlas
internal import Collect
internal import Decode
internal import Glibc
internal import Pipeline

/// Random bytes through a format, by the way that a file's lines go: into lines, through the fold.
///
///     RandomTool --list                       the formats
///     RandomTool FORMAT KIND MEGABYTES [SAMPLES...]   KIND is bytes or mixed
///
/// Ends with 1 where a count is not exact, or where it holds more at the end than after a tenth.
@main
enum RandomTool {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "--list" {
            for format in FormatCatalog.all { print(format.name) }
            return
        }
        guard arguments.count >= 3, let format = FormatCatalog.format(named: arguments[1]),
            let kind = RandomBytes.Kind(rawValue: arguments[2]), let megabytes = Int(arguments[3])
        else {
            print("usage: RandomTool --list, or RandomTool FORMAT bytes|mixed MEGABYTES [FILE...]")
            exit(2)
        }
        let samples = arguments.dropFirst(3).flatMap(lines)
        let run = Run(format, kind, samples: samples)
        exit(run.go(blocks: max(10, (megabytes * 1_000_000 - 1) / RandomBytes.block + 1)) ? 0 : 1)
    }

    private static func lines(of path: String) -> [[UInt8]] {
        guard let file = fopen(path, "r") else {
            print("\(path): cannot be read")
            exit(1)
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return bytes.split(separator: 10).map { Array($0) }
    }
}

/// One format and one kind of bytes.
private final class Run {
    /// What may be held more at the end than after a tenth: pages of the allocator.
    private static let slack = 4 << 20

    private let format: any LogFormat
    private let kind: RandomBytes.Kind
    private var random: RandomBytes
    private var pipeline: Pipeline
    private var reader = LineReader(LineTreatment(limit: LogFiles.defaultLineLimit))
    private var expected: LineCount
    private var cuts = 0

    init(_ format: any LogFormat, _ kind: RandomBytes.Kind, samples: [[UInt8]]) {
        self.format = format
        self.kind = kind
        random = RandomBytes(kind, seed: 20_261_126, samples: samples)
        expected = LineCount(format)
        let source = LogSource(name: "log", path: "/log", format: format.name)
        pipeline = Pipeline(plan: WatchPlan(sources: [source]))
    }

    func go(blocks: Int) -> Bool {
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: RandomBytes.block,
            alignment: 16
        )
        defer { room.deallocate() }
        var held = 0
        for block in 0..<blocks {
            // A second for ten blocks.
            let now = Instant(nanoseconds: 1_795_656_000_000_000_000 + Int64(block) * 100_000_000)
            random.fill(room)
            expected.take(UnsafeRawBufferPointer(room), arrival: now)
            step(now) { reader.take(UnsafeRawBufferPointer(room), into: &$0) }
            _ = pipeline.step(Input(at: now, event: .tick))
            if block == blocks / 10 { held = Self.mostHeld }
        }
        let end = Instant(nanoseconds: 1_795_656_000_000_000_000 + Int64(blocks) * 100_000_000)
        expected.finish(arrival: end)
        step(end) { reader.finish(into: &$0) }
        return isExact(blocks: blocks, heldBefore: held)
    }

    private func step(_ now: Instant, _ read: (inout LineBatch) -> Void) {
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        read(&batch)
        cuts += reader.takeCuts()
        _ = pipeline.step(Input(at: now, event: .lines(batch)))
    }

    private func isExact(blocks: Int, heldBefore: Int) -> Bool {
        let held = Self.mostHeld
        let seen = pipeline.picture().sources[0]
        let isExact =
            seen.lines == expected.lines && seen.unparsed == expected.unmatched
            && seen.bytes == expected.bytes && cuts == 0
        let isFlat = held - heldBefore <= Self.slack
        let columns = [
            isExact && isFlat ? "ok" : "FAIL", format.name, kind.rawValue,
            "\(blocks * RandomBytes.block / 1_000_000)", "\(seen.lines)",
            "\(seen.lines - seen.unparsed)", "\(seen.unparsed)",
            "\(heldBefore >> 10)", "\(held >> 10)",
        ]
        print(columns.joined(separator: "\t"))
        if !isExact {
            print(
                "expected \(expected.lines) lines, \(expected.unmatched) unmatched,",
                "\(expected.bytes) bytes; had \(seen.bytes) bytes, \(cuts) cut"
            )
        }
        return isExact && isFlat
    }

    /// In bytes, since it began: getrusage(2).
    private static var mostHeld: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }
}
