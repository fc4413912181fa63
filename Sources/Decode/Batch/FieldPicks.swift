/// Fields that somebody asked for by name, found in line after line.
///
/// The lines of a program have the same fields in the same order: where a name was in the line
/// before is looked first. Of several fields of one name in a line one is taken.
struct FieldPicks: ~Copyable {
    private struct Pick {
        var known: KnownField?
        var name: [UInt8]
        /// In the names of the format that is read.
        var own: UInt8?
    }

    private var wanted: [Pick]
    /// Where each was in the line that had it last; below zero for one that no line had.
    private let guesses: UnsafeMutablePointer<Int>
    private var capacity = 0
    /// Column after column, of `capacity` places each.
    private var places: UnsafeMutablePointer<FieldPlace>?

    init(_ names: [String]) {
        wanted = names.map { name in
            Pick(known: KnownField(text: name), name: Array(name.utf8))
        }
        guesses = .allocate(capacity: max(1, names.count))
        guesses.initialize(repeating: -1, count: max(1, names.count))
    }

    deinit {
        guesses.deallocate()
        places?.deallocate()
    }

    func wasFound(_ pick: Int) -> Bool { wanted.indices.contains(pick) && guesses[pick] >= 0 }

    /// `names` are the format's own.
    mutating func prepare(for lines: Int, names: [String]) {
        for pick in wanted.indices {
            let own = names.firstIndex { $0.utf8.elementsEqual(wanted[pick].name) }
            wanted[pick].own = own.flatMap { UInt8(exactly: $0) }
        }
        guard lines > capacity, !wanted.isEmpty else { return }
        places?.deallocate()
        capacity = max(lines, 2 * capacity)
        places = .allocate(capacity: capacity * wanted.count)
    }

    /// Of the first `count` lines.
    func places(_ pick: Int, count: Int) -> UnsafeBufferPointer<FieldPlace> {
        guard let places, count <= capacity, wanted.indices.contains(pick) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: places + pick * capacity, count: count)
    }

    @inline(__always)
    mutating func take(
        _ line: borrowing RawSpan,
        base: Int,
        _ fields: borrowing FieldList,
        index: Int
    ) {
        guard let places, index >= 0, index < capacity else { return }
        for pick in 0..<wanted.count {
            var place = FieldPlace.absent
            if let found = find(pick, in: line, fields) {
                place.start = UInt32(truncatingIfNeeded: base) &+ found.start
                place.count = found.count
            }
            places[pick &* capacity &+ index] = place
        }
    }

    @inline(__always)
    private func find(
        _ pick: Int,
        in line: borrowing RawSpan,
        _ fields: borrowing FieldList
    ) -> Field.Place? {
        let guess = guesses[pick]
        if guess >= 0, guess < fields.count {
            let field = fields[guess]
            if has(pick, line, field) { return value(field) }
        }
        for index in 0..<fields.count where has(pick, line, fields[index]) {
            guesses[pick] = index
            return value(fields[index])
        }
        return nil
    }

    /// A null is no value.
    @inline(__always)
    private func value(_ field: Field) -> Field.Place? {
        field.kind == .null ? nil : field.value
    }

    @inline(__always)
    private func has(_ pick: Int, _ line: borrowing RawSpan, _ field: Field) -> Bool {
        switch field.name {
        case .known(let known):
            return wanted[pick].known == known
        case .own(let index):
            return wanted[pick].own == index
        case .written(let place):
            let name = wanted[pick].name
            guard Int(place.count) == name.count else { return false }
            let start = Int(place.start)
            for offset in 0..<name.count where line.byte(start &+ offset) != name[offset] {
                return false
            }
            return true
        }
    }
}
