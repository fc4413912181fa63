/// Fields that somebody asked for by name, found in line after line.
///
/// The lines of a program have the same fields in the same order: where a name was in the line
/// before is looked first. Of several fields of one name in a line one is taken.
struct FieldPicks: ~Copyable {
    private struct Pick {
        var known: KnownField?
        var name: [UInt8]
    }

    /// Place of a field that a line does not have.
    private static let absent = UInt32.max

    private let wanted: [Pick]
    /// Where each was in the line that had it last; below zero for one that no line had.
    private let guesses: UnsafeMutablePointer<Int>
    private var capacity = 0
    /// Column after column, of `capacity` places each.
    private var places: UnsafeMutablePointer<SIMD2<UInt32>>?

    init(_ names: [String]) {
        wanted = names.map { name in
            Pick(known: KnownField.allCases.first { $0.text == name }, name: Array(name.utf8))
        }
        guesses = .allocate(capacity: max(1, names.count))
        guesses.initialize(repeating: -1, count: max(1, names.count))
    }

    deinit {
        guesses.deallocate()
        places?.deallocate()
    }

    func wasFound(_ pick: Int) -> Bool { wanted.indices.contains(pick) && guesses[pick] >= 0 }

    mutating func prepare(for lines: Int) {
        guard lines > capacity, !wanted.isEmpty else { return }
        places?.deallocate()
        capacity = max(lines, 2 * capacity)
        places = .allocate(capacity: capacity * wanted.count)
    }

    /// In the bytes of the batch.
    func place(pick: Int, line: Int) -> Range<Int>? {
        guard let places, line >= 0, line < capacity, wanted.indices.contains(pick) else {
            return nil
        }
        let place = places[pick * capacity + line]
        guard place[0] != Self.absent else { return nil }
        return Int(place[0])..<Int(place[0]) + Int(place[1])
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
            let found = find(pick, in: line, fields)
            places[pick &* capacity &+ index] =
                found.map { SIMD2(UInt32(truncatingIfNeeded: base) &+ $0.start, $0.count) }
                ?? SIMD2(Self.absent, 0)
        }
    }

    @inline(__always)
    private func find(
        _ pick: Int,
        in line: borrowing RawSpan,
        _ fields: borrowing FieldList
    ) -> Field.Place? {
        let guess = guesses[pick]
        if guess >= 0, guess < fields.count, has(pick, line, fields[guess]) {
            return value(fields[guess])
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
