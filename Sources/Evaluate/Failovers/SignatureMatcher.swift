package import Atlas

/// Finds the signatures of a pack in messages, byte by byte, without a regular expression.
package struct SignatureMatcher: Sendable {
    /// A signature that a message holds.
    package struct Match: Sendable {
        package var signature: Signature
        /// How the message names the resource that it is about; nil where the signature asks for none.
        package var name: String?
    }

    private struct Pattern: Sendable {
        var signature: Signature
        /// The literal pieces between the stars, in order.
        var pieces: [[UInt8]]
        /// Which of the runs between them is the name of a resource.
        var gap: Int?
    }

    private let patterns: [Pattern]
    /// Of each signature its longest piece: what holds none of them matches nothing.
    private let sieve: LiteralSieve

    package init(_ pack: SignaturePack) {
        let patterns = pack.signatures.map { signature in
            let (texts, gap) = Signature.pieces(of: signature.match)
            return Pattern(signature: signature, pieces: texts.map { Array($0.utf8) }, gap: gap)
        }
        self.patterns = patterns
        sieve = LiteralSieve(
            patterns.compactMap { pattern in
                pattern.pieces.reduce(nil) { longest, piece in
                    longest.map { $0.count >= piece.count ? $0 : piece } ?? piece
                }
            }
        )
    }

    /// Finds lines that may hold a signature; what is not given holds none.
    ///
    /// - Parameters:
    ///   - bytes: the lines, one right after the other.
    ///   - ends: where each ends.
    ///   - messageStarts: where the message begins in each.
    /// - Returns: which lines, rising.
    package func candidates(
        in bytes: [UInt8],
        ends: [UInt32],
        messageStarts: UnsafeBufferPointer<UInt32>
    ) -> [Int] {
        guard !patterns.isEmpty else { return [] }
        return bytes.withUnsafeBufferPointer { bytes in
            var found: [Int] = []
            var start = 0
            for (index, end) in ends.enumerated() {
                let message = min(start + Int(messageStarts[index]), Int(end))
                if sieve.mayHold(UnsafeBufferPointer(rebasing: bytes[message..<Int(end)])) {
                    found.append(index)
                }
                start = Int(end)
            }
            return found
        }
    }

    /// All signatures that the message holds, in the order of the pack.
    package func matches(_ message: ArraySlice<UInt8>) -> [Match] {
        var found: [Match] = []
        for pattern in patterns {
            guard let gap = Self.gap(in: message, pattern) else { continue }
            let name = pattern.gap.map { _ in String(decoding: message[gap], as: UTF8.self) }
            found.append(Match(signature: pattern.signature, name: name))
        }
        return found
    }

    /// Where the name of the resource stands, empty without any; nil when the message is another.
    private static func gap(in message: ArraySlice<UInt8>, _ pattern: Pattern) -> Range<Int>? {
        guard !pattern.pieces.isEmpty else { return nil }
        let gap = message.withUnsafeBufferPointer { bytes -> Range<Int>? in
            var from = 0
            var named = 0..<0
            for (index, piece) in pattern.pieces.enumerated() {
                guard let end = find(piece, in: bytes, from: from) else { return nil }
                if index == pattern.gap { named = from..<(end - piece.count) }
                from = end
            }
            return pattern.gap == pattern.pieces.count ? from..<bytes.count : named
        }
        return gap.map {
            (message.startIndex + $0.lowerBound)..<(message.startIndex + $0.upperBound)
        }
    }

    /// Offset just behind the first occurrence.
    private static func find(
        _ piece: [UInt8],
        in bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int? {
        var index = start
        while index + piece.count <= bytes.count {
            if bytes[index] == piece[0] {
                var length = 1
                while length < piece.count, bytes[index + length] == piece[length] { length += 1 }
                if length == piece.count { return index + length }
            }
            index += 1
        }
        return nil
    }
}
