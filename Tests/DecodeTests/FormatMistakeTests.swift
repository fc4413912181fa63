import Atlas
import Testing

@testable import Decode

@Suite("What is wrong with a format of the operator's own is told")
struct FormatMistakeTests {
    private func mistakes(_ change: (inout UserFormat) -> Void) -> [String] {
        var format = UserFormat(
            name: "own",
            pattern: #"(?<time>\S+ \S+) (?<level>\w+) (?<message>.*)"#,
            time: "%Y-%m-%d %H:%M:%S",
            samples: [UserFormat.Sample(line: "2026-11-23 07:20:31 INFO all is well")]
        )
        change(&format)
        return RegexFormat.mistakes(in: format).map { mistake in
            "\(mistake.place)\(mistake.offset.map { "+\($0)" } ?? "") \(mistake.what)"
        }
    }

    @Test("a format that is right has none")
    func none() {
        #expect(mistakes { _ in } == [])
        let time = Instant(rfc3339: "2026-11-23T07:20:31Z")
        #expect(
            mistakes {
                $0.samples[0].time = time
                $0.samples[0].level = .info
                $0.samples[0].message = "all is well"
            } == []
        )
    }

    @Test("in the words of PCRE2, with the place")
    func pattern() {
        #expect(
            mistakes { $0.pattern = "(?<message>.*" }
                == ["pattern+13 missing closing parenthesis"]
        )
        #expect(
            mistakes { $0.continuation = "[a" }
                == ["continuation+2 missing terminating ] for character class"]
        )
        #expect(mistakes { $0.pattern = "(*UTF)(?<message>.*)" }.count == 1)
        #expect(mistakes { $0.pattern = String(repeating: "a", count: 9_000) }.count == 1)
        let many = String(repeating: "(a)", count: 70) + "(?<message>.*)"
        #expect(
            mistakes { $0.pattern = many } == ["pattern+0 71 groups, where 63 are allowed"]
        )
        let huge = "(?:(?:a{1000}){1000}){1000}(?<message>.*)"
        #expect(mistakes { $0.pattern = huge }.count == 1)
    }

    @Test("groups and keys that do not belong together")
    func groups() {
        #expect(
            mistakes {
                $0.pattern = "(?<mesage>.*)"
                $0.time = nil
            } == ["pattern it has no group 'message'"]
        )
        #expect(
            mistakes { $0.pattern = "(?J)(?:(?<message>a)|(?<message>b))" }.first
                == "pattern several groups are called 'message'"
        )
        #expect(
            mistakes { $0.time = nil }
                == ["pattern it has a group 'time', and no key 'time' says how that is written"]
        )
        #expect(
            mistakes { $0.pattern = "(?<message>.*)" }
                == ["time the pattern has no group 'time' that has this form"]
        )
        #expect(
            mistakes {
                $0.time = "%s"
                $0.zone = .utc
                $0.samples = []
            } == ["zone a zone is of no use: the times say theirs"]
        )
        #expect(
            mistakes {
                $0.pattern = #"(?<time>\S+ \S+) (?<message>.*)"#
                $0.levels = [UserFormat.LevelWord(word: "x", level: .info)]
            } == ["levels the pattern has no group 'level' that holds these words"]
        )
        #expect(mistakes { $0.time = "%Y %Q" } == ["time+3 %Q means nothing here"])
    }

    @Test("a sample that reads otherwise, each key by itself")
    func samples() {
        let wrong = Instant(rfc3339: "2026-11-23T08:20:31Z")
        #expect(
            mistakes {
                $0.samples[0].time = wrong
                $0.samples[0].level = .warn
                $0.samples[0].message = "all is"
            } == [
                "sample(0, \"time\") the time of sample 1 reads as 2026-11-23T07:20:31.000Z (its"
                    + " zone is unknown: write it as if UTC), not 2026-11-23T08:20:31.000Z",
                "sample(0, \"level\") the level of sample 1 reads as info, not warn",
                "sample(0, \"message\") the message of sample 1 reads as 'all is well', not"
                    + " 'all is'",
            ]
        )
        #expect(
            mistakes { $0.samples[0].shape = .continuation }
                == ["sample(0, \"line\") sample 1 reads as a line of its own"]
        )
        #expect(
            mistakes { $0.samples[0].line = "nonsense" }
                == ["sample(0, \"line\") sample 1 does not match 'pattern'"]
        )
        #expect(
            mistakes { $0.samples[0].line = "2026-11-31 07:20:31 INFO x" } == [
                "sample(0, \"line\") sample 1 matches 'pattern', but its time has not the form of"
                    + " 'time'"
            ]
        )
    }

    @Test("the year of a sample is that of its time, in the log's zone")
    func sampleYear() {
        func judge(_ time: String) -> Int {
            mistakes {
                $0.time = "%b-%d %H:%M:%S"
                $0.zone = .utc
                $0.samples[0].line = "Feb-29 23:30:00 INFO x"
                $0.samples[0].time = Instant(rfc3339: time)
            }.count
        }
        #expect(judge("2024-02-29T23:30:00Z") == 0)
        #expect(judge("2024-03-01T08:30:00+09:00") == 0)
        #expect(judge("2024-02-29T23:31:00Z") == 1)
    }
}
