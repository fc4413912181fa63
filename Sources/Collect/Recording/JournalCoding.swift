package import Atlas
import FoundationEssentials

/// Inputs to lines of a recording and back, as Docs/recording.md describes them.
package struct JournalCoding {
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()

    package init() {
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Without a line end.
    package func line(of input: Input) throws -> [UInt8] {
        Array(try encoder.encode(JournalLine(input)))
    }

    /// Nil for what is no input.
    package func input(of line: ArraySlice<UInt8>) -> Input? {
        (try? decoder.decode(JournalLine.self, from: Data(line)))?.input
    }
}
