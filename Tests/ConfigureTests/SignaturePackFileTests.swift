import Atlas
import Testing

@testable import Configure

@Suite("Signature packs")
struct SignaturePackFileTests {
    private func problems(_ text: String) -> [String] {
        do {
            _ = try SignaturePack.load(yaml: text, file: "pack.yaml")
            return []
        } catch {
            return told(error.problems)
        }
    }

    @Test("every bundled pack is read: each sample holds the text of its signature")
    func bundled() throws {
        let share = try #require(ShareFolder.checkout)
        let files = ShareFolder.yamlFiles(in: share.packs)
        #expect(files.contains { $0.hasSuffix("/postgresql.yaml") })
        for file in files {
            let pack = try SignaturePack.load(path: file)
            #expect(file.hasSuffix("/\(pack.system).yaml"))
            #expect(!pack.signatures.isEmpty)
        }
    }

    @Test("the lines of a PostgreSQL promotion give the phases it has, in their order")
    func promotion() throws {
        let share = try #require(ShareFolder.checkout)
        let pack = try SignaturePack.load(path: share.packs + "/postgresql.yaml")
        let log = """
            [26077] FATAL:  could not receive data from WAL stream: server closed the connection
            [26015] LOG:  invalid record length at 0/77E7CC8: wanted 24, got 0
            [29540] FATAL:  could not connect to the primary server: connection to server at
            [26015] LOG:  waiting for WAL to become available at 0/77E7CE0
            [26015] LOG:  received promote request
            [26015] LOG:  redo done at 0/77E7CA0 system usage: CPU: user: 0.12 s
            [26015] LOG:  selected new timeline ID: 2
            [26015] LOG:  archive recovery complete
            [26013] LOG:  checkpoint starting: force
            [26007] LOG:  database system is ready to accept connections
            [1686] LOG:  database system is ready to accept read-only connections
            [1723] LOG:  started streaming WAL from primary at 0/9000000 on timeline 2
            """
        let found = log.split(separator: "\n").flatMap { line in
            pack.signatures.filter { SignatureReader.matches($0.match, String(line)) }
                .map { "\($0.phase) \($0.edge) \($0.name)" }
        }
        #expect(
            found == [
                "detect begin stream-broken", "detect point primary-unreachable",
                "switch begin promote-requested", "switch point timeline-selected",
                "switch end recovery-complete", "restart begin opening",
                "restart end open-for-writes",
            ]
        )
    }

    @Test("what is wrong in a pack is told")
    func mistakes() {
        let text = """
            system: x
            signatures:
              - {name: a, match: went down, phase: detct, edge: start, role: any, sample: is down}
              - {name: a, match: b*d, phase: stop, edge: end, role: any, sample: abcde, level: x}
              - {match: b, phase: stop, edge: end}
            """
        #expect(
            problems(text) == [
                "3:40 'phase' of signature 'a' is 'detct' / did you mean 'detect'?",
                "3:53 'edge' of signature 'a' is 'start' / use one of: begin, end, point",
                "3:79 the sample of signature 'a' does not hold its own 'match' /"
                    + " copy a real line of the system's log here, or correct 'match'",
                "4:12 the signature 'a' is there twice / give one of the two another name",
                "4:77 unknown key 'level' in signature 'a' /"
                    + " use one of: name, match, phase, edge, role, sample",
                "5:5 signature 3 has no 'name' / add name: promote-requested",
                "5:5 signature 3 has no 'role' / add role: successor",
                "5:5 signature 3 has no 'sample' / add sample: a real line that matches",
            ]
        )
        #expect(problems("") == ["1:1 the file says nothing / begin with the line 'system: NAME'"])
    }

    @Test(
        "a star stands for any run of characters, and the order of the parts counts",
        arguments: [
            ("a*c", "xabcx", true), ("a*c", "xcbax", false), ("*", "", true), ("ab", "a b", false),
            ("PID *) was", "(PID 1) was", true), ("aa*a", "aa", false), ("é", "caf\u{E9}", true),
        ]
    )
    func matching(_ match: String, _ line: String, _ expected: Bool) {
        #expect(SignatureReader.matches(match, line) == expected)
    }
}

extension ShareFolder {
    /// The checkout that these tests belong to; the environment is not asked.
    static var checkout: ShareFolder? {
        let folder = PathText.parent(PathText.parent(PathText.parent(#filePath)))
        return ShareFolder(
            themes: folder + "/Themes",
            packs: folder + "/Sources/Evaluate/Failovers/Packs",
            samples: folder + "/SampleData"
        )
    }
}
