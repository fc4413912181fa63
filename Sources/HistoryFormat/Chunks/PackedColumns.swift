internal import Atlas

/// The columns of a chunk for codecs 1 and 2, before zstd.
///
///     +-------------+-------------+------------+--------------------+-----------------------+
///     | time base   | unit, time  | unit,      | 6 lengths in bytes | the 6 columns, one    |
///     | 0 arrival   | 0 ns, 1 µs, | arrival    | varint each        | behind the other      |
///     | 1 time      | 2 ms, 3 s   | as before  |                    |                       |
///     | 1 byte      | 1 byte      | 1 byte     |                    |                       |
///     +-------------+-------------+------------+--------------------+-----------------------+
///
/// The columns, with a value a line: length (varint); slot (varint); arrival less the one before
/// (signed varint, first 0); time, signed varint, less the line's arrival (base 0), or less the time
/// before (base 1, first 0); level (a byte); message start (varint). Differences
/// are in their unit, the coarsest that all of them are multiples of.
package enum PackedColumns {
    static let columnCount = 6
    /// The most bytes that a line's values take: 5 + 3 + 10 + 10 + 1 + 5.
    static let mostOfLine = 34
    static let mostOfHead = 3 + columnCount * ByteRoom.mostOfNumber

    /// Writes the columns of chunks that follow each other; `slots` are those of the whole.
    package static func write(
        _ pieces: [StoredChunk],
        slots: [[UInt16]],
        into room: inout ByteRoom,
        scratch: inout ByteRoom
    ) {
        let lines = pieces.reduce(0) { $0 + $1.count }
        scratch.removeAll()
        // A number checks for the room of the longest, also where the last is short.
        scratch.reserve(lines * mostOfLine + ByteRoom.mostOfNumber)
        let plan = TimePlan(pieces)
        var ends: [Int] = []
        for piece in pieces {
            var start: UInt32 = 0
            for end in piece.ends {
                scratch.put(UInt64(end &- start))
                start = end
            }
        }
        ends.append(scratch.count)
        for column in slots { for slot in column { scratch.put(UInt64(slot)) } }
        ends.append(scratch.count)
        plan.writeArrivals(pieces, into: &scratch)
        ends.append(scratch.count)
        plan.writeTimes(pieces, into: &scratch)
        ends.append(scratch.count)
        for piece in pieces { piece.levels.withUnsafeBytes { scratch.append($0) } }
        ends.append(scratch.count)
        scratch.reserve(ByteRoom.mostOfNumber)
        for piece in pieces { for start in piece.messageStarts { scratch.put(UInt64(start)) } }
        ends.append(scratch.count)

        room.removeAll()
        room.reserve(mostOfHead + scratch.count)
        room.put(plan.followsTime ? 1 : 0)
        room.put(UInt64(plan.timeUnit))
        room.put(UInt64(plan.arrivalUnit))
        var start = 0
        for end in ends {
            room.put(UInt64(end - start))
            start = end
        }
        room.append(scratch.bytes)
    }

    /// Nanoseconds of a unit.
    private static func scale(_ unit: Int) -> Int64 {
        switch unit {
        case 0: 1
        case 1: 1_000
        case 2: 1_000_000
        default: 1_000_000_000
        }
    }
    private static let unitCount = 4

    /// How times are told in the fewest bytes.
    private struct TimePlan {
        var followsTime = false
        var timeUnit = 0
        var arrivalUnit = 0

        init(_ pieces: [StoredChunk]) {
            var againstArrival = Room()
            var againstTime = Room()
            var arrivals = Room()
            var arrival: Int64 = 0
            var time: Int64 = 0
            for piece in pieces {
                for index in piece.arrivals.indices {
                    let nextArrival = piece.arrivals[index].nanoseconds
                    let nextTime = piece.times[index].nanoseconds
                    arrivals.add(nextArrival &- arrival)
                    againstArrival.add(nextTime &- nextArrival)
                    againstTime.add(nextTime &- time)
                    (arrival, time) = (nextArrival, nextTime)
                }
            }
            followsTime = againstTime.bits < againstArrival.bits
            timeUnit = followsTime ? againstTime.unit : againstArrival.unit
            arrivalUnit = arrivals.unit
        }

        func writeArrivals(_ pieces: [StoredChunk], into room: inout ByteRoom) {
            var before: Int64 = 0
            for piece in pieces {
                for arrival in piece.arrivals {
                    let step = arrival.nanoseconds &- before
                    room.putSigned(step == 0 ? 0 : Self.divided(step, arrivalUnit))
                    before = arrival.nanoseconds
                }
            }
        }

        func writeTimes(_ pieces: [StoredChunk], into room: inout ByteRoom) {
            var before: Int64 = 0
            for piece in pieces {
                for index in piece.times.indices {
                    let time = piece.times[index].nanoseconds
                    let base = followsTime ? before : piece.arrivals[index].nanoseconds
                    let step = time &- base
                    room.putSigned(step == 0 ? 0 : Self.divided(step, timeUnit))
                    before = time
                }
            }
        }

        /// By a constant each: that is a multiplication, where a division takes ten times as long.
        private static func divided(_ step: Int64, _ unit: Int) -> Int64 {
            switch unit {
            case 0: step
            case 1: step / 1_000
            case 2: step / 1_000_000
            default: step / 1_000_000_000
            }
        }

        /// What differences take, roughly, and in which unit.
        private struct Room {
            /// Of those so far, in nanoseconds.
            private(set) var bits = 0
            private(set) var unit = unitCount - 1

            mutating func add(_ step: Int64) {
                guard step != 0 else { return }
                bits += 64 - step.magnitude.leadingZeroBitCount
                while unit > 0, !isMultiple(step) { unit -= 1 }
            }

            private func isMultiple(_ step: Int64) -> Bool {
                switch unit {
                case 0: true
                case 1: step % 1_000 == 0
                case 2: step % 1_000_000 == 0
                default: step % 1_000_000_000 == 0
                }
            }
        }
    }

    // MARK: - Reading

    /// The chunk without its text; nil when the columns are not `count` lines of `sources`.
    ///
    /// Columns that are not `wanted` may be left empty, and what is in them is not looked at.
    package static func read(
        _ columns: UnsafeRawBufferPointer,
        firstLine: UInt64,
        count: Int,
        sources: [Int64],
        wanted: ColumnSet = .all
    ) -> StoredChunk? {
        var reader = ByteReader(columns)
        guard count > 0, count <= columns.count, let base = reader.next(), base <= 1,
            let timeUnit = reader.next(), timeUnit < unitCount,
            let arrivalUnit = reader.next(), arrivalUnit < unitCount
        else { return nil }
        var lengths: [Int] = []
        for _ in 0..<columnCount {
            guard let length = reader.next(), length <= columns.count else { return nil }
            lengths.append(Int(length))
        }
        guard lengths.reduce(0, +) == reader.rest else { return nil }
        var parts = lengths.map { reader.part($0) }
        let followsTime = base == 1
        let needsArrivals =
            wanted.contains(.arrivals) || wanted.contains(.times) && !followsTime
        guard let ends = wanted.contains(.ends) ? self.ends(&parts[0], count) : [],
            let slots = wanted.contains(.slots) ? self.slots(&parts[1], count, sources.count) : [],
            let arrivals = needsArrivals
                ? instants(&parts[2], count, unit: scale(Int(arrivalUnit))) : [],
            let times = wanted.contains(.times)
                ? times(
                    &parts[3],
                    arrivals,
                    count,
                    unit: scale(Int(timeUnit)),
                    followsTime: followsTime
                ) : [],
            let levels = levels(parts[4], count),
            let starts = wanted.contains(.starts) ? starts(&parts[5], count) : []
        else { return nil }
        return StoredChunk(
            firstLine: firstLine,
            sources: sources,
            slots: slots,
            bytes: [],
            ends: ends,
            arrivals: arrivals,
            times: times,
            levels: levels,
            messageStarts: starts
        )
    }

    private static func ends(_ reader: inout ByteReader, _ count: Int) -> [UInt32]? {
        var end: UInt64 = 0
        let ends = reader.column(count) { (length) -> UInt32? in
            guard length <= UInt32.max else { return nil }
            end += length
            return UInt32(exactly: end)
        }
        return reader.rest == 0 ? ends : nil
    }

    private static func slots(
        _ reader: inout ByteReader,
        _ count: Int,
        _ sources: Int
    ) -> [UInt16]? {
        guard sources > 0 else { return nil }
        let slots = reader.column(count, upTo: UInt16(clamping: sources - 1))
        return reader.rest == 0 ? slots : nil
    }

    private static func starts(_ reader: inout ByteReader, _ count: Int) -> [UInt32]? {
        let starts = reader.column(count, upTo: UInt32.max)
        return reader.rest == 0 ? starts : nil
    }

    private static func instants(
        _ reader: inout ByteReader,
        _ count: Int,
        unit: Int64
    ) -> [Instant]? {
        // To change one costs nothing, where to make one is a call.
        var last = Instant(nanoseconds: 0)
        let instants = reader.column(count) { (step) -> Instant? in
            last.nanoseconds &+= ByteReader.signed(step) &* unit
            return last
        }
        return reader.rest == 0 ? instants : nil
    }

    private static func times(
        _ reader: inout ByteReader,
        _ arrivals: [Instant],
        _ count: Int,
        unit: Int64,
        followsTime: Bool
    ) -> [Instant]? {
        if followsTime {
            return instants(&reader, count, unit: unit)
        }
        var index = 0
        let times = reader.column(count) { (step) -> Instant? in
            var time = arrivals[index]
            index += 1
            time.nanoseconds &+= ByteReader.signed(step) &* unit
            return time
        }
        return reader.rest == 0 ? times : nil
    }

    private static let mostLevel = Level.allCases.last?.rawValue ?? 0

    private static func levels(_ reader: ByteReader, _ count: Int) -> [Level]? {
        guard reader.rest == count else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: reader.bytes)
        guard bytes.allBytes(areUpTo: mostLevel) else { return nil }
        // In memory a level is its number, as `write` has it, too.
        return [Level](unsafeUninitializedCapacity: count) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
            filled = count
        }
    }
}
