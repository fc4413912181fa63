/// What is wrong with a body, in words for who sent it.
package struct BodyMistake: Error, Hashable {
    /// The status of the answer.
    package var status: Int
    package var words: String

    package init(_ words: String, status: Int = 400) {
        self.status = status
        self.words = words
    }
}

/// Walks over JSON (RFC 8259) without making a tree of it: values are places in the bytes.
///
/// What it passes over was checked to its last byte.
struct JSONWalk {
    enum Kind: Equatable {
        case object
        case array
        case string
        case number
        case literal
    }

    /// A value of deeper nesting is refused: it would cost stack, and no event has such.
    static let depthLimit = 128

    let bytes: [UInt8]
    /// The next byte to be read.
    private(set) var at = 0

    init(_ bytes: [UInt8], at: Int = 0) {
        self.bytes = bytes
        self.at = at
    }

    /// Blanks are passed over; nil at the end.
    mutating func next() -> Kind? {
        skipBlanks()
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case 0x7B: return .object
        case 0x5B: return .array
        case 0x22: return .string
        case 0x2D, 0x30...0x39: return .number
        default: return .literal
        }
    }

    mutating func skipBlanks() {
        while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    }

    /// Passes over a value, and says where it stands.
    @discardableResult
    mutating func value(depth: Int = 0) throws(BodyMistake) -> Range<Int> {
        guard let kind = next() else { throw mistake("the JSON ends inside a value") }
        let start = at
        switch kind {
        case .object:
            try members(depth: depth) { (walk, _) throws(BodyMistake) in
                try walk.value(depth: depth + 1)
            }
        case .array:
            try elements(depth: depth) { (walk) throws(BodyMistake) in
                try walk.value(depth: depth + 1)
            }
        case .string: try string()
        case .number: try number()
        case .literal: try literal()
        }
        return start..<at
    }

    /// Goes through an object; `body` is called with the place of each name, without its quotes,
    /// and has to pass over the value.
    mutating func members(
        depth: Int = 0,
        _ body: (inout JSONWalk, Range<Int>) throws(BodyMistake) -> Void
    ) throws(BodyMistake) {
        try enter(0x7B, "an object", depth: depth)
        if leave(0x7D) { return }
        repeat {
            guard next() == .string else { throw mistake("the name of a member has to stand here") }
            let name = try string()
            skipBlanks()
            guard at < bytes.count, bytes[at] == 0x3A else {
                throw mistake("':' has to stand here")
            }
            at += 1
            try body(&self, name)
        } while try goesOn(0x7D, "'}'")
    }

    /// Goes through an array; `body` has to pass over each element.
    mutating func elements(
        depth: Int = 0,
        _ body: (inout JSONWalk) throws(BodyMistake) -> Void
    ) throws(BodyMistake) {
        try enter(0x5B, "an array", depth: depth)
        if leave(0x5D) { return }
        repeat { try body(&self) } while try goesOn(0x5D, "']'")
    }

    /// Passes over a string and says where it stands, without its quotes.
    @discardableResult
    mutating func string() throws(BodyMistake) -> Range<Int> {
        guard next() == .string else { throw mistake("a string has to stand here") }
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case 0x22:
                at += 1
                return start..<at - 1
            case 0x5C: try escape()
            case 0x00..<0x20: throw mistake("a control character in a string: write it as \\u00XX")
            default: at += 1
            }
        }
        throw mistake("the JSON ends inside a string")
    }

    /// The name at a place is this one; a name with escapes is none that anybody asks for.
    func isWord(_ place: Range<Int>, _ word: String) -> Bool {
        bytes[place].elementsEqual(word.utf8)
    }

    func mistake(_ words: String) -> BodyMistake { BodyMistake("byte \(at + 1): \(words)") }

    private mutating func escape() throws(BodyMistake) {
        guard at + 1 < bytes.count else {
            at = bytes.count
            return
        }
        switch bytes[at + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: at += 2
        case 0x75:
            for index in at + 2..<at + 6 {
                let digit = index < bytes.count ? bytes[index] | 0x20 : 0
                guard (0x30...0x39).contains(digit) || (0x61...0x66).contains(digit) else {
                    throw mistake("four hexadecimal digits have to follow \\u")
                }
            }
            at += 6
        default: throw mistake("no such escape in JSON")
        }
    }

    private mutating func number() throws(BodyMistake) {
        if bytes[at] == 0x2D { at += 1 }
        if at < bytes.count, bytes[at] == 0x30 { at += 1 } else { try digits() }
        if at < bytes.count, bytes[at] == 0x2E {
            at += 1
            try digits()
        }
        if at < bytes.count, bytes[at] | 0x20 == 0x65 {
            at += 1
            if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(BodyMistake) {
        let start = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        guard at > start else { throw mistake("a digit has to stand here") }
    }

    private mutating func literal() throws(BodyMistake) {
        for word in ["true", "false", "null"] where bytes[at...].starts(with: word.utf8) {
            at += word.utf8.count
            return
        }
        throw mistake("no value of JSON begins so")
    }

    private mutating func enter(
        _ byte: UInt8,
        _ words: String,
        depth: Int
    ) throws(BodyMistake) {
        skipBlanks()
        guard at < bytes.count, bytes[at] == byte else {
            throw mistake("\(words) has to stand here")
        }
        guard depth < Self.depthLimit else {
            throw mistake("nested deeper than \(Self.depthLimit) levels")
        }
        at += 1
    }

    private mutating func leave(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func goesOn(_ end: UInt8, _ words: String) throws(BodyMistake) -> Bool {
        if leave(end) { return false }
        guard at < bytes.count else {
            throw mistake("the JSON ends where ',' or \(words) has to be")
        }
        guard bytes[at] == 0x2C else { throw mistake("',' or \(words) has to stand here") }
        at += 1
        return true
    }
}
