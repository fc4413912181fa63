import Atlas
import Glibc

/// What is wrong with paths, folders and files of a source.
extension FileSet {
    func complain(_ walk: PathWalk, _ now: Monotonic, _ context: inout TailContext) {
        var found: Set<TailedFile.Trouble> = []
        for trouble in walk.troubles {
            found.insert(
                .init(kind: .unreadable, detail: about(trouble.path, words(of: trouble.error)))
            )
        }
        if isLiteral || walk.entries.isEmpty {
            for path in walk.others {
                found.insert(
                    .init(kind: .unreadable, detail: about(path, "It is not a regular file"))
                )
            }
        }
        for path in walk.illegible {
            let detail = "\(path): its name is no UTF-8; a link to it with another name is read"
            found.insert(.init(kind: .unreadable, detail: detail))
        }
        if walk.isTooWide {
            let detail = "more than \(PathWalk.mostFolders) folders: the rest is left alone"
            found.insert(.init(kind: .unreadable, detail: detail))
        }
        if walk.isOver {
            let detail = "more than \(Self.mostFiles) files: the rest is left alone"
            found.insert(.init(kind: .unreadable, detail: detail))
        }
        if pattern.isCut {
            let detail = "more than 1,000 alternatives in braces: the rest is left alone"
            found.insert(.init(kind: .unreadable, detail: detail))
        }
        if !isLiteral, excludes.contains(where: \.isCut) {
            let detail =
                "exclude has more than 1,000 alternatives in braces: the rest excludes none"
            found.insert(.init(kind: .unreadable, detail: detail))
        }
        let isMissing = walk.entries.isEmpty && found.isEmpty
        let since = isMissing ? missingSince ?? now : now
        missingSince = isMissing ? since : nil
        if isMissing {
            let detail = isLiteral ? words(of: ENOENT) : "no file matches so far"
            let missing = TailedFile.Trouble(kind: .missing, detail: detail)
            // The moment between the two steps of a rotation is no trouble worth a word.
            if complaints.contains(missing) || tracked.isEmpty || now >= since + .seconds(1) {
                found.insert(missing)
            }
        }
        for trouble in found.subtracting(complaints).sorted(by: { $0.detail < $1.detail })
        where trouble.kind == .missing || !hasOthers {
            emit(trouble.kind, trouble.detail, &context)
        }
        complaints = found
        if complaints.contains(where: { $0.kind == .missing }), !isBlind { missingSince = nil }
        tellTroubles(&context)
    }

    /// Files of it are read, whatever is wrong with one: the source as a whole is well.
    var hasOthers: Bool {
        !isLiteral && tracked.values.contains { $0.isReading && $0.trouble == nil }
    }

    /// Says what is wrong with single files and folders of a pattern, all of it, when it changed.
    func tellTroubles(_ context: inout TailContext) {
        guard !isLiteral else { return }
        var troubles = complaints.filter { $0.kind == .unreadable }.map(\.detail)
        for file in tracked.values {
            if let trouble = file.trouble { troubles.append("\(file.path): \(trouble.detail)") }
        }
        troubles.sort()
        guard troubles != toldTroubles else { return }
        toldTroubles = troubles
        emit(
            .troubles,
            "",
            count: troubles.count,
            troubles: Array(troubles.prefix(SourceEvent.mostTroubles)),
            &context
        )
    }

    private func about(_ path: FileName, _ words: String) -> String {
        isLiteral ? words : "\(path): \(words)"
    }
}
