internal import Atlas
internal import HistoryFormat

extension [MetricPoint] {
    /// Adds a point where it belongs: to the one of its period, or as another, in order of time.
    mutating func merge(_ point: MetricPoint) {
        var index = endIndex
        while index > startIndex, self[index - 1].start > point.start { index -= 1 }
        if index > startIndex, self[index - 1].start == point.start {
            self[index - 1].set.merge(point.set)
        } else {
            insert(point, at: index)
        }
    }

    /// The same in periods of another width, which is a multiple; they are in order.
    func rolled(to width: Int64) -> [MetricPoint] {
        var rolled: [MetricPoint] = []
        for point in self {
            let start = point.start.floored(to: width)
            if let last = rolled.last, last.start == start {
                rolled[rolled.count - 1].set.merge(point.set)
            } else {
                rolled.append(MetricPoint(start: start, set: point.set))
            }
        }
        return rolled
    }
}
