#if FUZZING
    internal import FuzzTargets
    internal import Glibc

    /// The driver of libFuzzer without its `main`: LLVM, "libFuzzer as a library".
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// Set once before the driver runs; a C callback carries nothing else.
    nonisolated(unsafe) private var chosen: FuzzTarget?

    extension FuzzTool {
        static func drive(_ target: FuzzTarget, _ options: [String]) {
            chosen = target
            var count = Int32(options.count + 1)
            let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
                capacity: options.count + 2
            )
            // It starts itself anew through a shell to merge, and knows of no target.
            let command = "'\(CommandLine.arguments[0])' \(target.name)"
            for (index, option) in ([command] + options).enumerated() {
                list[index] = strdup(option)
            }
            list[options.count + 1] = nil
            var arguments = list
            let status = runDriver(&count, &arguments) { data, size in
                chosen?.run(UnsafeRawBufferPointer(start: data, count: size))
                return 0
            }
            exit(status)
        }
    }
#endif
