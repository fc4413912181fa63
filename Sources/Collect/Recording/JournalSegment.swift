import Glibc

/// One file of a recording, open for writing.
struct JournalSegment: ~Copyable {
    let number: Int
    let path: String
    let descriptor: Descriptor
    var bytes = 0

    /// Makes the file, which must not be there.
    init(folder: String, number: Int) throws(CollectError) {
        let path = Self.path(folder, number)
        let opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .cannotWrite(path: path, reason: words(of: errno)) }
        self.init(number: number, path: path, descriptor: Descriptor(opened))
    }

    init(number: Int, path: String, descriptor: consuming Descriptor) {
        self.number = number
        self.path = path
        self.descriptor = descriptor
    }

    static func path(_ folder: String, _ number: Int) -> String {
        "\(folder)/\(name(number))"
    }

    static func name(_ number: Int) -> String {
        let digits = String(number)
        return "inputs-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            + ".jsonl"
    }

    /// The numbers of the segments in a folder, rising.
    static func numbers(in folder: String) throws(CollectError) -> [Int] {
        guard let directory = opendir(folder) else {
            throw .cannotRead(path: folder, reason: words(of: errno))
        }
        defer { closedir(directory) }
        var numbers: [Int] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix("inputs-"), name.hasSuffix(".jsonl"),
                let number = Int(name.dropFirst(7).dropLast(6)), self.name(number) == name
            else { continue }
            numbers.append(number)
        }
        return numbers.sorted()
    }
}
