import Atlas
import Glibc

/// Paths of log files: parts that are a `Glob`, `**` for folders in folders, alternatives `{a,b}`,
/// and the conversions of strftime(3), which stand for the present time and for the period before.
package struct PathPattern: Hashable, Sendable {
    /// More alternatives than that are not written out.
    private static let mostAlternatives = 1_000

    /// More alternatives than that: those behind are not looked for.
    let isCut: Bool
    private let text: String
    /// Length of the period after which another path is meant; nil where the time is not in it.
    private let period: Int64?

    package init(_ text: String) {
        self.text = text
        period = Self.period(of: text)
        isCut =
            Self.alternatives(of: text, limit: Self.mostAlternatives + 1).count
            > Self.mostAlternatives
    }

    /// True where it stands for one path only, whatever the time.
    package var isLiteral: Bool {
        period == nil && Self.alternatives(of: text, limit: 2).count == 1
            && FileName.parts(of: text).allSatisfy { Glob($0).literal != nil }
    }

    /// The patterns without alternatives and times that it stands for at a moment, in their order.
    func expanded(at now: Instant) -> [[Glob]] {
        var texts = [dated(now)]
        if let period { texts.append(dated(now - .seconds(period))) }
        var paths: [[Glob]] = []
        var seen: Set<[Glob]> = []
        let written = texts.flatMap { Self.alternatives(of: $0, limit: Self.mostAlternatives) }
        for path in written {
            let all = FileName.parts(of: path).map { Glob($0) }
            // Two of `**` are one.
            let parts = all.indices.filter {
                $0 == 0 || !all[$0].isRecursive || !all[$0 - 1].isRecursive
            }.map { all[$0] }
            if seen.insert(parts).inserted { paths.append(parts) }
        }
        return paths
    }

    // MARK: - Alternatives

    /// As the shell does it: `a{b,c}d` is `abd` and `acd`; a brace without its other end is itself.
    private static func alternatives(of text: String, limit: Int) -> [String] {
        var done: [String] = []
        var open = [Array(text.utf8)]
        while let next = open.popLast(), done.count < limit {
            guard let (start, commas, end) = braces(next) else {
                done.append(String(decoding: next, as: UTF8.self))
                continue
            }
            var from = start + 1
            var parts: [[UInt8]] = []
            for place in commas + [end] {
                parts.append(Array(next[..<start] + next[from..<place] + next[(end + 1)...]))
                from = place + 1
            }
            open += parts.reversed()
        }
        return done
    }

    /// The first pair of braces with a comma in it, by where it begins.
    private static func braces(_ text: [UInt8]) -> (start: Int, commas: [Int], end: Int)? {
        var first: (start: Int, commas: [Int], end: Int)?
        var open: [(start: Int, commas: [Int])] = []
        var isEscaped = false
        for (place, byte) in text.enumerated() {
            guard !isEscaped else {
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "{"): open.append((place, []))
            case UInt8(ascii: ",") where !open.isEmpty: open[open.count - 1].commas.append(place)
            case UInt8(ascii: "}"):
                guard let pair = open.popLast(), !pair.commas.isEmpty else { continue }
                if pair.start < first?.start ?? .max { first = (pair.start, pair.commas, place) }
            default: continue
            }
        }
        return first
    }

    // MARK: - Times

    /// Seconds after which another path may be meant: of the finest conversion in the text.
    private static func period(of text: String) -> Int64? {
        var finest: Int64?
        var isConversion = false
        // Bytes, as strftime(3) goes through them: a mark may follow the percent sign.
        for byte in text.utf8 {
            guard isConversion else {
                isConversion = byte == UInt8(ascii: "%")
                continue
            }
            isConversion = false
            let seconds: Int64? =
                switch UnicodeScalar(byte) {
                case "S", "T", "s", "r", "c": 1
                case "M", "R": 60
                case "H", "I", "k", "l", "p": 3_600
                case "%": nil
                default: 86_400
                }
            if let seconds { finest = min(finest ?? seconds, seconds) }
        }
        return finest
    }

    /// With the conversions of strftime(3) carried out, in the zone of this process.
    private func dated(_ now: Instant) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var seconds = time_t(now.nanoseconds / 1_000_000_000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return text }
        var buffer = [CChar](repeating: 0, count: 8_192)
        let length = strftime(&buffer, buffer.count, text, &parts)
        return length > 0
            ? String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            : text
    }
}
