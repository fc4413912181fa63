import Atlas
import Configure
import Foundation
import Testing

@testable import Pipeline

@Suite("A recorded MariaDB GTID pair, folded")
struct CapturedMariaDBTests {
    /// A capture as inputs: each second both servers' state, their logs, and the client's tries.
    private struct Capture {
        let name: String
        private let members = ["n1", "n2"]

        init(_ name: String) { self.name = name }

        func plan() throws -> WatchPlan {
            let packs = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Sources/Evaluate/Failovers/Packs/mariadb.yaml")
            return WatchPlan(
                estate: Estate(
                    name: "capture",
                    layers: ["data"],
                    areas: [Area(kind: .site, name: "lab", code: "on-prem")],
                    resources: members.map {
                        Resource(name: $0, place: Place(area: "lab"), layer: "data")
                    },
                    links: [
                        ReplicationLink(
                            name: "orders",
                            from: "n1",
                            to: "n2",
                            kind: "GTID, async",
                            rpo: .seconds(5)
                        )
                    ],
                    services: [Service(name: "orders", members: members, rto: .seconds(30))]
                ),
                sources: members.map {
                    LogSource(name: "\($0) log", path: "\($0).err", format: "mariadb", resource: $0)
                },
                targets: members.map {
                    ProbeTarget(probe: "mariadb", resource: $0, address: "host=\($0)")
                },
                canaries: hasTries
                    ? [
                        Canary(
                            name: "orders-write",
                            service: "orders",
                            probe: "mariadb",
                            mode: .write,
                            table: "t",
                            targets: members.map { .init(resource: $0, address: "host=\($0)") },
                            every: .milliseconds(50)
                        )
                    ] : [],
                packs: [try SignaturePack.load(path: packs.standardizedFileURL.path)]
            )
        }

        func inputs() throws -> [Input] {
            var inputs = try replies(0) + replies(1)
            if hasTries { inputs += try tries() }
            // What was written before somebody looked is not read.
            let start = try #require(inputs.map(\.at).min())
            inputs += try (lines(0) + lines(1)).filter { $0.at >= start }
            let end = try #require(inputs.map(\.at).max())
            for second in 0...Int64((end - start).seconds) {
                inputs.append(Input(at: start + .seconds(second), event: .tick))
            }
            return inputs.enumerated().sorted {
                ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
            }
            .map(\.element)
        }

        var truth: CaptureTruth {
            get throws { try CaptureTruth(text("truth.json")) }
        }

        private var hasTries: Bool { name == "sqllag" }

