import Testing

@Suite("The sources keep to ARCHITECTURE.md")
struct SourcesTests {
    private static let sources = swiftFiles(in: "Sources")
    private static let tests = swiftFiles(in: "Tests")

    private func offences(_ check: (SourceFile) -> [String]) -> [String] {
        Self.sources.flatMap(check)
    }

    @Test("there are sources to look at")
    func found() {
        #expect(Self.sources.contains { $0.path == "Sources/Atlas/Time/Instant.swift" })
        #expect(Self.tests.contains { $0.path == "Tests/ArchitectureTests/SourcesTests.swift" })
    }

    @Test("targets import only what the table allows them")
    func imports() { #expect(offences(Offences.imports) == []) }

    @Test("clocks are read in named files only")
    func clocks() { #expect(offences(Offences.clocks) == []) }

    @Test("every exception is still needed: its file is there, where its module is")
    func exceptions() {
        let paths = Set(Self.sources.map(\.path))
        let modules = Set(Self.sources.compactMap(\.module))
        let listed = [Exceptions.clocks, Exceptions.unchecked, Exceptions.public].flatMap(\.keys)
        let stale = listed.filter { path in
            modules.contains(String(path.split(separator: "/")[1])) && !paths.contains(path)
        }
        #expect(stale.sorted() == [])
    }

    @Test("tests read no wall clock and do not sleep")
    func clocksInTests() {
        // Not the tools that tests start, nor the texts of this suite.
        let files = Self.tests.filter {
            !$0.path.hasPrefix("Tests/ArchitectureTests/")
                && $0.path.split(separator: "/")[1].hasSuffix("Tests")
        }
        let offences = files.flatMap {
            $0.places(/\bDate\s*\(|\bDate\.now|\b(u|nano)?sleep\s*\(|\bTask\.sleep/)
        }
        #expect(offences == [])
    }

    @Test("nothing is unwrapped, tried or cast by force, nor ended without a sentence")
    func traps() { #expect(offences(Offences.traps) == []) }

    @Test("the compiler checks every Sendable, but for the places that are listed with a reason")
    func unchecked() { #expect(offences(Offences.unchecked) == []) }

    @Test("nothing is public: nobody links us")
    func access() { #expect(offences(Offences.access) == []) }

    @Test("no file has over 600 lines")
    func size() { #expect((Self.sources + Self.tests).flatMap(Offences.size) == []) }

    @Test("no folder has over 20 files")
    func folders() { #expect(Offences.folders(Self.sources + Self.tests) == []) }

    @Test("protocols and errors that other modules see are documented")
    func undocumented() { #expect(offences(Offences.undocumented) == []) }

    @Test("every error can explain itself to an operator")
    func unexplained() { #expect(offences(Offences.unexplained) == []) }
}
