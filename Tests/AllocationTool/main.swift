// How many blocks of memory reading takes: AllocationTool LINES < SAMPLES
//
// For each format of the catalogue a line: its name, the blocks of half of LINES lines, of all, and
// of all with some of their fields. The lines are the samples, again and again.
import Atlas
import CAllocationCount
import Decode
import Glibc

/// Lines of one batch.
struct Batch {
    static let lines = 1_000

    var bytes: [UInt8] = []
    var ends: [UInt32] = []

    init(_ samples: [[UInt8]]) {
        for index in 0..<Self.lines {
            bytes += samples[index % samples.count]
            ends.append(UInt32(bytes.count))
        }
    }

    /// Blocks that so many lines take, with the first batch left out: it makes room.
    func blocks(_ format: any LogFormat, lines: Int, picking names: [String]) -> UInt {
        var decoder = SourceDecoder(format: format, zone: .zero)
        var readings = ReadingBuffer(picking: names)
        let arrival = Instant(seconds: 1_795_000_000)
        decoder.read(bytes.span.bytes, ends: ends.span, arrival: arrival, into: &readings)
        let before = allocation_count()
        for _ in 0..<(lines / Self.lines) {
            decoder.read(bytes.span.bytes, ends: ends.span, arrival: arrival, into: &readings)
        }
        return allocation_count() - before
    }
}

func samples() -> [[UInt8]] {
    var lines: [[UInt8]] = []
    while let line = readLine() { lines.append(Array(line.utf8)) }
    return lines
}

let found = samples()
guard CommandLine.arguments.count == 2, let total = Int(CommandLine.arguments[1]), !found.isEmpty
else { exit(64) }
let batch = Batch(found)
for format in FormatCatalog.all {
    let half = batch.blocks(format, lines: total / 2, picking: [])
    let whole = batch.blocks(format, lines: total, picking: [])
    let fields = batch.blocks(format, lines: total, picking: ["status", "level", "bytes"])
    print(format.name, half, whole, fields)
}
