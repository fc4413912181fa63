internal import Atlas
internal import FoundationEssentials
internal import GRDB

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

    /// Columns of the row: kind, key, codec, document.
    @discardableResult
    mutating func take(_ row: Row) throws -> Change {
        let name = Name(kind: row[0], key: row[1])
        let codec: Int = row[2]
        let stored = [UInt8](row[3] as Data)
        switch (codec, documents[name]) {
        case (Self.plainCodec, let old):
            if old == nil { names.append(name) }
            documents[name] = stored
            return Change(old: old, new: stored)
        case (Self.deltaCodec, let old?):
            guard let document = DocumentDelta.decode(stored, from: old) else { fallthrough }
            documents[name] = document
            return Change(old: old, new: document)
        default:
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: [],
                    debugDescription: "the state log breaks off at \(name.kind) '\(name.key)'"
                )
            )
        }
    }

    /// As if parts of these kinds had never been.
    mutating func forget(_ kinds: Set<String>) {
        documents = documents.filter { !kinds.contains($0.key.kind) }
        names.removeAll { kinds.contains($0.kind) }
    }

    func picture() throws -> Picture {
        var picture = Picture(at: .distantPast, estate: Estate())
        for name in names {
            let text = String(decoding: documents[name] ?? [], as: UTF8.self)
            picture.apply(try PicturePart(kind: name.kind, document: text))
        }
        return picture
    }
}
