import Atlas
import Collect
import Foundation
import Packing
import Testing
import Unpack

/// A folder of logs, what follows it, and what came of it.
struct TailScenario {
    let folder: TemporaryFolder
    var inbox: Inbox
    private var tail: FileTail?
    var sources: [LogSource] = []
    var options = FileTail.Options()
    var capacity = 100_000
    /// As the history would have kept them, over restarts.
    private(set) var kept: [[String]: ReadPosition] = [:]
    /// The lines of all runs.
    private(set) var allLines: [String] = []
    private var noted = 0

    init() throws {
        folder = try TemporaryFolder()
        inbox = try Inbox()
    }

    /// A source of a pattern inside the folder.
    mutating func follow(
        _ pattern: String,
        start: LogSource.Start = .beginning,
        _ change: (inout LogFiles) -> Void = { _ in }
    ) {
        var files = LogFiles(path: "\(folder.path)/\(pattern)")
        change(&files)
        sources.append(
            LogSource(
                name: "source \(sources.count)",
                origin: .files(files),
                format: "plain",
                start: start
            )
        )
    }

    /// As if something of the source had been read before: no file is old then.
    mutating func seed(_ source: String) {
        let position = ReadPosition(
            source: source,
            device: 0,
            inode: 0,
            offset: 0,
            head: 0,
            tail: 0
        )
        kept[Self.key(position)] = position
    }

    mutating func begin() throws {
        inbox = try Inbox(capacity: capacity)
        noted = 0
        tail = try FileTail(
            sources: sources,
            positions: Array(kept.values),
            into: inbox.mailbox,
            options: options
        )
    }

    /// Ends it in order; what came is kept.
    mutating func stop() throws {
        tail?.stop()
        tail = nil
        inbox.mailbox.close()
        inbox.takeRest()
        note()
    }

    mutating func wait(
        for what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        until isEnough: ([Input]) throws -> Bool
    ) throws {
        try inbox.wait(for: what, sourceLocation: sourceLocation, until: isEnough)
        note()
    }

    /// Waits until so many lines came in this run.
    mutating func wait(lines count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait(for: "\(count) lines", sourceLocation: sourceLocation) {
            Self.count($0) >= count
        }
    }

    var lines: [String] { CollectTests.lines(inbox.inputs) }
    var told: [String] { happenings(inbox.inputs).map { "\($0.kind) \($0.detail)" } }

    private static func count(_ inputs: [Input]) -> Int {
        inputs.reduce(0) { sum, input in
            if case .lines(let batch) = input.event { sum + batch.count } else { sum }
        }
    }

    /// Keeps positions as the history does.
    private mutating func note() {
        for input in inbox.inputs[noted...] {
            switch input.event {
            case .lines(let batch):
                for index in 0..<batch.count {
                    allLines.append(String(decoding: batch.line(index), as: UTF8.self))
                }
                if let position = batch.position { kept[Self.key(position)] = position }
            case .source(let event):
                if event.kind == .closed, let position = event.position {
                    kept[Self.key(position)] = nil
                }
            default: continue
            }
        }
        noted = inbox.inputs.count
    }

    private static func key(_ position: ReadPosition) -> [String] {
        [position.source, "\(position.device)", "\(position.inode)"]
    }

    // MARK: - What rotation does

    /// logrotate(8) with `copytruncate`; what is written in between is in neither.
    func copytruncate(_ name: String, to copy: String) throws {
        try FileManager.default.copyItem(atPath: folder.file(name), toPath: folder.file(copy))
        truncate(folder.file(name), 0)
    }

    func copy(_ name: String, to copy: String) throws {
        try FileManager.default.copyItem(atPath: folder.file(name), toPath: folder.file(copy))
    }

    /// As gzip(1), zstd(1), xz(1) and bzip2(1) do: another file, and then the first is removed.
    func pack(_ name: String, _ form: PackedForm = .gzip) throws {
        let bytes = try Data(contentsOf: URL(filePath: folder.file(name)))
        try folder.write(packed(Array(bytes), as: form), to: name + form.suffix)
        #expect(unlink(folder.file(name)) == 0)
    }

    func overwrite(_ name: String, with text: String) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: folder.file(name)))
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}

/// So many different lines, long enough that fingerprints cover them.
func numbered(_ range: Range<Int>, _ what: String = "line") -> [String] {
    range.map { "\(what) \($0) of a log that is followed" }
}

func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
