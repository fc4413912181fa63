/// Which colour pair of ncurses stands for which two colours; bounded, filled as asked for.
///
/// A pair in use must not change its colours: ncurses would recolour what is on the screen. So
/// there is no eviction: when the table is full, whoever draws empties it and draws all again.
package struct PairTable: Sendable {
    /// What a look-up found.
    package enum Lookup: Equatable, Sendable {
        case known(Int32)
        /// The pair must be defined first.
        case new(Int32)
        case full
    }

    /// Numbers run from 1 to this; 0 is the terminal's own colours.
    package let limit: Int
    private var numbers: [UInt64: Int32] = [:]

    /// - Parameter limit: at most so many pairs; 0 or more.
    package init(limit: Int) {
        self.limit = max(0, limit)
    }

    package var count: Int { numbers.count }

    package mutating func lookUp(foreground: Int32, background: Int32) -> Lookup {
        if foreground == ColorMapping.terminalsOwn, background == ColorMapping.terminalsOwn {
            return .known(0)
        }
        let key =
            UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
        if let number = numbers[key] { return .known(number) }
        guard numbers.count < limit else { return .full }
        let number = Int32(numbers.count + 1)
        numbers[key] = number
        return .new(number)
    }

    package mutating func removeAll() {
        numbers.removeAll(keepingCapacity: true)
    }
}
