import Atlas
import Glibc
import Testing

@testable import Collect

@Suite("Patterns of paths")
struct PathPatternTests {
    @Test(
        "match names as glob(7) says",
        arguments: [
            ("*.log", "a.log", true), ("*.log", ".a.log", false), (".*", ".a", true),
            ("a?c", "abc", true), ("a?c", "a日c", true), ("a?c", "ac", false),
            ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[]x]", "]", true),
            ("[a", "[a", true), ("a\\*", "a*", true), ("a\\*", "ab", false),
            ("*a*b*c", "xaybzc", true), ("*a*b*c", "xaybz", false), ("*", "", true),
            ("a*", "a", true), ("a**b", "ab", true), ("", "", true), ("x", "", false),
        ]
    )
    func globs(pattern: String, name: String, matches: Bool) {
        #expect(Glob(pattern).matches(name) == matches)
    }

    @Test(
        "of whole paths go through folders by **",
        arguments: [
            ("/a/**/c", "/a/c", true), ("/a/**/c", "/a/b/b/c", true), ("/a/**/c", "/a/b/d", false),
            ("/a/**/c", "/c", false), ("/a/**", "/a/b/.c", true), ("/a/**", "/a", false),
            ("/**/old/**", "/a/b/old/c/d", true), ("/**/old/**", "/a/older/c", false),
            ("/**/**/x", "/x", true), ("/**/b/**/b/c", "/b/b/b/c", true), ("/a/*", "/a/b/c", false),
        ]
    )
    func wholePaths(pattern: String, path: String, matches: Bool) {
        #expect(PathExclusion(pattern).matches(path) == matches)
    }

    @Test("find files of any year", arguments: [(13_569_465_600, true), (1_795_656_000, false)])
    func farFuture(seconds: Int, isBeyond: Bool) {
        var status = stat()
        status.st_mtim.tv_sec = seconds
        status.st_mtim.tv_nsec = 5
        let modified = PathWalk.Entry(path: "/a", status: status).modified
        #expect(modified == (isBeyond ? .max : Int64(seconds) * 1_000_000_000 + 5))
    }

    private func paths(_ pattern: String, at seconds: Int64 = 0) -> [String] {
        PathPattern(pattern).expanded(at: Instant(seconds: seconds)).map { parts in
            "/" + parts.map { $0.literal ?? "?" }.joined(separator: "/")
        }
    }

    @Test("write alternatives out as the shell does")
    func alternatives() {
        #expect(paths("/a{b,c}d") == ["/abd", "/acd"])
        #expect(paths("/{a,b}/{c,d}") == ["/a/c", "/a/d", "/b/c", "/b/d"])
        #expect(paths("/{a,{b,c}}") == ["/a", "/b", "/c"])
        #expect(paths("/{a,}") == ["/a", "/"])
        #expect(paths("/{a}") == ["/{a}"])
        #expect(paths("/{a,b") == ["/{a,b"])
        #expect(paths("/\\{a,b}") == ["/{a,b}"])
        #expect(paths("/{x}{a,b}") == ["/{x}a", "/{x}b"])
        #expect(paths("/{x,{a,b}") == ["/{x,a", "/{x,b"])
        #expect(paths("/}{a\\,b,c}") == ["/}a,b", "/}c"])
        let most = "/" + String(repeating: "{a,b}", count: 10)
        #expect(paths(most).count == 1_000 && PathPattern(most).isCut && PathExclusion(most).isCut)
        let thousand = "/" + String(repeating: "{0,1,2,3,4,5,6,7,8,9}", count: 3)
        #expect(paths(thousand).count == 1_000 && !PathPattern(thousand).isCut)
    }

    @Test("stand for the present time and for the period before")
    func times() {
        #expect(paths("/%%Y") == ["/%Y"])
        #expect(paths("/%s", at: 1_000) == ["/1000", "/999"])
        let days = paths("/%Y/%m/%d.log", at: 86_400 * 400)
        #expect(days.count == 2)
        let hours = paths("/%d-%H", at: 86_400 * 400)
        #expect(hours.count == 2 && hours[0] != hours[1])
        #expect(!PathPattern("/%d").isLiteral)
    }

    @Test("stand for exactly the path that was made a pattern")
    func literals() {
        for path in ["/a*b", "/[x]", "/{a,b}", "/100%", "/a\\b", "/plain.log"] {
            #expect(PathPattern(LogFiles.literal(path)).isLiteral)
            #expect(paths(LogFiles.literal(path)) == [path])
        }
        #expect(!PathPattern("/a/*.log").isLiteral)
        #expect(!PathPattern("/{a,b}").isLiteral)
    }

    @Test(
        "know the generations of a log by their names",
        arguments: [
            ("app.log.1", "app.log"), ("app.log.12.gz", "app.log"), ("app.log-20260801", "app.log"),
            ("app-2026-08-01.log", "app.log"), ("app.log.2026-08-01T10:00:00", "app.log"),
            ("app.log", "app.log"), ("app2.log", "app2.log"), ("app-1a.log", "app-1a.log"),
            ("9", "9"), ("a..1", "a."),
        ]
    )
    func generations(name: String, base: String) {
        #expect(RotatedName.base(of: FileName(name)) == FileName(base))
    }

    @Test(
        "know of which logs a name may be a generation",
        arguments: [
            ("app.log.1", ["app.log"]), ("app.log.gz", ["app.log"]), ("app.log", []),
            ("app-20260801.log", ["app.log"]),
            (
                "app.log.2026-08-01.gz",
                [
                    "app.log.2026-08-01", "app.log.2026-08", "app.log.2026-01",
                    "app.log-08-01", "app.log.2026", "app.log-01", "app.log",
                ]
            ),
            ("worker-2.log", ["worker.log"]),
            ("worker-1.log.2", ["worker-1.log", "worker.log.2", "worker.log"]),
            ("a.1.1", ["a.1", "a"]),
        ]
    )
    func logs(name: String, logs: [String]) {
        let (name, logs) = (FileName(name), logs.map { FileName($0) })
        #expect(RotatedName.logs(of: name) == Set(logs))
        #expect(logs.allSatisfy { RotatedName.form(of: name, in: $0) != nil })
    }

    @Test(
        "know what no log of its own is called",
        arguments: [
            ("app.log.1", "app.log", 7, true), ("app.log-1", "app.log", 7, true),
            ("app.log.1.gz", "app.log", 7, true), ("app.log.gz", "app.log", 7, true),
            ("app-2026-08-01.log", "app.log", 3, true), ("app-1.log", "app.log", 3, false),
            ("app.4194304.log", "app.log", 3, false), ("messages-20260801", "messages", 8, true),
            ("messages.1", "messages", 8, true), ("worker-2", "worker", 6, false),
            ("a-1-1.log", "a-1.log", 3, false),
        ]
    )
    func forms(name: String, log: String, place: Int, isCertain: Bool) {
        let form = RotatedName.form(of: FileName(name), in: FileName(log))
        #expect(form == RotatedName.Form(place: place, isCertain: isCertain))
    }

    @Test("know no generation of a log by another's name")
    func noForm() {
        for name in ["app.log", "app.log.old", "worker-2.log", "app.log.1x"] as [FileName] {
            #expect(RotatedName.form(of: name, in: "app.log") == nil)
        }
    }

    @Test("find the folders near a log's own, of which a loop of links is none")
    func archiveFolders() throws {
        let folder = try TemporaryFolder()
        for name in ["log/app/old/2026/11", "log/old/app", "log/other/web", "log/app/b"] {
            try folder.makeFolder(name)
        }
        try folder.append("", to: "log/app/a.log")
        #expect(symlink(".", folder.file("log/app/loop")) == 0)
        #expect(symlink("/proc", folder.file("log/app/proc")) == 0)
        let near = ArchiveFolders.near(FileName(folder.file("log/app")))
        #expect(
            near.map { $0.text.dropFirst(folder.path.utf8.count + 1) } == [
                "log/app/b", "log/app/old", "log/app/old/2026", "log/old", "log/other",
                "log/old/app",
            ]
        )
        #expect(ArchiveFolders.near(FileName(folder.file("nothing"))).isEmpty)
    }

    @Test("read the last name of a listing, behind which there may be no memory")
    func lastName() throws {
        let size = Int(getpagesize())
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        let pages = try #require(
            mmap(nil, 2 * size, PROT_READ | PROT_WRITE, flags, -1, 0)
        )
        defer { munmap(pages, 2 * size) }
        try #require(mprotect(pages + size, size, PROT_NONE) == 0)
        let place = try #require(MemoryLayout<dirent>.offset(of: \.d_name))
        let entry = pages + size - (place + 6)
        strcpy((entry + place).assumingMemoryBound(to: CChar.self), "a.log")
        #expect(entry.assumingMemoryBound(to: dirent.self).fileName == "a.log")
    }

    @Test("tell names by their bytes, and end a folder's at a slash whatever mark is behind it")
    func names() {
        #expect(FileName("\u{E9}.log") != "e\u{301}.log")
        #expect(Set(["\u{E9}", "e\u{301}", "\u{E9}"] as [FileName]).count == 2)
        #expect(
            (["\u{E9}", "ab", "b", "a", ""] as [FileName]).sorted() == [
                "", "a", "ab", "b", "\u{E9}",
            ]
        )
        let path: FileName = "/var/\u{301}log/\u{301}a"
        #expect(path.folder == "/var/\u{301}log" && path.name == "\u{301}a")
        #expect(path.isBelow("/var") && !path.isBelow("/va"))
        #expect(FileName("a").folder == "." && FileName("/a").folder.isEmpty)
        let globs = PathPattern(path.text).expanded(at: .distantPast)
        #expect(globs == [["var", "\u{301}log", "\u{301}a"].map { Glob($0) }])
        #expect(!PathPattern("/a/%\u{301}").isLiteral && PathPattern("/a/%%\u{301}").isLiteral)
    }

    @Test("say what is hidden while a folder cannot be looked into", arguments: ["d", "*"])
    func hidden(pattern: String) throws {
        let folder = try TemporaryFolder()
        try #require(symlink("d", folder.file("d")) == 0)
        try folder.makeFolder("e")
        let walk = PathWalk(
            PathPattern("\(folder.path)/\(pattern)/*.log").expanded(at: .distantPast),
            excludes: [],
            limit: 10
        )
        func path(_ name: String) -> FileName { FileName(folder.file(name)) }
        #expect(walk.troubles == [PathWalk.Trouble(path: path("d"), error: ELOOP)])
        #expect(walk.hides(path("d/a.log")) && walk.hides(path("d")))
        #expect(!walk.hides(path("da.log")) && !walk.hides(path("e/a.log")))
    }
}
