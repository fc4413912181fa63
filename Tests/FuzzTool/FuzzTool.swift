internal import FuzzTargets
internal import Glibc

/// Tries inputs on one target: those of the files that are named, or, where it is built for it,
/// those that libFuzzer finds.
///
///     FuzzTool TARGET FILE...          each file once
///     FuzzTool --list                  the targets
///     FuzzTool --seeds TARGET          files and folders of good inputs, below the project's
///     FuzzTool TARGET LIBFUZZER-ARGUMENTS...   (Tests/Fuzz/run builds it so)
@main
enum FuzzTool {
    static func main() {
        let arguments = CommandLine.arguments
        if arguments.dropFirst().first == "--list" {
            for target in FuzzTarget.all { print(target.name) }
            return
        }
        let asksForSeeds = arguments.dropFirst().first == "--seeds"
        guard let name = arguments.dropFirst(asksForSeeds ? 2 : 1).first,
            let target = FuzzTarget.all.first(where: { $0.name == name })
        else {
            print("usage: FuzzTool --list, FuzzTool --seeds TARGET, or FuzzTool TARGET FILE...")
            exit(2)
        }
        if asksForSeeds {
            for seed in target.seeds { print(seed) }
            return
        }
        drive(target, Array(arguments.dropFirst(2)))
    }

    #if !FUZZING
        private static func drive(_ target: FuzzTarget, _ files: [String]) {
            for file in files {
                guard let bytes = contents(of: file) else {
                    print("\(file): cannot be read")
                    exit(1)
                }
                bytes.withUnsafeBytes(target.run)
            }
        }

        private static func contents(of path: String) -> [UInt8]? {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &block, block.count)
                guard count > 0 else { return count == 0 ? bytes : nil }
                bytes += block[..<count]
            }
        }
    #endif
}
