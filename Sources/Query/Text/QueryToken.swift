/// A piece of a query, and where it begins.
struct QueryToken: Hashable {
    enum Kind: Hashable {
        case open
        case close
        case or
        case and
        case not
        /// A word that stands for itself.
        case word(String)
        /// What stands between quotes.
        case phrase(String)
        case regex(LogCondition.Pattern)
        case comparison(Comparison)
        /// Behind the last one.
        case end
    }

    struct Comparison: Hashable {
        var name: String
        /// `field:NAME` names a field that is called like a word of the language.
        var isField: Bool
        var sign: LogCondition.Comparison
        var value: Value
        var valueOffset: Int
    }

    enum Value: Hashable {
        case none
        case word(String)
        case phrase(String)
        case regex(LogCondition.Pattern)
    }

    var kind: Kind
    /// In bytes.
    var offset: Int
}
