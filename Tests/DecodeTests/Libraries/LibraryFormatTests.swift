import Atlas
import Testing

@testable import Decode

@Suite("The layouts of libraries")
struct LibraryFormatTests {
    private struct Expected {
        var line: String
        var time: String?
        var level: Level?
        var fields: [String]
        var message: String
    }

    private func check(_ format: any LogFormat, _ expected: [Expected]) throws {
        for line in expected {
            let read = FieldReading(format, line.line)
            #expect(read.parsed.shape == .record, "\(line.line)")
            #expect(read.parsed.level == line.level, "\(line.line)")
            #expect(read.fields == line.fields)
            #expect(read.message == line.message)
            guard let time = line.time else { continue }
            let instant = try #require(Instant(rfc3339: time))
            let isSame =
                read.parsed.time == .zoneUnknown(instant) || read.parsed.time == .exact(instant)
            #expect(isSame, "\(read.parsed.time)")
        }
    }

    private static let fine = "2026-11-23T06:58:17.081Z"

    @Test("of Java: thread, logger and message wherever they stand")
    func java() throws {
        try check(
            Log4jLog(),
            [
                Expected(
                    line: "2026-11-23 06:58:17,081 INFO  [main] o.a.z.Server - text",
                    time: Self.fine,
                    level: .info,
                    fields: ["thread=main", "logger=o.a.z.Server"],
                    message: "text"
                ),
                Expected(
                    line: "2026-11-23 06:58:17.081 [http-1 [x]] WARN  o.a.z.Server:77 - a - b",
                    time: Self.fine,
                    level: .warn,
                    fields: ["thread=http-1 [x]", "logger=o.a.z.Server", "line=77"],
                    message: "a - b"
                ),
                Expected(
                    line:
                        "2026-11-23T07:58:17.081+01:00 ERROR 123 --- [           main] c.e.App  : text",
                    time: Self.fine,
                    level: .error,
                    fields: ["pid=123", "thread=main", "logger=c.e.App"],
                    message: "text"
                ),
            ]
        )
        try check(
            Log4jLog(),
            [
                Expected(
                    line: "2026-11-23 06:58:17,081 INFO org.apache.hadoop.Name: text",
                    time: Self.fine,
                    level: .info,
                    fields: ["logger=org.apache.hadoop.Name"],
                    message: "text"
                ),
                Expected(
                    line:
                        "[2026-11-23 06:58:17,081] INFO [KafkaServer id=0] started (kafka.server.Kafka)",
                    time: Self.fine,
                    level: .info,
                    fields: ["thread=KafkaServer id=0", "logger=kafka.server.Kafka"],
                    message: "started (kafka.server.Kafka)"
                ),
                Expected(
                    line: "[2026-11-23T06:58:17,081][DEBUG][o.e.n.Node               ] [es-1] text",
                    time: Self.fine,
                    level: .debug,
                    fields: ["thread=es-1", "logger=o.e.n.Node"],
                    message: "text"
                ),
                Expected(
                    line: "17/06/09 20:10:40 INFO executor.Executor: text",
                    time: "2017-06-09T20:10:40Z",
                    level: .info,
                    fields: ["logger=executor.Executor"],
                    message: "text"
                ),
                Expected(
                    line: "23-Nov-2026 06:58:17.081 SEVERE [main] org.apache.Catalina.start Server",
                    time: Self.fine,
                    level: .error,
                    fields: ["thread=main"],
                    message: "org.apache.Catalina.start Server"
                ),
                Expected(
                    line: "081109 203615 148 INFO dfs.DataNode$PacketResponder: text",
                    time: "2008-11-09T20:36:15Z",
                    level: .info,
                    fields: ["pid=148", "logger=dfs.DataNode$PacketResponder"],
                    message: "text"
                ),
                Expected(
                    line: "2026-11-23 06:58:17,081 FATAL",
                    time: Self.fine,
                    level: .fatal,
                    fields: [],
                    message: ""
                ),
                Expected(
                    line: "2026-11-23 06:58:17,081 INFO Error: text",
                    time: Self.fine,
                    level: .info,
                    fields: [],
                    message: "Error: text"
                ),
            ]
        )
    }

    @Test(
        "of Java: the lines of a stack trace go on with the one before",
        arguments: [
            "java.net.ConnectException: Connection refused", "java.io.EOFException",
            "\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)",
            "    at org.example.Main.run(Main.java:7)", "Caused by: java.io.IOException: x",
            "\t... 12 more", "\tSuppressed: a.BException", "org.example.Outer$InnerError: x",
        ]
    )
    func javaTraces(line: String) {
        #expect(FieldReading(Log4jLog(), line).parsed.shape == .continuation)
        #expect(FieldReading(ZooKeeperLog(), line).parsed.shape == .continuation)
    }

