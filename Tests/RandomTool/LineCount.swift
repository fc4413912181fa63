internal import Atlas
internal import Decode

/// Counts lines on its own: byte by byte, and each read alone.
struct LineCount {
    private(set) var lines = 0
    private(set) var unmatched = 0
    private(set) var bytes = 0
    private var line: [UInt8] = []
    private var decoder: SourceDecoder

    init(_ format: any LogFormat) {
        decoder = SourceDecoder(format: format)
    }

    mutating func take(_ block: UnsafeRawBufferPointer, arrival: Instant) {
        var start = 0
        for index in 0..<block.count where block[index] == 10 {
            line.append(contentsOf: block[start..<index])
            end(arrival)
            start = index + 1
        }
        line.append(contentsOf: block[start...])
    }

    mutating func finish(arrival: Instant) {
        if !line.isEmpty { end(arrival) }
    }

    private mutating func end(_ arrival: Instant) {
        if line.last == 13 { line.removeLast() }
        lines += 1
        bytes += line.count
        if !Self.isParsed(line, &decoder, arrival) { unmatched += 1 }
        line.removeAll(keepingCapacity: true)
    }

    private static func isParsed(
        _ line: [UInt8],
        _ decoder: inout SourceDecoder,
        _ arrival: Instant
    ) -> Bool {
        decoder.read(line.span.bytes, arrival: arrival).isParsed
    }
}
