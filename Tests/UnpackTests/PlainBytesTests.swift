import Glibc
import Packing
import Testing

@testable import Unpack

@Suite("Bytes of a file or a pipe, packed or not")
struct PlainBytesTests {
    private func content(
        _ bytes: [UInt8],
        room: Int = 1_000
    ) throws -> (content: [UInt8], form: PackedForm?, error: UnpackError?) {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        try #require(pwrite(fileno(file), bytes, bytes.count, 0) == bytes.count)
        var plain = PlainBytes(fileno(file))
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: room)
        do throws(UnpackError) {
            while true {
                let count = try plain.read(into: &buffer)
                if count == 0 { return (all, plain.form, nil) }
                all += buffer[..<count]
            }
        } catch {
            return (all, plain.form, error)
        }
    }

    @Test("come as they were packed, in rooms of any size", arguments: PackedForm.allCases)
    func packs(form: PackedForm) throws {
        let text = Array(String(repeating: "a line of a log\n", count: 5_000).utf8)
        for room in [1, 7, 100_000] {
            let found = try content(packed(text, as: form), room: room)
            #expect(found.content == text)
            #expect(found.form == form)
            #expect(found.error == nil)
        }
    }

    @Test(
        "come as they are where they are not packed",
        arguments: [
            "", "x", "x\n", "line\n", "BZh is no packing, of itself\n", "\u{1F}", "PK\u{3}",
        ]
    )
    func plain(text: String) throws {
        for room in [1, 3, 64] {
            let found = try content(Array(text.utf8), room: room)
            #expect(found.content == Array(text.utf8))
            #expect(found.form == nil)
        }
    }

    @Test("say what is wrong with them", arguments: PackedForm.allCases)
    func complaints(form: PackedForm) throws {
        let bytes = packed(Array("a line\n".utf8), as: form)
        let cut = try content(Array(bytes.dropLast(3)))
        #expect(cut.error == .cutOff(form))
        #expect(cut.error?.what == "the \(form.name) file is cut off")
        let damaged = try content(Array(bytes.prefix(10)) + [UInt8](repeating: 0xA7, count: 200))
        #expect(damaged.error == .damaged(form) || damaged.error == .noMemory(form))
    }

    @Test(
        "of other packers are refused, with the program that unpacks them",
        arguments: [
            ("\u{4}\"M\u{18}d@", "lz4", "lz4cat"), ("PK\u{3}\u{4}x", "zip", "unzip -p"),
        ]
    )
    func foreign(head: String, name: String, tool: String) throws {
        let found = try content(Array(head.utf8))
        #expect(found.content.isEmpty)
        #expect(found.error?.what == "it is packed by \(name), which is not unpacked here")
        #expect(found.error?.remedy.contains("'\(tool) FILE'") == true)
        #expect(ForeignPacking(head: head.utf8.prefix(3)) == nil)
        #expect(ForeignPacking(head: [0x1F, 0x9D, 0x90])?.name == "compress")
        for form in PackedForm.allCases {
            #expect(ForeignPacking(head: packed([], as: form)) == nil)
        }
    }

    @Test("of a pipe are not waited for once there is a line")
    func pipe() throws {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        try #require(write(ends[1], "ab\n", 3) == 3)
        var plain = PlainBytes(ends[0])
        var buffer = [UInt8](repeating: 0, count: 100)
        // A second read would wait for ever.
        #expect(try plain.read(into: &buffer) == 3)
        #expect(buffer.starts(with: Array("ab\n".utf8)))
    }

    @Test("are known by how they begin, whatever the file is called")
    func heads() {
        for form in PackedForm.allCases {
            let bytes = packed([], as: form)
            #expect(PackedForm(head: bytes) == form)
            #expect(PackedForm(head: bytes.prefix(3)) == nil)
            #expect(PackedForm(name: "a.log.2\(form.suffix)") == form)
        }
        #expect(PackedForm(name: "a.log") == nil)
        #expect(PackedForm(head: [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0]) == .zstd)
    }
}