    @Test("of Python: all that its servers use")
    func python() throws {
        try check(
            PythonLog(),
            [
                Expected(
                    line: "2026-11-23 06:58:17,081 - app.db - INFO - a - b",
                    time: Self.fine,
                    level: .info,
                    fields: ["logger=app.db"],
                    message: "a - b"
                ),
                Expected(
                    line: "2026-11-23 06:58:17,081 - 77 - app - MainThread - WARNING - x",
                    time: Self.fine,
                    level: .warn,
                    fields: ["pid=77", "thread=MainThread", "logger=app"],
                    message: "x"
                ),
                Expected(
                    line: "2026-11-23 06:58:17,081 CRITICAL app.db: x",
                    time: Self.fine,
                    level: .fatal,
                    fields: ["logger=app.db"],
                    message: "x"
                ),
                Expected(
                    line: "2026-11-23 06:58:17,081 INFO: x",
                    time: Self.fine,
                    level: .info,
                    fields: [],
                    message: "x"
                ),
                Expected(
                    line: "2026-11-23 06:58:17.081 123 INFO nova.compute [req-1] x",
                    time: Self.fine,
                    level: .info,
                    fields: ["pid=123", "logger=nova.compute"],
                    message: "[req-1] x"
                ),
                Expected(
                    line: "2026-11-23 06:58:17.081 [INFO    ] discord.client: x",
                    time: Self.fine,
                    level: .info,
                    fields: ["logger=discord.client"],
                    message: "x"
                ),
                Expected(
                    line: "[2026-11-23 07:58:17 +0100] [123] [ERROR] x",
                    time: "2026-11-23T06:58:17Z",
                    level: .error,
                    fields: ["pid=123"],
                    message: "x"
                ),
                Expected(
                    line: "[2026-11-23 06:58:17,081: WARNING/MainProcess] x",
                    time: Self.fine,
                    level: .warn,
                    fields: ["process=MainProcess"],
                    message: "x"
                ),
                Expected(
                    line: "[2026-11-23 06:58:17,081] ERROR in app: x",
                    time: Self.fine,
                    level: .error,
                    fields: ["logger=app"],
                    message: "x"
                ),
                Expected(
                    line: "[2026-11-23 06:58:17,081] {job.py:12} INFO - x",
                    time: Self.fine,
                    level: .info,
                    fields: ["file=job.py", "line=12"],
                    message: "x"
                ),
                Expected(
                    line: "WARNING:app.db:x",
                    time: nil,
                    level: .warn,
                    fields: ["logger=app.db"],
                    message: "x"
                ),
                Expected(
                    line: "INFO:     Started server",
                    time: nil,
                    level: .info,
                    fields: [],
                    message: "Started server"
                ),
            ]
        )
    }

    @Test(
        "of Python: a traceback goes on with the line before",
        arguments: [
            "Traceback (most recent call last):", "  File \"a.py\", line 7, in main", "    x()",
            "ValueError: no", "requests.exceptions.ReadTimeout: x", "KeyboardInterrupt",
            "During handling of the above exception, another exception occurred:",
            "The above exception was the direct cause of the following exception:",
        ]
    )
    func tracebacks(line: String) {
        #expect(FieldReading(PythonLog(), line).parsed.shape == .continuation)
        #expect(FieldReading(PatroniLog(), line).parsed.shape == .continuation)
    }

    @Test("of klog and glog, with the year and without")
    func klog() throws {
        let read = FieldReading(
            KlogLog(),
            "I1122 10:11:12.123456   12345 controller.go:123] \"x\" a=\"b\""
        )
        #expect(read.fields == ["thread=12345", "file=controller.go", "line=123"])
        let civil = try #require(Instant(rfc3339: "2000-11-22T10:11:12.123456Z")).civil()
        #expect(read.parsed.time == .yearUnknown(civil, offset: nil))
        #expect(read.message == "\"x\" a=\"b\"")
        try check(
            KlogLog(),
            [
                Expected(
                    line: "F20261123 06:58:17.081000 7 server.cc:7] x",
                    time: Self.fine,
                    level: .fatal,
                    fields: ["thread=7", "file=server.cc", "line=7"],
                    message: "x"
                )
            ]
        )
        for line in [
            "goroutine 1 [running]:", "\t/src/main.go:7 +0x1d", "main.main()", "panic: x",
            "k8s.io/klog/v2.stacks(0x1)", "created by main.run",
            "*** Check failure stack trace: ***",
            "    @     0x7f2 main",
        ] {
            #expect(FieldReading(KlogLog(), line).parsed.shape == .continuation, "\(line)")
        }
        for line in [
            "I1322 10:11:12.123456   12345 a.go:1] x", "X1122 10:11:12.123456   1 a.go:1] x",
        ] {
            #expect(FieldReading(KlogLog(), line).parsed.shape == .unknown)
        }
    }

    @Test("of Ruby, with a program and without, and its traces")
    func ruby() throws {
        try check(
            RubyLog(),
            [
                Expected(
                    line: "E, [2026-11-23T06:58:17.081000 #123] ERROR -- app: no: x",
                    time: Self.fine,
                    level: .error,
                    fields: ["pid=123", "program=app"],
                    message: "no: x"
                ),
                Expected(
                    line: "I, [2026-11-23T06:58:17.081000 #123]  INFO -- : [id] GET",
                    time: Self.fine,
                    level: .info,
                    fields: ["pid=123"],
                    message: "[id] GET"
                ),
                Expected(
                    line: "A, [2026-11-23T06:58:17.081000 #123]   ANY -- : x",
                    time: Self.fine,
                    level: nil,
                    fields: ["pid=123"],
                    message: "x"
                ),
            ]
        )
        #expect(FieldReading(RubyLog(), "app/user.rb:12:in `save'").parsed.shape == .continuation)
    }

    @Test(
        "refuse what is none of theirs",
        arguments: [
            "", "x", "[", "2026-11-23", "2026-11-23 06:58:17,081", "2026-11-23 06:58:17,081 ",
            "2026-11-23 06:58:17,081 x y z", "2026-11-31 06:58:17,081 INFO x",
            "2026-11-23 25:58:17,081 INFO x", "[2026-11-23 06:58:17,081] x", "INFO x",
        ]
    )
    func others(line: String) {
        for format in [Log4jLog(), PythonLog(), RubyLog(), KlogLog()] as [any LogFormat] {
            #expect(FieldReading(format, line).parsed.shape == .unknown, "\(format.name)")
        }
    }
}
