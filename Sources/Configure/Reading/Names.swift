/// Names in the order in which they were written, each once, quick to look up.
struct Names {
    private(set) var list: [String] = []
    private var set: Set<String> = []

    init(_ names: [String] = []) {
        for name in names { insert(name) }
    }

    /// False when it was there already.
    @discardableResult
    mutating func insert(_ name: String) -> Bool {
        guard set.insert(name).inserted else { return false }
        list.append(name)
        return true
    }

    func contains(_ name: String) -> Bool { set.contains(name) }
}
