internal import Atlas
internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// Rows of the state log from a keyframe on, put together to the picture after the last of them.
struct StateReplay {
    /// `state.codec`: the document itself, or what changed against the row of that part before.
    static let plainCodec = 0
    static let deltaCodec = 1

    private struct Name: Hashable {
        var kind: String
        var key: String
    }

    private var documents: [Name: [UInt8]] = [:]
    /// In the order in which they came, as `Picture.apply` keeps them.
    private var names: [Name] = []

    /// A document and what it was before; nil for a new one.
    struct Change {
        var old: [UInt8]?
        var new: [UInt8]
    }

    /// Nil where its older self is missing.
    ///
    /// Columns of the row from 1 on: kind, key, codec, document.
    @discardableResult
    mutating func take(_ row: Row) throws -> Change? {
        let name = Name(kind: try row.value(1), key: try row.value(2))
        let codec: Int = try row.value(3)
        let stored = [UInt8](try row.value(4) as Data)
        let old = documents[name]
        guard codec != Self.plainCodec else {
            if old == nil { names.append(name) }
            documents[name] = stored
            return Change(old: old, new: stored)
        }
        // Without its older self it waits for the next whole one.
        let new = old.flatMap { old in
            codec == Self.deltaCodec ? DocumentDelta.decode(stored, from: old) : nil
        }
        documents[name] = new
        if new == nil { names.removeAll { $0 == name } }
        return new.map { Change(old: old, new: $0) }
    }

    /// As if parts of these kinds had never been.
    mutating func forget(_ kinds: Set<String>) {
        documents = documents.filter { !kinds.contains($0.key.kind) }
        names.removeAll { kinds.contains($0.kind) }
    }

    /// Of the parts that can be read.
    func picture() -> Picture {
        var picture = Picture(at: .distantPast, estate: Estate())
        for name in names {
            let text = String(decoding: documents[name] ?? [], as: UTF8.self)
            if let part = try? PicturePart(kind: name.kind, document: text) { picture.apply(part) }
        }
        return picture
    }
}
