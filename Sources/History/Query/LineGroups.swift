internal import Atlas
internal import HistoryFormat
internal import Query

/// In which group of a histogram a line is.
struct LineGroups: Sendable {
    private let key: LogKey
    /// Nil for a group for each level.
    private let values: [[UInt8]]?
    /// Of each level, where they are told apart by it.
    private let levels: [Int]
    let size: Int

    init(_ grouping: LogGrouping) {
        size = grouping.size
        switch grouping {
        case .level:
            key = .level
            values = nil
            levels = Array(Level.allCases.indices)
        case .values(let key, let values):
            self.key = key
            self.values = values
            levels = Level.allCases.map { level in
                values.firstIndex(of: Array(level.name.utf8)) ?? values.count
            }
        }
    }

    /// The field whose values are looked at; nil when columns tell.
    var field: String? {
        if case .field(let name) = key { name } else { nil }
    }

    /// Whether lines are read to tell which of a chunk are wanted, and in which group they are.
    func needText(_ head: ChunkTour.Head, _ sieve: LineSieve) -> Bool {
        field != nil || !ColumnScan(sieve, head).isEnough
    }

    /// What the columns have to tell.
    var columns: ColumnSet {
        switch key {
        case .source, .resource: [.slots]
        case .level, .field: []
        }
    }

    /// The group of each slot of a chunk; none where the source does not tell.
    func slots(of head: ChunkTour.Head, _ sieve: LineSieve) -> [Int] {
        guard !columns.isEmpty, let values else { return [] }
        return head.sources.map { id in
            guard let name = sieve.name(ofSource: id, key) else { return values.count + 1 }
            return values.firstIndex(of: Array(name.utf8)) ?? values.count
        }
    }

    /// `slots` are those of the chunk.
    @inline(__always)
    func group(of level: Level, _ slot: Int, _ slots: [Int]) -> Int {
        slots.isEmpty ? levels[Int(level.rawValue)] : slots[slot]
    }

    /// A reader for each source of a chunk; none where columns tell.
    func readers(of head: ChunkTour.Head, _ sieve: LineSieve) -> [FieldReader?] {
        guard let field else { return [] }
        return head.sources.map { id in
            sieve.wanted[id].map { FieldReader(field, of: $0.facts) }
        }
    }

    func group(
        of line: TestedLine,
        isTested: Bool,
        _ reader: FieldReader?,
        _ scratch: LineScratch
    ) -> Int {
        let values = values ?? []
        var group = values.count
        let isThere =
            reader?.read(line, isTested: isTested, scratch) { value in
                let text = value.prefix(LogValues.mostBytes)
                group = values.firstIndex { $0.elementsEqual(text) } ?? values.count
            } ?? false
        return isThere ? group : values.count + 1
    }
}

extension LineSieve {
    /// What a source is told apart by; nil for no resource, and for another key.
    func name(ofSource id: Int64, _ key: LogKey) -> String? {
        switch key {
        case .source: wanted[id]?.source.name
        case .resource: wanted[id]?.source.resource
        case .level, .field: nil
        }
    }
}
