package import Atlas

/// Finds the signatures of a pack in messages, byte by byte, without a regular expression.
package struct SignatureMatcher: Sendable {
    private struct Pattern: Sendable {
        var signature: Signature
        /// The literal pieces between the stars, in order.
        var pieces: [[UInt8]]
    }

    private let patterns: [Pattern]

    package init(_ pack: SignaturePack) {
        patterns = pack.signatures.map { signature in
            Pattern(
                signature: signature,
                pieces: signature.match.split(separator: "*").map { Array($0.utf8) }
            )
        }
    }

    /// All signatures that the message holds, in the order of the pack.
    package func matches(_ message: ArraySlice<UInt8>) -> [Signature] {
        var found: [Signature] = []
        for pattern in patterns where Self.holds(message, pattern.pieces) {
            found.append(pattern.signature)
        }
        return found
    }

    private static func holds(_ message: ArraySlice<UInt8>, _ pieces: [[UInt8]]) -> Bool {
        guard !pieces.isEmpty else { return false }
        return message.withUnsafeBufferPointer { bytes in
            var from = 0
            for piece in pieces {
                guard let end = find(piece, in: bytes, from: from) else { return false }
                from = end
            }
            return true
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
