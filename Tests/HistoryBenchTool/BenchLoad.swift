internal import Atlas
internal import Decode
internal import Glibc
internal import History

/// The lines of a syslog file, as if twenty sources had written them in turn.
///
/// Of a thousand lines one is of the source `rare`, of twenty thousand one of `rarest`; one of a
/// hundred is an error, four are warnings.
struct BenchLoad {
    private static let sources = 20
    /// Chunks of a transaction.
    private static let batch = 8

    let log: String

    static func name(_ source: Int) -> String {
        switch source {
        case 18: "rare"
        case 19: "rarest"
        default: source < 10 ? "s0\(source)" : "s\(source)"
        }
    }

    func fill(_ path: String) throws {
        let writer = try HistoryWriter(path: path)
        let plan = WatchPlan(
            sources: (0..<Self.sources).map {
                LogSource(name: Self.name($0), path: log, format: "syslog")
            }
        )
        let start = Instant(seconds: 0)
        try writer.begin(plan, picture: Picture(at: start, estate: Estate()), at: start)
        var chunks: [LogChunk] = []
        var lines = 0
        var inFold: Int64 = 0
        let began = BenchTool.nanoseconds(CLOCK_MONOTONIC)
        try read { chunk in
            lines += chunk.count
            chunks.append(chunk)
            guard chunks.count == Self.batch else { return }
            let before = BenchTool.nanoseconds(CLOCK_MONOTONIC)
            try writer.append(HistoryBatch(at: start, chunks: chunks))
            inFold += BenchTool.nanoseconds(CLOCK_MONOTONIC) - before
            chunks = []
        }
        try writer.append(HistoryBatch(at: start, chunks: chunks))
        let seconds = Double(BenchTool.nanoseconds(CLOCK_MONOTONIC) - began) / 1e9
        try writer.close()
        print("{\"lines\": \(lines), \"seconds\": \(seconds), \"kept\": \(Double(inFold) / 1e9)}")
    }

    func printRows() throws {
        var out: [UInt8] = []
        try read { chunk in
            for index in 0..<chunk.count {
                let record = chunk.record(index)
                let seconds = record.time.nanoseconds / 1_000_000_000
                out += Array("\(seconds)\t\(record.level.rawValue)\t".utf8)
                out += Array("\(Self.name(Int(record.source)))\t".utf8)
                out += record.bytes
                out.append(10)
            }
            guard out.count > 1 << 20 else { return }
            Self.write(out)
            out = []
        }
        Self.write(out)
    }

    private static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { exit(1) }
            rest = rest.dropFirst(count)
        }
    }

    /// Hands over the lines in chunks as the fold makes them.
    private func read(_ body: (LogChunk) throws -> Void) throws {
        let file = open(log, O_RDONLY)
        guard file >= 0 else { exit(66) }
        defer { close(file) }
        guard let format = FormatCatalog.format(named: "syslog") else { exit(70) }
        var decoder = SourceDecoder(format: format, zone: .zero)
        var draft = Draft()
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var rest: [UInt8] = []
        while true {
            let count = Glibc.read(file, &block, block.count)
            guard count > 0 else { break }
            rest += block[..<count]
            var start = 0
            while let end = rest[start...].firstIndex(of: 10) {
                draft.add(Array(rest[start..<end]), &decoder)
                start = end + 1
                if draft.isFull { try body(draft.seal()) }
            }
            rest.removeFirst(start)
        }
        if !draft.isEmpty { try body(draft.seal()) }
    }

    private struct Draft {
        private var number: UInt64 = 1
        private var bytes: [UInt8] = []
        private var ends: [UInt32] = []
        private var sources: [UInt16] = []
        private var times: [Instant] = []
        private var levels: [Level] = []
        private var starts: [UInt32] = []

        var isEmpty: Bool { ends.isEmpty }
        var isFull: Bool {
            bytes.count >= ChunkBuilder.byteLimit || ends.count >= ChunkBuilder.lineLimit
        }

        mutating func add(_ line: [UInt8], _ decoder: inout SourceDecoder) {
            let reading = decoder.read(line.span.bytes, arrival: Instant(seconds: 1_796_000_000))
            let index = Int(number) + ends.count
            var mixed = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
            mixed ^= mixed >> 29
            bytes += line
            ends.append(UInt32(bytes.count))
            let source = index % 20_000 == 0 ? 19 : index % 1_000 == 1 ? 18 : Int(mixed % 18)
            sources.append(UInt16(source))
            times.append(reading.time)
            let share = mixed >> 32 % 100
            levels.append(share == 0 ? .error : share < 5 ? .warn : .info)
            starts.append(UInt32(reading.messageStart))
        }

        mutating func seal() -> LogChunk {
            let arrival = times.last ?? .distantPast
            let chunk = LogChunk(
                firstLine: number,
                bytes: bytes,
                ends: ends,
                sources: sources,
                arrivals: times.map { _ in arrival },
                times: times,
                levels: levels,
                messageStarts: starts,
                positions: []
            )
            self = Draft(number: number + UInt64(ends.count))
            return chunk
        }

        init(number: UInt64 = 1) { self.number = number }
    }
}
