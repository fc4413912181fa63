package import Atlas

/// How a source wants its lines.
package struct LineTreatment {
    var limit: Int
    var encoding: String?
    var multiline: Multiline?
    var judge: (any LineJudge)?

    package init(
        limit: Int,
        encoding: String? = nil,
        multiline: Multiline? = nil,
        judge: (any LineJudge)? = nil
    ) {
        self.limit = limit
        self.encoding = encoding
        self.multiline = multiline
        self.judge = judge
    }
}

/// Bytes of a file to its records: split, turned into UTF-8, joined.
package struct LineReader {
    private let treatment: LineTreatment
    private var splitter: LineSplitter
    private let converter: TextConverter?
    private var joiner: RecordJoiner?
    private let unit: LineSplitter.Unit
    /// The first line begins with the mark of UTF-8, which is no part of it.
    private var hasMark: Bool
    /// Bytes taken so far.
    private var taken = 0
    private var scratch = LineBatch(source: 0, bytes: [], ends: [])

    /// `mark` is what the file begins with: UTF-16 and UTF-32 say there how they are meant, and UTF-16
    /// that it is UTF-16.
    package init(_ treatment: LineTreatment, mark: [UInt8] = [], isBeginning: Bool = true) {
        self.treatment = treatment
        let encoding = treatment.encoding.map { Self.encoding($0, mark) } ?? Self.marked(mark)
        hasMark = isBeginning && mark.starts(with: Self.mark)
        unit = encoding.map(TextConverter.unit) ?? LineSplitter.Unit()
        converter = encoding.flatMap(TextConverter.init)
        joiner = treatment.multiline.map {
            RecordJoiner($0, limit: treatment.limit, judge: treatment.judge)
        }
        splitter = LineSplitter(
            limit: max(unit.width, treatment.limit / unit.width * unit.width),
            unit: unit,
            notesStarts: treatment.multiline != nil
        )
    }

    /// A block has to hold so many bytes, or a multiple.
    package var width: Int { unit.width }

    /// Where the last line end in a block of whole units ends; nil without one.
    func lastLineEnd(in block: ArraySlice<UInt8>) -> Int? {
        let place = unit.isBigEndian ? unit.width - 1 : 0
        var end = block.endIndex
        while end > block.startIndex {
            let start = end - unit.width
            if block[start + place] == 10,
                unit.width == 1 || block[start..<end].count(where: { $0 != 0 }) == 1
            {
                return end
            }
            end = start
        }
        return nil
    }

    /// Bytes before the first one that was not given out, from where it began.
    package var settled: Int { joiner?.start ?? taken - splitter.pending }

    /// Bytes of the line that has not ended.
    var pending: Int { splitter.pending }

    /// When what is held is whole though nothing came; nil when nothing is.
    var timeout: Span? { joiner?.start == nil ? nil : joiner?.timeout }

    mutating func beginInsideLine() { splitter.beginInsideLine() }

    package mutating func takeCuts() -> Int {
        splitter.takeCuts() + (joiner?.takeCuts() ?? 0)
    }

    mutating func takePaddings() -> Int { splitter.takePaddings() }

    package mutating func take(_ block: UnsafeRawBufferPointer, into batch: inout LineBatch) {
        taken += block.count
        guard converter != nil || joiner != nil else {
            let before = batch.count
            splitter.take(block, into: &batch)
            return Self.dropMark(of: &batch, before, &hasMark)
        }
        splitter.take(block, into: &scratch)
        treat(into: &batch)
    }

    /// Gives out the records that are whole if no line follows.
    mutating func flush(into batch: inout LineBatch) {
        joiner?.flush(into: &batch)
    }

    /// Gives out all there is: no line end will come any more.
    package mutating func finish(into batch: inout LineBatch) {
        if splitter.pending > 0 {
            splitter.finish(into: &scratch)
            treat(into: &batch)
        }
        joiner?.flush(into: &batch)
    }

    private mutating func treat(into batch: inout LineBatch) {
        defer {
            scratch.bytes.removeAll(keepingCapacity: true)
            scratch.ends.removeAll(keepingCapacity: true)
        }
        if unit.width == 1 { Self.dropMark(of: &scratch, 0, &hasMark) }
        let starts = splitter.takeStarts()
        var text: [UInt8] = []
        for index in 0..<scratch.count {
            var line = scratch.line(index)
            if let converter {
                text.removeAll(keepingCapacity: true)
                converter.append(line, to: &text)
                if text.starts(with: Self.mark), unit.width > 1 { text.removeFirst(3) }
                if text.last == 13 { text.removeLast() }
                line = text[...]
            }
            if joiner != nil {
                joiner?.take(line, at: starts[index], into: &batch)
            } else {
                batch.bytes.append(contentsOf: line)
                batch.ends.append(UInt32(batch.bytes.count))
            }
        }
    }

    /// `first` is the first line that may begin with it.
    private static func dropMark(of batch: inout LineBatch, _ first: Int, _ hasMark: inout Bool) {
        guard hasMark, batch.count > first else { return }
        hasMark = false
        let line = batch.line(first)
        guard line.starts(with: mark) else { return }
        batch.bytes.removeSubrange(line.startIndex..<(line.startIndex + mark.count))
        for index in first..<batch.count { batch.ends[index] -= UInt32(mark.count) }
    }

    /// U+FEFF in UTF-8.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What a file is in that does not say how it is meant, but begins as no other text does.
    private static func marked(_ mark: [UInt8]) -> String? {
        if mark.starts(with: [0xFE, 0xFF]) { return "UTF-16BE" }
        guard mark.starts(with: [0xFF, 0xFE]) else { return nil }
        return mark.starts(with: [0xFF, 0xFE, 0, 0]) ? "UTF-32LE" : "UTF-16LE"
    }

    /// The encoding with its order of bytes, where the file tells it.
    private static func encoding(_ name: String, _ mark: [UInt8]) -> String {
        let plain = name.uppercased()
        guard ["UTF-16", "UTF16", "UTF-32", "UTF32"].contains(plain) else { return name }
        let isWide = plain.hasSuffix("32")
        let isBig =
            isWide ? mark.starts(with: [0, 0, 0xFE, 0xFF]) : mark.starts(with: [0xFE, 0xFF])
        return (isWide ? "UTF-32" : "UTF-16") + (isBig ? "BE" : "LE")
    }
}
