import Atlas

/// Tells whether a line begins a record, or goes on with one.
package protocol LineJudge: Sendable {
    func matches(_ line: ArraySlice<UInt8>) -> Bool
}

/// Joins lines into records, by the rule of the source; line ends between them are LF.
struct RecordJoiner {
    private enum Rule {
        case first(any LineJudge)
        case continuation(any LineJudge)
        case indentation
    }

    private let rule: Rule
    private let limit: Int
    let timeout: Span
    private var held: [UInt8] = []
    /// Where the record that is held begins, in bytes of the stream; nil when none is.
    private(set) var start: Int?
    private var isCut = false
    private var cuts = 0

    /// `judge` reads the pattern of the rule, where it has one.
    init(_ multiline: Multiline, limit: Int, judge: (any LineJudge)?) {
        switch multiline.rule {
        case .first: rule = judge.map { .first($0) } ?? .indentation
        case .continuation: rule = judge.map { .continuation($0) } ?? .indentation
        case .indentation: rule = .indentation
        }
        self.limit = limit
        timeout = multiline.timeout
    }

    mutating func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts
    }

    /// Takes the next line, which begins at `start`; a record that it ends is added to the batch.
    mutating func take(_ line: ArraySlice<UInt8>, at start: Int, into batch: inout LineBatch) {
        switch rule {
        case .first(let judge):
            if judge.matches(line) {
                flush(into: &batch)
                hold(line, start)
            } else if self.start != nil {
                add(line)
            } else {
                // It goes on with a record whose beginning is not there.
                batch.bytes.append(contentsOf: line)
                batch.ends.append(UInt32(batch.bytes.count))
            }
        case .continuation(let judge): join(line, start, judge.matches(line), &batch)
        case .indentation:
            join(line, start, line.first == 32 || line.first == 9, &batch)
        }
    }

    /// Adds what is held: no line of it will come any more.
    mutating func flush(into batch: inout LineBatch) {
        guard start != nil else { return }
        if isCut {
            cuts += 1
            batch.bytes.append(contentsOf: LineSplitter.kept(held, limit))
            batch.bytes.append(contentsOf: LineSplitter.cutMark)
        } else {
            batch.bytes.append(contentsOf: held)
        }
        batch.ends.append(UInt32(batch.bytes.count))
        drop()
    }

    /// Forgets what is held.
    mutating func drop() {
        held.removeAll(keepingCapacity: true)
        start = nil
        isCut = false
    }

    private mutating func join(
        _ line: ArraySlice<UInt8>,
        _ start: Int,
        _ goesOn: Bool,
        _ batch: inout LineBatch
    ) {
        if goesOn, self.start != nil {
            add(line)
        } else {
            flush(into: &batch)
            hold(line, start)
        }
    }

    private mutating func hold(_ line: ArraySlice<UInt8>, _ start: Int) {
        held.append(contentsOf: line)
        self.start = start
    }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        // A line that was cut itself may be a little longer than the limit.
        guard held.count <= limit, held.count + 1 + line.count <= limit else {
            if !isCut { held += [10] + line.prefix(max(0, limit + 1 - held.count)) }
            isCut = held.count > limit
            return
        }
        held.append(10)
        held.append(contentsOf: line)
    }
}
