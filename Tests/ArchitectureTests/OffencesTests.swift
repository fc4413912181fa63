import Testing

@Suite("Each check of the architecture catches its offender")
struct OffencesTests {
    private func file(_ text: String, _ path: String = "Sources/Evaluate/X.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test(
        "imports",
        arguments: [
            "import Collect", "package import Canvas", "import Foundation",
            "import struct Canvas.Cell",
            "@testable import Probes", "internal import GRDB", "@preconcurrency import NIOCore",
        ]
    )
    func imports(_ line: String) {
        #expect(Offences.imports(file("import Atlas\n\(line)\n")).count == 1)
    }

    @Test("imports that are allowed, and what only looks like one")
    func allowedImports() {
        let text =
            "package import Atlas\nimport Glibc\n// import Collect\nlet s = \"import Canvas\"\n"
        #expect(Offences.imports(file(text)) == [])
        #expect(Offences.imports(file("import Yams\n", "Sources/Configure/X.swift")) == [])
    }

    @Test("a target that nobody put into the table")
    func unknownModule() {
        #expect(Offences.imports(file("", "Sources/Helpers/X.swift")).count == 1)
    }

    @Test(
        "clocks",
        arguments: [
            "let now = Date()", "Date.now", "clock_gettime(CLOCK_REALTIME, &t)",
            "gettimeofday(&t, nil)",
            "time(nil)", "time(&t)", "ContinuousClock().now", "SuspendingClock()",
            "DispatchTime.now()",
            "try await Task.sleep(for: .seconds(1))", "usleep(10)", "sleep(1)",
            "Thread.sleep(until: d)",
        ]
    )
    func clocks(_ line: String) {
        #expect(Offences.clocks(file(line)).count == 1)
        #expect(Offences.clocks(file(line, "Sources/Collect/Clocks/LiveClock.swift")) == [])
    }

    @Test(
        "times that are values",
        arguments: [
            "record.time", "func time(of line: Int)", "let lifetime = time(of: 3)", "\"Date()\"",
            "// sleep(1)", "let sleeping = true", "update(now)", "myDate()", "a.time (b)",
        ]
    )
    func values(_ line: String) { #expect(Offences.clocks(file(line)) == []) }

    @Test(
        "force",
        arguments: [
            "let x = y!", "y![0]", "f()!.z", "a[0]! + 1", "try! f()", "x as! Int", "var x: Int!",
            "let z = x!\n", "{ $0 }!", "fatalError()", "x?.y!",
        ]
    )
    func traps(_ line: String) { #expect(Offences.traps(file(line)).count == 1) }

    @Test(
        "exclamation marks of other kinds",
        arguments: [
            "!x", "x != y", "x!=y", "if !f() {}", "\"Stop!\"", "// now!", "(!x)", "[!a, !b]",
            "#\"a\"!\"#", "\"\"\"\n  a!\n\"\"\"", "/* a! /* b! */ c! */", "\"\\\"!\"",
            "fatalError(\"an area without a name\")",
        ]
    )
    func noTraps(_ line: String) { #expect(Offences.traps(file(line)) == []) }

    @Test(
        "what the compiler is told not to check",
        arguments: [
            "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var x = 1",
            "Task.detached {}",
        ]
    )
    func unchecked(_ line: String) { #expect(Offences.unchecked(file(line)).count == 1) }

    @Test(
        "public",
        arguments: ["public struct A {}", "    @inlinable public func f() {}", "open class A {}"]
    )
    func access(_ line: String) {
        #expect(Offences.access(file(line)).count == 1)
        #expect(Offences.access(file("let public_ = 1 // public struct\nopen = nil")) == [])
    }

    @Test("long files, but for tables that say so")
    func size() {
        let long = String(repeating: "x\n", count: 601)
        #expect(Offences.size(file(long)) == ["Sources/Evaluate/X.swift: 601 lines"])
        #expect(Offences.size(file(String(repeating: "x\n", count: 600))) == [])
        #expect(Offences.size(file("// Data table: widths\n" + long)) == [])
    }

    @Test("full folders")
    func folders() {
        let files = (1...21).map { file("", "Sources/A/F/\($0).swift") }
        #expect(Offences.folders(files) == ["Sources/A/F: 21 files"])
        #expect(Offences.folders(Array(files.dropLast())) == [])
    }

    @Test("contracts without a word")
    func undocumented() {
        #expect(Offences.undocumented(file("package protocol P {}")).count == 1)
        #expect(
            Offences.undocumented(file("// x\n@MainActor\npackage enum AError: Explained {}")).count
                == 1
        )
        #expect(Offences.undocumented(file("/// x\n@MainActor\npackage protocol P {}")) == [])
        #expect(Offences.undocumented(file("package struct S {}\nprotocol P {}")) == [])
    }

    @Test("errors that cannot explain themselves")
    func unexplained() {
        #expect(Offences.unexplained(file("enum AError: Error {}")).count == 1)
        #expect(Offences.unexplained(file("enum StandardError {}")) == [])
        #expect(
            Offences.unexplained(file("package enum AError: Explained,\n    Hashable {}")) == []
        )
    }
}
