/// The known name that a misspelt one most likely meant; nil when none is near.
///
/// Near means an optimal-string-alignment distance (insert, delete, replace, swap neighbours) of
/// at most a third of the longer name, and at least one allowed.
package func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard wanted.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in known {
        let other = Array(candidate.lowercased().unicodeScalars)
        let distance = alignmentDistance(wanted, other)
        let limit = max(1, max(wanted.count, other.count) / 3)
        guard distance <= limit, distance < best?.distance ?? .max else { continue }
        best = (candidate, distance)
    }
    return best?.name
}

private func alignmentDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in 0..<left.count {
        var row = [i + 1] + [Int](repeating: 0, count: right.count)
        for j in 0..<right.count {
            let replace = last[j] + (left[i] == right[j] ? 0 : 1)
            row[j + 1] = min(replace, last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
            }
        }
        beforeLast = last
        last = row
    }
    return last[right.count]
}
