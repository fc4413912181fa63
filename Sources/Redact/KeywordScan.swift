internal import Atlas

/// Finds the secrets that a word stands before, or that begin with one: one pass over a batch.
///
/// Three tables have a bit for each word, by its first three letters: where all three hold it, the
/// place is looked at more closely. Lines are not looked for before that.
struct KeywordScan: Sendable {
    private let first: [UInt16]
    private let second: [UInt16]
    private let third: [UInt16]
    /// By the bit: what is looked for, and the index of its name.
    private let words: [(look: Look, name: Int)]

    private enum Look {
        case jwt, bearer, basic, awsKey, tokenKey, prefix, passwordKey, url
    }

    /// `name` is the index of the name of a kind, nil for those that are not looked for.
    init(_ name: (Redaction.Kind) -> Int?) {
        let wanted: [(Redaction.Kind, Look, StaticString, StaticString, StaticString)] = [
            (.jwt, .jwt, "e", "y", "J"),
            (.bearer, .bearer, "Bb", "Ee", "Aa"), (.bearer, .basic, "Bb", "Aa", "Ss"),
            (.awsKey, .awsKey, "A", "KS", "I"),
            (.token, .tokenKey, "Tt", "Oo", "Kk"), (.token, .tokenKey, "Ss", "Ee", "Cc"),
            (.token, .tokenKey, "Aa", "Pp", "Ii"),
            (.token, .prefix, "g", "hil", "opsurt"), (.token, .prefix, "x", "o", "x"),
            (.token, .prefix, "s", "k", "_"),
            (.password, .passwordKey, "Pp", "AaWw", "SsDd"), (.password, .url, ":", "/", "/"),
        ]
        var tables = [[UInt16]](repeating: [UInt16](repeating: 0, count: 256), count: 3)
        var words: [(Look, Int)] = []
        for (kind, look, first, second, third) in wanted {
            guard let name = name(kind) else { continue }
            let bit = UInt16(1) << UInt16(words.count)
            for (table, letters) in [first, second, third].enumerated() {
                for index in 0..<letters.utf8CodeUnitCount {
                    tables[table][Int(letters.utf8Start[index])] |= bit
                }
            }
            words.append((look, name))
        }
        (first, second, third) = (tables[0], tables[1], tables[2])
        self.words = words
    }

    /// Calls `found` for each, rising but for what overlaps.
    func find(in bytes: UnsafeRawBufferPointer, ends: [UInt32], _ found: (Secret) -> Void) {
        guard !words.isEmpty, bytes.count > 2 else { return }
        var lines = LineCursor(ends)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                third.withUnsafeBufferPointer { third in
                    var index = 0
                    let last = bytes.count - 2
                    while index < last {
                        let bits =
                            first[Int(bytes[index])] & second[Int(bytes[index + 1])]
                            & third[Int(bytes[index + 2])]
                        if bits != 0 {
                            let text = LineText(bytes: bytes, line: lines.line(holding: index))
                            look(bits, at: index, text, found)
                        }
                        index += 1
                    }
                }
            }
        }
    }

    private func look(
        _ bits: UInt16,
        at index: Int,
        _ text: LineText,
        _ found: (Secret) -> Void
    ) {
        var bits = bits
        while bits != 0 {
            let word = words[bits.trailingZeroBitCount]
            bits &= bits - 1
            let range: Range<Int>? =
                switch word.look {
                case .jwt: text.jwt(at: index)
                case .bearer: text.bearer(at: index)
                case .basic: text.basic(at: index)
                case .awsKey: text.awsKey(at: index)
                case .tokenKey: text.keyedToken(at: index)
                case .prefix: text.prefixedToken(at: index)
                case .passwordKey: text.keyedPassword(at: index)
                case .url: text.urlPassword(at: index)
                }
            if let range, !range.isEmpty { found(Secret(range: range, name: word.name)) }
        }
    }
}

/// Tells in which line an offset is; offsets are asked for in rising order.
struct LineCursor {
    private let ends: [UInt32]
    private var index = 0
    private var start = 0

    init(_ ends: [UInt32]) {
        self.ends = ends
    }

    mutating func line(holding offset: Int) -> Range<Int> {
        while index < ends.count, Int(ends[index]) <= offset {
            start = Int(ends[index])
            index += 1
        }
        return start..<(index < ends.count ? Int(ends[index]) : max(start, offset))
    }
}
