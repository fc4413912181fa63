internal import GRDB

/// The rows of a table in the order of its integer key, around those that cannot be read.
///
/// Where a page is damaged it goes on at the next key behind it that can be reached: a page costs
/// the rows that are in it, and one of the inner nodes those below it.
final class KeyScan {
    private let db: Database
    private let sql: (key: String, columns: String, table: String, condition: String)
    private let arguments: StatementArguments
    private let isDescending: Bool
    private let last: Int64
    /// The key to go on from, itself included.
    private var place: Int64
    private var cursor: RowCursor?
    private var isOver = false
    /// How often a way on is looked for before a row is found: more than two searches among all
    /// numbers take.
    private static let mostTries = 256
    /// How often it still is: a scan ends, whatever the file holds.
    private var tries = mostTries
    /// How far a jump goes at first: farther where the one before found nothing.
    private var leap: Int64 = 1

    /// How often something could not be read: each is at least one row.
    private(set) var gaps = 0

    /// What is wanted comes behind the key, which is column 0; `keys` are the least and the most,
    /// and the condition, with its arguments, is what else has to hold.
    init(
        _ db: Database,
        _ columns: String,
        of table: String,
        by key: String,
        in keys: ClosedRange<Int64> = Int64.min...Int64.max,
        where condition: String = "1",
        _ arguments: StatementArguments = StatementArguments(),
        isDescending: Bool = false
    ) {
        self.db = db
        sql = (key, columns, table, condition)
        self.arguments = arguments
        self.isDescending = isDescending
        place = isDescending ? keys.upperBound : keys.lowerBound
        last = isDescending ? keys.lowerBound : keys.upperBound
    }

    /// Valid until the next call; throws what is no damage, such as a disk that cannot be read.
    func next() throws -> Row? {
        while !isOver {
            do {
                let cursor = try self.cursor ?? rows(from: place)
                self.cursor = cursor
                guard let row = try cursor.next() else { break }
                let key: Int64 = try row.value(0)
                guard isAhead(key) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
                (leap, tries) = (1, Self.mostTries)
                if key == last { isOver = true } else { place = key + (isDescending ? -1 : 1) }
                return row
            } catch  where Damage.isOne(error) {
                cursor = nil
                gaps += 1
                try jump()
            }
        }
        isOver = true
        return nil
    }

    private func query(_ limit: String = "") -> String {
        let sign = isDescending ? ("<=", ">=", "DESC") : (">=", "<=", "ASC")
        return """
            SELECT \(sql.key), \(sql.columns) FROM \(sql.table)
            WHERE \(sql.key) \(sign.0) ? AND \(sql.key) \(sign.1) ? AND \(sql.condition)
            ORDER BY \(sql.key) \(sign.2) \(limit)
            """
    }

    private func rows(from place: Int64) throws -> RowCursor {
        try Row.fetchCursor(db, sql: query(), arguments: [place, last] + arguments)
    }

    private func isAhead(_ key: Int64) -> Bool {
        isDescending ? key <= place && key >= last : key >= place && key <= last
    }

    /// Goes on at the nearest key from which rows can be read.
    private func jump() throws {
        var failing = place
        // From where the steps are counted: those among all numbers take two turns.
        var start = place
        var step = leap
        leap = leap <= Int64.max / 2 ? 2 * leap : .max
        while failing != last, tries > 0 {
            let (sum, isPast) =
                isDescending
                ? start.subtractingReportingOverflow(step) : start.addingReportingOverflow(step)
            let next = !isPast && isAhead(sum) ? sum : last
            if try works(from: next) {
                place = step == 1 || leap > 2 ? next : try nearest(working: next, failing: failing)
                return
            }
            failing = next
            if step <= Int64.max / 2 { step *= 2 } else { (start, step) = (failing, 1) }
        }
        isOver = true
    }

    private func nearest(working: Int64, failing: Int64) throws -> Int64 {
        var (working, failing) = (working, failing)
        while true {
            // Their mean, which their sum might be too large for.
            let middle = (working & failing) + ((working ^ failing) >> 1)
            guard middle != working, middle != failing, tries > 0 else { return working }
            if try works(from: middle) { working = middle } else { failing = middle }
        }
    }

    private func works(from place: Int64) throws -> Bool {
        tries -= 1
        do {
            let row = try Row.fetchOne(
                db,
                sql: query("LIMIT 1"),
                arguments: [place, last] + arguments
            )
            guard let key: Int64 = try row?.value(0) else { return true }
            return isDescending ? key <= place : key >= place
        } catch  where Damage.isOne(error) {
            return false
        }
    }
}

extension Database {
    /// What can be read of a table that has no integer key, in the order of `keys`; `body` gets the
    /// columns and may throw for those of a row that is none.
    ///
    /// Around one damaged page: from both ends.
    func readable<Value>(
        _ columns: String,
        of table: String,
        by keys: [String],
        _ body: (Row) throws -> Value
    ) throws -> (values: [Value], lost: Int) {
        var (front, back): ([Value], [Value]) = ([], [])
        var seen: Set<[DatabaseValue]> = []
        var lost = 0
        /// True when it came to the end.
        func read(_ order: String, into values: inout [Value]) throws -> Bool {
            do {
                let rows = try Row.fetchCursor(
                    self,
                    sql: """
                        SELECT \(columns), \(keys.joined(separator: ", ")) FROM \(table)
                        ORDER BY \(keys.map { "\($0) \(order)" }.joined(separator: ", "))
                        """
                )
                while let row = try rows.next() {
                    let key = Array(row.databaseValues.suffix(keys.count))
                    guard seen.insert(key).inserted else { return true }
                    do {
                        values.append(try body(row))
                    } catch  where Damage.isOne(error) {
                        lost += 1
                    }
                }
                return true
            } catch  where Damage.isOne(error) {
                lost += 1
                return false
            }
        }
        if try !read("ASC", into: &front) { _ = try read("DESC", into: &back) }
        return (front + back.reversed(), lost)
    }
}
