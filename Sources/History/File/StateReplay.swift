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

    /// Columns of the row from 1 on: kind, key, codec, document.
    mutating func take(_ row: Row) throws {
        let name = Name(kind: try row.value(1), key: try row.value(2))
        let codec: Int = try row.value(3)
        let stored = [UInt8](try row.value(4) as Data)
        switch codec {
        case Self.plainCodec:
            if documents.updateValue(stored, forKey: name) == nil { names.append(name) }
        default:
            // Without its older self it waits for the next whole one.
            documents[name] = documents[name].flatMap { old in
                codec == Self.deltaCodec ? DocumentDelta.decode(stored, from: old) : nil
            }
            if documents[name] == nil { names.removeAll { $0 == name } }
        }
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
