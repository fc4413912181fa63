internal import Atlas
internal import Collect
internal import Glibc
internal import Unpack

extension FuzzTarget {
    static let files = [
        // The first byte says how the lines are wanted.
        FuzzTarget("lines") { bytes in
            guard let first = bytes.first else { return }
            let treatment = treatment(first)
            let text = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            let whole = read(text, treatment, inPieces: false)
            let pieces = read(text, treatment, inPieces: true)
            hold(whole.lines == pieces.lines, "lines do not depend on the blocks")
            hold(whole.cuts == pieces.cuts, "nor does what is cut")
            guard encodings[Int(first & 7)] == nil, first & 16 == 0, !hasWideMark(text) else {
                return
            }
            let ends = text.count { $0 == 10 }
            let isOpen = text.last.map { $0 != 10 } ?? false
            // What is open may be padding, which is no line.
            let most = ends + (isOpen ? 1 : 0)
            let least = text.last == 0 ? ends : most
            hold((least...most) ~= whole.lines.count, "each line end ends a line")
        },
        FuzzTarget("journal-stream") { bytes in
            for limit in [64, 65_536] {
                let whole = records(bytes, limit, inPieces: false)
                hold(whole == records(bytes, limit, inPieces: true), "records, whatever the blocks")
                hold(whole.allSatisfy { $0.count <= limit }, "a record is within the limit")
            }
        },
        FuzzTarget("journal-entry", seeds: ["Tests/Fuzz/Seeds/journal-export"]) { bytes in
            var batch = LineBatch(source: 0, bytes: [], ends: [])
            JournalEntry(Array(bytes)[...]).append(to: &batch)
            hold(batch.ends == [UInt32(batch.bytes.count)], "an entry is a line")
            hold(batch.bytes.count <= bytes.count + 1, "which is not longer than its record")
        },
        FuzzTarget("packed", packed),
        // A pattern, and behind its first line end paths.
        FuzzTarget("paths") { bytes in
            let lines = bytes.lines.map { String(decoding: $0, as: UTF8.self) }
            let pattern = PathPattern(lines[0])
            let (exclusion, glob) = (PathExclusion(lines[0]), Glob(lines[0]))
            for path in lines.dropFirst() {
                _ = glob.matches(path)
                hold(exclusion.matches(path) == exclusion.matches(path), "a path matches, or not")
                let base = RotatedName.base(of: FileName(path))
                hold(base.text.utf8.count <= path.utf8.count, "a part of a name")
                let literal = LogFiles.literal(path)
                hold(PathPattern(literal).isLiteral, "a path that was made a pattern is one path")
            }
            hold(pattern.isLiteral == PathPattern(lines[0]).isLiteral, "a pattern means one thing")
        },
    ]

    private static let encodings = [
        nil, "UTF-16", "UTF-32BE", "ISO-8859-1", "SHIFT_JIS", nil, nil, nil,
    ]

    /// What begins with the mark of UTF-16 or UTF-32 has other line ends.
    private static func hasWideMark(_ text: UnsafeRawBufferPointer) -> Bool {
        text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF])
    }

    private static func treatment(_ byte: UInt8) -> LineTreatment {
        LineTreatment(
            limit: byte & 8 == 0 ? 16 : 4_096,
            encoding: encodings[Int(byte & 7)],
            multiline: byte & 16 == 0 ? nil : Multiline(rule: .indentation)
        )
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer,
        _ treatment: LineTreatment,
        inPieces: Bool
    ) -> (lines: [[UInt8]], cuts: Int) {
        var reader = LineReader(treatment, mark: Array(bytes.prefix(4)))
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        // What is no whole character stays in the file.
        let count = bytes.count / reader.width * reader.width
        let text = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        if inPieces {
            text.cut(width: reader.width) { reader.take($0, into: &batch) }
        } else {
            reader.take(text, into: &batch)
        }
        hold(reader.settled >= 0 && reader.settled <= count, "a position is in the file")
        reader.finish(into: &batch)
        return ((0..<batch.count).map { Array(batch.line($0)) }, reader.takeCuts())
    }

    private static func records(
        _ bytes: UnsafeRawBufferPointer,
        _ limit: Int,
        inPieces: Bool
    ) -> [[UInt8]] {
        var framer = JournalExportFramer(limit: limit)
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        if inPieces {
            bytes.cut { framer.take($0, into: &batch) }
        } else {
            framer.take(bytes, into: &batch)
        }
        framer.finish(into: &batch)
        return (0..<batch.count).map { Array(batch.line($0)) }
    }

    /// Without a name; written anew by each run.
    private static let scratch: Int32 = tmpfile().map { fileno($0) } ?? -1

    /// Read to its end, but for what grows without measure, in rooms of two sizes.
    private static func packed(_ bytes: UnsafeRawBufferPointer) {
        hold(ftruncate(scratch, 0) == 0, "there is a file")
        hold(pwrite(scratch, bytes.baseAddress, bytes.count, 0) == bytes.count, "it takes bytes")
        hold(lseek(scratch, 0, SEEK_SET) == 0, "it is read from its beginning")
        var plain = PlainBytes(scratch)
        let inOne = content { room in (try? plain.read(into: &room)) ?? 0 }
        guard let form = PackedForm(head: bytes), let file = PackedFile(form) else {
            return hold(inOne.elementsEqual(bytes.prefix(inOne.count)), "it is as it is")
        }
        let inPieces = content(piece: 61) { room in
            let piece = room.withUnsafeMutableBytes { file.read(scratch, into: $0) }
            guard case .bytes(let count) = piece else { return 0 }
            return count
        }
        let both = min(inOne.count, inPieces.count)
        hold(inOne[..<both] == inPieces[..<both], "what it holds depends on no room")
    }

    /// At most 16 MiB.
    private static func content(piece: Int = 4_096, _ read: (inout [UInt8]) -> Int) -> [UInt8] {
        var all: [UInt8] = []
        var room = [UInt8](repeating: 0, count: piece)
        for _ in 0..<4_096 {
            let count = read(&room)
            hold(count <= piece, "what was read has room")
            guard count > 0 else { break }
            all += room[..<count]
        }
        return all
    }
}
