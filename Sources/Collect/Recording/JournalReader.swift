package import Atlas

/// Reads the inputs of a recording in their order; damage is passed over and reported.
package struct JournalReader: ~Copyable {
    private let folder: String
    private let coding = JournalCoding()
    /// The numbers of the segments not opened so far, the next one last.
    private var ahead: [Int]
    private var current = 0
    private var lines: JournalLines?
    package private(set) var report = JournalReport()

    /// Throws when the folder holds no segment.
    package init(folder: String) throws(CollectError) {
        self.folder = folder
        let segments = try JournalSegment.numbers(in: folder)
        guard !segments.isEmpty else {
            throw .cannotRead(path: folder, reason: "it holds no \(JournalSegment.name(1))")
        }
        ahead = segments.reversed()
    }

    /// The next inputs, at most `limit`; none at the end of the recording.
    package mutating func next(_ limit: Int) throws(CollectError) -> [Input] {
        var inputs: [Input] = []
        while inputs.count < limit {
            if lines == nil {
                guard try openNext() else { break }
            }
            guard let line = try lines?.next() else {
                lines = nil
                continue
            }
            if let input = read(line) { inputs.append(input) }
        }
        report.inputs += inputs.count
        return inputs
    }

    private mutating func openNext() throws(CollectError) -> Bool {
        guard let number = ahead.popLast() else { return false }
        let path = JournalSegment.path(folder, number)
        if number != current + 1 {
            note(JournalSegment.name(current + 1), line: 0, bytes: 0, "the segment is missing")
        }
        lines = try JournalLines(path: path)
        current = number
        report.segments += 1
        return true
    }

    private mutating func read(_ line: JournalLines.Line) -> Input? {
        let name = JournalSegment.name(current)
        let bytes: ArraySlice<UInt8>
        switch line.content {
        case .tooLong(let count):
            note(name, line: line.number, bytes: count, "longer than \(JournalLines.limit) bytes")
            return nil
        case .whole(let whole): bytes = whole
        case .torn(let part): bytes = part
        }
        guard bytes.contains(where: { $0 > 0x20 }) else { return nil }
        if let input = coding.input(of: bytes) { return input }
        if case .torn = line.content, ahead.isEmpty {
            report.tornBytes += bytes.count
        } else {
            note(name, line: line.number, bytes: bytes.count, "not an input")
        }
        return nil
    }

    private mutating func note(_ segment: String, line: Int, bytes: Int, _ reason: String) {
        report.damagedLines += 1
        guard report.damage.count < 20 else { return }
        report.damage.append(
            JournalDamage(segment: segment, line: line, bytes: bytes, reason: reason)
        )
    }
}
