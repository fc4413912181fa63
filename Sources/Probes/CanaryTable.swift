/// What the canaries of SQL systems have in common: a table of numbers, `TABLE(seq, at)`.
enum CanaryTable {
    /// Which numbers are there, from `first` to `last`: a row for each island, with its first and
    /// its last number.
    static func islands(in table: String, _ first: Int64, _ last: Int64) -> String {
        """
        select min(seq) as first, max(seq) as last from (select seq, \
        seq - row_number() over (order by seq) as island from (select distinct seq \
        from \(table) where seq between \(first) and \(last)) d) i group by island order by 1
        """
    }

    static func removal(from table: String, _ first: Int64, _ last: Int64) -> String {
        "delete from \(table) where seq between \(first) and \(last)"
    }

    /// Takes a row of `islands`; false when it is none, or not behind those that came before.
    static func take(
        _ row: Substring,
        separator: Character,
        into islands: inout [ClosedRange<Int64>]
    ) -> Bool {
        let ends = row.split(separator: separator, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]),
            first <= last, islands.last.map({ $0.upperBound < first }) ?? true
        else { return false }
        islands.append(first...last)
        return true
    }

    /// A name between quotes, those inside it doubled; control characters fall out.
    static func quoted(_ name: some StringProtocol, _ quote: Unicode.Scalar) -> String {
        var quoted = String.UnicodeScalarView([quote])
        for scalar in name.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
            quoted.append(scalar)
            if scalar == quote { quoted.append(scalar) }
        }
        quoted.append(quote)
        return String(quoted)
    }
}
