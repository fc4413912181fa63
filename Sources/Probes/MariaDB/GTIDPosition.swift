/// Where a server is in each replication domain: `DOMAIN-SERVER-SEQUENCE`, parted by commas.
struct GTIDPosition {
    private var sequences: [UInt32: Int64] = [:]

    /// How many transactions that are; the numbers of a domain rise by one each.
    var transactions: Int64 {
        sequences.values.reduce(0) { sum, next in
            let (total, isTooLarge) = sum.addingReportingOverflow(next)
            return isTooLarge ? .max : total
        }
    }

    /// Goes on to a position where that is further; false when it is not one (an empty one is).
    mutating func take(_ text: Substring?) -> Bool {
        guard let text else { return false }
        for part in text.split(separator: ",") {
            let numbers = part.split(separator: "-", omittingEmptySubsequences: false)
            guard numbers.count == 3, let domain = UInt32(numbers[0]), UInt32(numbers[1]) != nil,
                let sequence = Int64(numbers[2]), sequence >= 0
            else { return false }
            sequences[domain] = max(sequences[domain] ?? 0, sequence)
        }
        return true
    }
}
