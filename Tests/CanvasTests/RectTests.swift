import Canvas
import Testing

@Suite("Dividing an area")
struct RectTests {
    private let demands = [
        RowDemand(least: 3, decent: 8, most: 12, rank: 1),
        RowDemand(least: 3, decent: 6, most: 7, rank: 0, isNeeded: true),
        RowDemand(least: 2, most: 4, rank: 2),
    ]

    @Test("parts lie inside, in order, apart, and within what they asked for", arguments: 0...40)
    func parts(height: Int) {
        let whole = Rect(x: 2, y: 5, width: 9, height: height)
        var top = whole.y
        for (part, demand) in zip(whole.stack(demands), demands) {
            guard let part else { continue }
            #expect(part.y >= top && part.bottom <= whole.bottom)
            #expect((demand.least...demand.most).contains(part.height))
            #expect(part.x == whole.x && part.width == whole.width)
            top = part.bottom
        }
    }

    @Test("what is needed stays when nothing else fits, and the first by rank comes next")
    func ranks() {
        func heights(_ height: Int) -> [Int?] {
            Rect(x: 0, y: 0, width: 1, height: height).stack(demands).map { $0?.height }
        }
        #expect(heights(1) == [nil, nil, nil])
        #expect(heights(4) == [nil, 4, nil])
        #expect(heights(9) == [3, 6, nil])
        #expect(heights(16) == [8, 6, 2])
        #expect(heights(40) == [12, 7, 4])
    }

    @Test("a rectangle never has a negative size")
    func negative() {
        let rect = Rect(x: 0, y: 0, width: 3, height: 1).inset(left: 2, top: 2, right: 2)
        #expect(rect.isEmpty && rect.width == 0 && rect.height == 0)
        let halves = Rect(x: 0, y: 0, width: 3, height: 1).split(left: 9, gap: 2)
        #expect(halves.left.width == 3 && halves.right.width == 0)
    }
}
