import Atlas
import Foundation
import Testing

/// Turns a recorded PostgreSQL capture (samples, logs, client) into the inputs that Azimuth would
/// have seen.
///
/// A capture's samplers are three commands where Azimuth's probe asks once.
struct CaptureReader {
    let folder: URL

    init(_ name: String) throws {
        let fixtures = try #require(
            Bundle.module.url(forResource: "Fixtures", withExtension: nil)
        )
        folder = fixtures.appendingPathComponent(name)
    }

    /// The pair n1, n2 of a capture as an estate of one service.
    func plan(packs: [SignaturePack], hasCanary: Bool) -> WatchPlan {
        let places = [Place(area: "tokyo", zone: "1a"), Place(area: "tokyo", zone: "1c")]
        let names = ["n1", "n2"]
        return WatchPlan(
            estate: Estate(
                name: "capture",
                layers: ["data"],
                areas: [
                    Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a", "1c"])
                ],
                resources: zip(names, places).map {
                    Resource(name: $0, place: $1, layer: "data")
                },
                links: [
                    ReplicationLink(
                        name: "orders",
                        from: "n1",
                        to: "n2",
                        kind: "streaming, async",
                        rpo: .seconds(5)
                    )
                ],
                services: [Service(name: "orders", members: names, rto: .seconds(60))]
            ),
            sources: names.map {
                LogSource(name: "\($0) log", path: "\($0).log", format: "postgresql", resource: $0)
            },
            targets: names.map {
                ProbeTarget(probe: "postgresql", resource: $0, address: "host=\($0)")
            },
            canaries: hasCanary
                ? [
                    Canary(
                        name: "orders-write",
                        service: "orders",
                        probe: "postgresql",
                        mode: .write,
                        table: "t",
                        targets: names.map { .init(resource: $0, address: "host=\($0)") },
                        every: .milliseconds(50)
                    )
                ] : [],
            packs: packs
        )
    }

    /// All inputs in the order of their time, with a tick each second.
    func inputs() throws -> [Input] {
        var inputs = try replies(0, "n1") + replies(1, "n2")
        inputs += try lines(0, "n1") + lines(1, "n2")
        inputs += try tries()
        let times = inputs.map(\.at).sorted()
        guard let first = times.first, let last = times.last else { return [] }
        var tick = first.floor(to: .seconds(1)) + .seconds(1)
        while tick < last + .seconds(2) {
            inputs.append(Input(at: tick, event: .tick))
            tick = tick + .seconds(1)
        }
        return inputs.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        .map(\.element)
    }

    func truth() throws -> CaptureTruth {
        try CaptureTruth(text("truth.json"))
    }

    private func text(_ name: String) throws -> String {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return String(decoding: data, as: UTF8.self)
    }

    private struct Sample {
        var at: Instant
        var took: Span
        var isGood: Bool
        var rows: [[String]]
        var firstLine: String
    }

    private func samples(_ name: String) throws -> [Sample] {
        var samples: [Sample] = []
        for block in try text(name).components(separatedBy: "@@ ").dropFirst() {
            let lines = block.split(separator: "\n").map(String.init)
            let head = lines[0].split(separator: " ").map(String.init)
            let at = try #require(Instant(rfc3339: head[0]))
            let took = try #require(Int64(head[3].dropFirst(3)))
            samples.append(
                Sample(
                    at: at,
                    took: .milliseconds(took),
                    isGood: head[2] == "rc=0",
                    rows: lines.dropFirst(2).filter { !$0.hasPrefix("(") }.map {
                        $0.components(separatedBy: "|")
                    },
                    firstLine: lines.count > 1 ? lines[1] : ""
                )
            )
        }
        return samples
    }

    private func replies(_ target: Int, _ node: String) throws -> [Input] {
        let positions = try samples("\(node).wal_position.ticks")
        let peers = try samples("\(node).pg_stat_replication.ticks")
        let receivers = try samples("\(node).pg_stat_wal_receiver.ticks")
        return zip(zip(positions, peers), receivers).map { both, receiver in
            let (position, peers) = both
            let outcome: ProbeReply.Outcome =
                position.isGood && !position.rows.isEmpty
                ? .answered(status(position.rows[0], peers.rows, receiver.rows))
                : .failed(ProbeFailure(kind: .unreachable, detail: position.firstLine))
            let ended = position.at + position.took
            return Input(
                at: ended,
                event: .reply(
                    ProbeReply(
                        target: target,
                        question: .status,
                        started: position.at,
                        ended: ended,
                        outcome: outcome
                    )
                )
            )
        }
    }

    // now|pg_is_in_recovery|lsn|replay_lsn|last_xact_replay|replay_delay_s|timeline
    private func status(_ row: [String], _ peers: [[String]], _ receivers: [[String]]) -> String {
        let timeline = String(Int(row[6]) ?? 1, radix: 16)
        var lines = ["server|15.20|\(row[1])|\(timeline)|\(row[2])|\(row[3])|"]
        lines += receivers.filter { $0.count > 13 }.map { "receiver|\($0[1])|\($0[13])|\($0[12])" }
        lines += peers.filter { $0.count > 18 }.map {
            "peer|\($0[9])|\($0[18])|\($0[12])|\($0[13])|\($0[3])"
        }
        return lines.joined(separator: "\n")
    }

    private func lines(_ source: UInt16, _ node: String) throws -> [Input] {
        var last = Instant.distantPast
        return try text("logs/\(node).postgresql.log").split(separator: "\n").map { line in
            let time = line.prefix(23) + "Z"
            last = Instant(rfc3339: time) ?? last
            let bytes = Array(line.utf8)
            return Input(
                at: last + .milliseconds(20),
                event: .lines(
                    LineBatch(source: source, bytes: bytes, ends: [UInt32(bytes.count)])
                )
            )
        }
    }

    private struct ClientLine: Decodable {
        var t: String
        var seq: Int64
        var ok: Bool
        var node: String
        var ms: Double
        var err: String?
    }

    private func tries() throws -> [Input] {
        guard let text = try? text("probe.ndjson") else { return [] }
        return try text.split(separator: "\n").map { line in
            let read = try JSONDecoder().decode(ClientLine.self, from: Data(line.utf8))
            let started = try #require(Instant(rfc3339: read.t))
            let ended = started + Span(nanoseconds: Int64(read.ms * 1e6))
            return Input(
                at: ended,
                event: .attempt(
                    CanaryTry(
                        canary: 0,
                        number: read.seq,
                        started: started,
                        ended: ended,
                        target: read.node.hasSuffix("1") ? 0 : 1,
                        failure: read.ok
                            ? nil : ProbeFailure(kind: .unreachable, detail: read.err ?? "")
                    )
                )
            )
        }
    }
}
