internal import Atlas
internal import Canvas
internal import Collect
internal import Configure
internal import Pipeline
internal import Screens

extension FuzzTarget {
    static let recordings = [
        FuzzTarget("recording") { bytes in
            let coding = JournalCoding()
            for line in bytes.lines {
                guard let input = coding.input(of: line[...]) else { continue }
                let written = try? coding.line(of: input)
                hold(written != nil, "what was read can be written")
                hold(coding.input(of: written?[...] ?? []) == input, "and read again")
            }
        },
        FuzzTarget("replay") { bytes in
            let pipeline = replay(bytes)
            hold(pipeline.picture() == pipeline.picture(), "a picture is the same each time")
        },
        FuzzTarget("dashboard", seeds: ["Tests/Fuzz/Seeds/replay"]) { bytes in
            let picture = replay(bytes).picture()
            var state = ViewState(feed: .live)
            for screen in Screen.allCases {
                state.screen = screen
                let canvas = Screens.canvas(
                    picture,
                    state,
                    theme: .builtIn,
                    width: 90,
                    height: 30
                )
                for cell in canvas.cells {
                    hold(canvas.scalars(of: cell).allSatisfy { $0 >= 0x20 }, "a screen is harmless")
                }
            }
        },
    ]

    /// A recording from anybody does the fold no harm.
    private static func replay(_ bytes: UnsafeRawBufferPointer) -> Pipeline {
        let coding = JournalCoding()
        var pipeline = Pipeline(plan: plan)
        for line in bytes.lines {
            guard let input = coding.input(of: line[...]) else { continue }
            _ = pipeline.step(input)
        }
        _ = pipeline.finish()
        return pipeline
    }

    /// Of a sample: with signatures, links, probes and canaries.
    private static let plan: WatchPlan = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/SampleData/postgresql-kill/recording.yaml"
        do throws(ConfigureError) {
            return try RecordingFile.load(path: path, catalogue: catalogue).plan
        } catch {
            fatalError("the plan is none: \(error)")
        }
    }()
}
