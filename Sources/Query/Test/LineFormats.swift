package import Atlas
package import Decode

/// In which format the lines of each source are read again, to find their fields.
///
/// Those of a source without a format, or of one that is not known here, are read as what each of
/// them looks like.
package struct LineFormats: Sendable {
    private var formats: [String: any LogFormat] = [:]

    package init(sources: [LogSource] = [], own: [UserFormat] = []) {
        add(sources, own: own)
    }

    /// Adds what is known of further sources; what is there already stays.
    package mutating func add(_ sources: [LogSource], own: [UserFormat]) {
        let own = own.compactMap { RegexFormat($0) }
        for source in sources where formats[source.name] == nil {
            let format = FormatCatalog.format(named: source.format, own: own)
            formats[source.name] = format is PlainLog ? nil : format
        }
    }

    package func format(of source: String) -> any LogFormat {
        if let format = formats[source] { return format }
        // A placed source is read as the one that its name begins with.
        let bytes = Array(source.utf8)
        for index in bytes.indices.dropLast().reversed()
        where bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: " ") {
            if let format = formats[String(decoding: bytes[..<index], as: UTF8.self)] {
                return format
            }
        }
        return AutoLog()
    }
}
