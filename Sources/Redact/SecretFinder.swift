internal import Atlas
internal import Glibc
internal import Patterns

/// Where something is to be hidden.
struct Secret: Hashable {
    /// In the bytes of the batch.
    var range: Range<Int>
    /// Index into the finder's names.
    var name: Int
    /// The line as a whole, since nobody knows what is in it.
    var isWholeLine = false
}

/// Finds what the redactions of one source hide.
struct SecretFinder: Sendable {
    private struct Own: Sendable {
        var code: RegexCode
        var group: Int
        var name: Int
    }

    let names: [String]
    private let keywords: KeywordScan
    private let card: Int?
    private let email: Int?
    private let ipv4: Int?
    private let own: [Own]

    /// Nil when there is nothing to find.
    init?(_ redactions: [Redaction]) throws(RedactError) {
        guard !redactions.isEmpty else { return nil }
        names = redactions.map(\.name)
        func place(_ kind: Redaction.Kind) -> Int? { redactions.firstIndex(of: .known(kind)) }
        keywords = KeywordScan(place)
        card = place(.card)
        email = place(.email)
        ipv4 = place(.ipv4)
        var own: [Own] = []
        for (index, redaction) in redactions.enumerated() {
            guard case .own(let name, let pattern) = redaction else { continue }
            switch RegexCode.compile(pattern, isAnchored: false) {
            case .code(let code):
                var group = 0
                if case .number(let number) = code.group(named: "secret") { group = number }
                own.append(Own(code: code, group: group, name: index))
            case .refused(let words, _): throw .badPattern(name: name, detail: words)
            }
        }
        self.own = own
    }

    /// In rising order, none touching another's bytes.
    func secrets(in batch: LineBatch) -> [Secret] {
        var found: [Secret] = []
        batch.bytes.withUnsafeBytes { bytes in
            keywords.find(in: bytes, ends: batch.ends) { found.append($0) }
            if let email {
                Email.find(in: bytes, ends: batch.ends, name: email) { found.append($0) }
            }
            if let card { Card.find(in: bytes, ends: batch.ends, name: card) { found.append($0) } }
            if let ipv4 { IPv4.find(in: bytes, ends: batch.ends, name: ipv4) { found.append($0) } }
            for own in own { find(own, in: bytes, ends: batch.ends, &found) }
        }
        return found.isEmpty ? [] : Self.apart(found)
    }

    private func find(
        _ own: Own,
        in bytes: UnsafeRawBufferPointer,
        ends: [UInt32],
        _ found: inout [Secret]
    ) {
        if let byte = own.code.neededByte, !Self.holds(bytes, byte) { return }
        var start = 0
        for end in ends.lazy.map({ Int($0) }) {
            defer { start = end }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if let byte = own.code.neededByte, !Self.holds(line, byte) { continue }
            let search = LineSearch(code: own.code, group: own.group, line: line)
            let isCertain = search.run { range in
                let place = start + range.lowerBound..<start + range.upperBound
                found.append(Secret(range: place, name: own.name))
            }
            if !isCertain {
                found.append(Secret(range: start..<end, name: own.name, isWholeLine: true))
            }
        }
    }

    private static func holds(_ bytes: UnsafeRawBufferPointer, _ byte: UInt8) -> Bool {
        bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
    }

    /// Sorted; of those that overlap one that covers them all, with the name of the first.
    private static func apart(_ found: [Secret]) -> [Secret] {
        let sorted = found.sorted {
            ($0.range.lowerBound, $1.range.upperBound, $0.name)
                < ($1.range.lowerBound, $0.range.upperBound, $1.name)
        }
        var apart: [Secret] = []
        for secret in sorted {
            guard let last = apart.last, secret.range.lowerBound < last.range.upperBound else {
                apart.append(secret)
                continue
            }
            let end = max(last.range.upperBound, secret.range.upperBound)
            if secret.isWholeLine, !last.isWholeLine {
                apart[apart.count - 1].isWholeLine = true
                apart[apart.count - 1].name = secret.name
            }
            apart[apart.count - 1].range = last.range.lowerBound..<end
        }
        return apart
    }

    /// The batch with `[redacted:NAME]` in the place of each secret.
    func hide(_ secrets: [Secret], in batch: LineBatch) -> LineBatch {
        var hidden = batch
        hidden.bytes = []
        hidden.bytes.reserveCapacity(batch.bytes.count + 16 * secrets.count)
        var next = 0
        var done = 0
        for (line, end) in batch.ends.lazy.map({ Int($0) }).enumerated() {
            while next < secrets.count, secrets[next].range.lowerBound < end {
                let secret = secrets[next]
                hidden.bytes += batch.bytes[done..<secret.range.lowerBound]
                let note = secret.isWholeLine ? " (whole line)" : ""
                hidden.bytes += Array("[redacted:\(names[secret.name])\(note)]".utf8)
                done = min(secret.range.upperBound, end)
                next += 1
            }
            hidden.bytes += batch.bytes[done..<end]
            done = end
            hidden.ends[line] = UInt32(hidden.bytes.count)
        }
        return hidden
    }
}
