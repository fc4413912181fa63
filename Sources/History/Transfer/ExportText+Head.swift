package import HistoryFormat

extension ExportText {
    package mutating func add(_ head: ExportHead) throws(HistoryError) {
        add("export", try explaining("") { try Document.encode(head) })
    }

    package mutating func add(_ end: ExportEnd) throws(HistoryError) {
        add("end", try explaining("") { try Document.encode(end) })
    }
}
