import Atlas

/// What a plugin prints: `TEXT|PERFDATA`, then lines of long text, of which one with a bar begins
/// more performance data that goes on to the end.
struct PluginOutput {
    /// Values taken from one reply; what comes after them is passed over.
    static let limit = 256

    /// The first line without its performance data, cut to 300 bytes.
    let text: String
    let samples: [MetricSample]

    init(_ output: String) {
        let lines = output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let first = lines.first ?? ""
        let bar = first.firstIndex(of: "|") ?? first.endIndex
        text = first[..<bar].split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .shortened(toBytes: 300)
        var data = String(first[bar...].dropFirst())
        let rest = lines.dropFirst()
        if let more = rest.firstIndex(where: { $0.contains("|") }) {
            let bar = rest[more].firstIndex(of: "|") ?? rest[more].endIndex
            data += " " + rest[more][bar...].dropFirst()
            data += rest[(more + 1)...].map { " " + $0 }.joined()
        }
        samples = Self.samples(Array(data.utf8))
    }

    /// `'LABEL'=VALUE[UNIT];WARN;CRIT;MIN;MAX`, apart by blanks; a quote in a label is doubled.
    ///
    /// What is no value is passed over: `U` says that the plugin does not know one.
    private static func samples(_ bytes: [UInt8]) -> [MetricSample] {
        var samples: [MetricSample] = []
        var rest = bytes[...]
        while samples.count < limit {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard !rest.isEmpty else { break }
            guard let label = label(&rest) else { break }
            let value = rest.prefix { $0 != 0x20 && $0 != 0x09 }
            rest = rest[value.endIndex...]
            let number = value.prefix { $0 != UInt8(ascii: ";") }
            if !label.isEmpty, let sample = sample(label, number) { samples.append(sample) }
        }
        return samples
    }

    /// The label up to and with its `=`; empty for a word without one, nil for an open quote.
    private static func label(_ rest: inout ArraySlice<UInt8>) -> String? {
        let quote = UInt8(ascii: "'")
        let equals = UInt8(ascii: "=")
        guard rest.first == quote else {
            let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
            guard let end = word.firstIndex(of: equals) else {
                rest = rest[word.endIndex...]
                return ""
            }
            rest = rest[(end + 1)...]
            return String(decoding: word[..<end], as: UTF8.self)
        }
        rest = rest.dropFirst()
        var label: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == quote else {
                label.append(byte)
                continue
            }
            guard rest.first == quote else {
                if rest.first == equals { rest = rest.dropFirst() } else { label = [] }
                return String(decoding: label, as: UTF8.self)
            }
            label.append(quote)
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func sample(_ label: String, _ text: ArraySlice<UInt8>) -> MetricSample? {
        let digits = text.prefix { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
        }
        var end = digits.endIndex
        // An exponent, as some plugins write; otherwise the unit begins here.
        if let e = text[end...].first, e | 0x20 == UInt8(ascii: "e") {
            let power = text[(end + 1)...].prefix { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-".utf8.contains(byte)
            }
            if !power.isEmpty { end = power.endIndex }
        }
        guard let value = Double(finite: String(decoding: text[..<end], as: UTF8.self)) else {
            return nil
        }
        return MetricSample(
            name: label.shortened(toBytes: 100),
            value: value,
            unit: String(decoding: text[end...], as: UTF8.self).shortened(toBytes: 16)
        )
    }
}