        private func text(_ file: String) throws -> String {
            let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
            let path = "mariadb/\(name)/\(file)"
            let data = try Data(contentsOf: try #require(fixtures).appending(path: path))
            return String(decoding: data, as: UTF8.self)
        }

        private struct Sample {
            var start: Instant
            var end: Instant
            var isGood: Bool
            var lines: [Substring]
        }

        private func samples(_ file: String) throws -> [Sample] {
            try text(file).components(separatedBy: "@@ ").dropFirst().map { block in
                let lines = block.split(separator: "\n")
                let head = lines[0].split(separator: " ")
                let start = try #require(Instant(rfc3339: head[0]))
                let took = try #require(Int64(head[3].dropFirst("ms=".count)))
                return Sample(
                    start: start,
                    end: start + .milliseconds(took),
                    isGood: head[2] == "rc=0",
                    lines: Array(lines.dropFirst())
                )
            }
        }

        /// Two clients of the capture asked what the probe asks in one round trip: one reply is
        /// made of both their samples of a second, and lasts from the first's start to the last's
        /// end.
        private func replies(_ target: Int) throws -> [Input] {
            let variables = try samples("\(members[target]).variables.ticks")
            let statuses = try samples("\(members[target]).replica_status.ticks")
            try #require(variables.count == statuses.count)
            return try zip(variables, statuses).map { variables, status in
                try #require(abs((variables.start - status.start).seconds) < 0.5)
                let isGood = variables.isGood && status.isGood
                let failed = variables.isGood ? status : variables
                let reply = ProbeReply(
                    target: target,
                    question: .status,
                    started: min(variables.start, status.start),
                    ended: max(variables.end, status.end),
                    outcome: isGood
                        ? .answered(try Self.answer(variables, status))
                        : .failed(
                            ProbeFailure(
                                kind: .unreachable,
                                detail: String(failed.lines.first ?? "")
                            )
                        )
                )
                return Input(at: reply.ended, event: .reply(reply))
            }
        }

        /// The tables of a batch, of one row each.
        ///
        /// The capture asked for no version and no limit of connections; its `SHOW REPLICA
        /// STATUS\G` stands as lines and lacks the connection's name, which is empty where there
        /// is one connection.
        private static func answer(_ variables: Sample, _ status: Sample) throws -> String {
            let pairs = variables.lines.map { $0.split(separator: "\t", maxSplits: 1) }
            let values = Dictionary(
                uniqueKeysWithValues: pairs.map { ($0[0], $0.count == 2 ? String($0[1]) : "") }
            )
            func value(_ name: Substring) throws -> String { try #require(values[name]) }
            var tables = [
                [
                    ("version", "10.11.19"), ("read_only", try value("read_only")),
                    ("binlog_pos", try value("gtid_binlog_pos")),
                    ("current_pos", try value("gtid_current_pos")),
                    ("slave_pos", try value("gtid_slave_pos")),
                ]
            ]
            if !status.lines.isEmpty {
                let row = try status.lines.map { line in
                    let colon = try #require(line.firstRange(of: ": "))
                    let name = line[..<colon.lowerBound].drop { $0 == " " }
                    return (String(name), String(line[colon.upperBound...]))
                }
                tables.append([("Connection_name", "")] + row)
            }
            tables.append(
                [("figure", "THREADS_CONNECTED"), ("value", try value("Threads_connected"))]
            )
            return tables.map { table in
                table.map(\.0).joined(separator: "\t") + "\n"
                    + table.map(\.1).joined(separator: "\t")
            }
            .joined(separator: "\n")
        }

        /// The log has whole seconds, and nobody saw a line arrive: it does so half a second into
        /// its own.
        private func lines(_ source: Int) throws -> [Input] {
            var arrival = Instant.distantPast
            return try text("\(members[source]).mariadb.err").split(separator: "\n").map { line in
                let clock = line.dropFirst(11).prefix(8).replacing(" ", with: "0")
                if let time = Instant(rfc3339: "\(line.prefix(10))T\(clock)Z") {
                    arrival = time + .milliseconds(500)
                }
                let bytes = Array(line.utf8)
                let batch = LineBatch(
                    source: UInt16(source),
                    bytes: bytes,
                    ends: [UInt32(bytes.count)]
                )
                return Input(at: arrival, event: .lines(batch))
            }
        }

        private func tries() throws -> [Input] {
            try text("tries").split(separator: "\n").enumerated().map { number, line in
                let parts = line.split(separator: " ")
                let started = try #require(Instant(rfc3339: parts[0]))
                let took = Span(nanoseconds: Int64(try #require(Double(parts[1])) * 1e6))
                let attempt = CanaryTry(
                    canary: 0,
                    number: Int64(number) + 1,
                    started: started,
                    ended: started + took,
                    target: 0,
                    failure: nil
                )
                return Input(at: attempt.ended, event: .attempt(attempt))
            }
        }
    }

    private func fold(
        _ capture: Capture,
        _ each: (Input, Picture) -> Void = { _, _ in }
    ) throws -> Picture {
        var pipeline = Pipeline(plan: try capture.plan())
        for input in try capture.inputs() {
            _ = pipeline.step(input)
            switch input.event {
            case .reply, .tick: each(input, pipeline.picture())
            default: break
            }
        }
        return pipeline.picture()
    }

    @Test("kill -9 of the primary is one failover n1 → n2, though no line tells of a promotion")
    func killed() throws {
        // The primary answered until 06:58:40.118; at 06:58:42.020 its replica followed nobody.
        let lastAnswer = try #require(Instant(rfc3339: "2026-11-23T06:58:40.118167Z"))
        let promoted = try #require(Instant(rfc3339: "2026-11-23T06:58:42.098087Z"))
        var early: [FailoverRun] = []
        var wasOdd = false
        let picture = try fold(Capture("kill")) { input, picture in
            guard input.at <= lastAnswer else { return }
            early += picture.failovers
            let isHeard = picture.resources.allSatisfy { $0.health != .noData }
            wasOdd = wasOdd || isHeard && picture.links.first?.health != .ok
        }
        #expect(early.isEmpty && !wasOdd, "all was well until \(lastAnswer)")
        #expect(picture.failovers.count == 1)
        let run = try #require(picture.failovers.first)
        #expect(run.kind == .failover && run.from == "n1" && run.to == "n2")
        #expect(run.state == .verified)
        #expect(run.steps.map(\.state) == [.done, .absent, .done, .absent, .absent])
        #expect(run.steps[0].start == Instant(rfc3339: "2026-11-23T06:58:40.500Z"))
        #expect(run.steps[0].end == Instant(rfc3339: "2026-11-23T06:58:41.500Z"))
        #expect(run.steps[2].start == run.steps[0].end)
        #expect(run.steps[2].end == promoted)
        #expect(
            run.evidence.filter { $0.phase == .switch }.map(\.eye) == [.log, .log, .log, .probe]
        )
        #expect(run.evidence.contains { $0.eye == .probe && $0.text.hasPrefix("unreachable: ") })
        #expect(!run.hasTwoWriters)
        #expect(picture.services.first?.serving == "n2")
        #expect(picture.links.first?.from == "n2", "rebuilt, n1 follows n2")
        #expect(picture.links.first?.health == .ok)
        #expect(picture.resources.map(\.health) == [.ok, .ok])
        // How far Aria's recovery came, in two lines of no known shape.
        #expect(picture.sources.map(\.unparsed) == [2, 0])
    }

    @Test("what the last positions say of a kill: all 806 transactions had been received")
    func lastPositions() throws {
        let run = try #require(try fold(Capture("kill")).failovers.first)
        let estimate = try #require(run.estimate)
        #expect(estimate.amount == 0 && estimate.unit == .transactions)
        #expect(estimate.isSourceGone, "n1 may have written more since it was heard last")
        #expect(estimate.asOf == Instant(rfc3339: "2026-11-23T06:58:40.017127Z"))
    }

    @Test("a replica that says NULL for Seconds_Behind_Master is not healthy")
    func null() throws {
        var health: Health?
        _ = try fold(Capture("kill")) { input, picture in
            guard case .reply(let reply) = input.event, case .answered(let text) = reply.outcome,
                text.contains("\tNULL\t"), reply.target == 1
            else { return }
            health = picture.resources[1].health
            #expect(!picture.resources[1].metrics.contains { $0.name == "seconds-behind" })
        }
        #expect(health == .warn)
    }

    @Test("a replica whose SQL thread is stalled is no failover, and the link says how far behind")
    func stalled() throws {
        let capture = Capture("sqllag")
        let truth = try capture.truth
        #expect(truth.outages.isEmpty && truth.lostWrites == 0)
        let stall = truth.healCalledAt - truth.faultAt
        var lag = Span.zero
        var loss = Span.zero
        var said = 0.0
        var changes: [(at: Instant, text: String)] = []
        let picture = try fold(capture) { input, picture in
            guard let link = picture.links.first, link.health != .noData else { return }
            lag = max(lag, link.replayLag ?? .zero)
            loss = max(loss, link.loss?.span ?? .zero)
            let figure = picture.resources[1].metrics.first { $0.name == "seconds-behind" }
            said = max(said, figure?.value ?? 0)
            let text = "\(link.health.rawValue) \(link.reason)"
            if changes.last?.text != text { changes.append((input.at, text)) }
        }
        #expect(abs((lag - stall).seconds) <= 1.5, "\(lag), stalled for \(stall)")
        #expect(said == 29)
        #expect(loss < .seconds(2), "all of it was received; seen \(loss)")
        #expect(
            changes.map(\.text) == ["ok ", "warn received, but not applied in time", "ok "]
        )
        let rpo = Span.seconds(5)
        try #require(changes.count == 3)
        #expect(abs((changes[1].at - truth.faultAt - rpo).seconds) <= 1.5)
        #expect(changes[2].at > truth.healCalledAt && changes[2].at < truth.healedAt + .seconds(2))
        #expect(picture.failovers.isEmpty)
        #expect(!picture.marks.contains { $0.kind == .failover || $0.kind == .down })
        let service = try #require(picture.services.first)
        #expect(service.good == truth.clientAcked && service.bad == truth.clientErrors)
        #expect(service.serving == "n1" && service.health == .ok)
        #expect(picture.sources.allSatisfy { $0.unparsed == 0 })
    }
}
