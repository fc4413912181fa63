import Atlas
import Chance
import History

extension Folder {
    /// A history of three chunks that are not joined, since each is shorter than the one before.
    func makeChunks(_ dice: inout Dice, picture: Picture) throws -> [LogChunk] {
        let writer = try HistoryWriter(path: history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        var chunks: [LogChunk] = []
        for most in [400, 100, 20] {
            var chunk = dice.chunk(firstLine: writer.nextLine, upTo: most, sources: 3)
            while chunk.count < most / 2 {
                chunk = dice.chunk(firstLine: writer.nextLine, upTo: most, sources: 3)
            }
            chunks.append(chunk)
            try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        }
        try writer.close()
        return chunks
    }
}
