internal import Atlas
internal import Patterns

/// Tells the resource of an estate by the text of a field.
///
/// What it found out for a text it remembers, for the newest thousand of them or so.
struct Placer: Sendable {
    private static let capacity = 1_024

    let field: FieldName
    private let estate: Estate
    private let traits: [LineRule.Placement.Trait]
    private let glob: NamePattern?
    private let code: RegexCode?
    private let groups: [(target: LineRule.Placement.Target, number: Int)]
    private var known: [UInt64: (text: [UInt8], answer: Answer)] = [:]

    enum Answer: Hashable, Sendable {
        /// The text is another one than the rule is about.
        case other
        /// No resource, or several, are what the rule says.
        case nowhere
        /// Index into the estate's resources.
        case resource(Int)
    }

    init?(_ placement: LineRule.Placement, _ estate: Estate, _ names: inout FieldNames) {
        field = names.name(placement.field)
        self.estate = estate
        traits = placement.traits
        switch placement.pattern {
        case .glob(let text):
            glob = NamePattern(text)
            code = nil
            groups = []
        case .regex(let pattern):
            guard case .code(let code) = RegexCode.compile(pattern, isAnchored: false) else {
                return nil
            }
            glob = nil
            self.code = code
            groups = code.namedGroups.compactMap { group in
                LineRule.Placement.Target(rawValue: group.name).map { ($0, group.number) }
            }
        }
    }

    mutating func place(_ text: UnsafeRawBufferPointer) -> Answer {
        let hash = FieldHash.value(text)
        if let known = known[hash], known.text.elementsEqual(text) { return known.answer }
        let answer = find(text)
        // A hundred thousand hosts do not fit: all is forgotten at once, and asked anew.
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[hash] = (Array(text), answer)
        return answer
    }

    private func find(_ text: UnsafeRawBufferPointer) -> Answer {
        var wanted = traits
        if let glob, !glob.matches(text) { return .other }
        if let code {
            guard case .matched(let found) = code.search(text) else { return .other }
            for (target, number) in groups {
                guard let range = found[number] else { continue }
                wanted.append(.init(target, String(decoding: text[range], as: UTF8.self)))
            }
        }
        let resources = estate.resources(with: wanted)
        guard resources.count == 1,
            let index = estate.resources.firstIndex(where: { $0.name == resources[0].name })
        else { return .nowhere }
        return .resource(index)
    }
}

/// FNV-1a, 64 bits, with a last mix (MurmurHash3's), so that its lowest bits are good, too.
enum FieldHash {
    static func value(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ (hash >> 33)
    }
}
