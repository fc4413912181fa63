import Atlas

@testable import Screens

/// Pictures of the invented estate in states that the goldens name.
enum SamplePicture {
    private static let now = SampleEstate.now

    /// All is well.
    static func calm() -> Picture {
        var picture = Picture(at: now, estate: SampleEstate.estate)
        picture.resources = SampleEstate.resources.map { resource in
            var state = ResourceState(
                name: resource.name,
                health: .ok,
                reason: "",
                since: now - .seconds(86_400 * 3)
            )
            state.heard = now
            if resource.layer == "data" {
                state.role = ["pg-1a", "pg-sng"].contains(resource.name) ? .primary : .standby
            }
            return state
        }
        picture.links = SampleEstate.estate.links.map { link in
            var state = LinkState(
                name: link.name,
                kind: link.kind,
                from: link.from,
                to: link.to,
                since: now - .seconds(86_400)
            )
            state.health = .ok
            state.rpo = link.rpo
            state.loss = LossEstimate(
                amount: 16_384,
                span: .milliseconds(40),
                asOf: now,
                isSourceGone: false
            )
            state.history = wave(180, of: 0.04, swing: 0.02)
            return state
        }
        picture.services = SampleEstate.estate.services.map { service in
            var state = ServiceState(
                name: service.name,
                health: .ok,
                since: now - .seconds(86_400),
                isWatched: true
            )
            state.serving = service.members.first
            state.rto = service.rto
            state.good = 172_000
            state.lastTry = now
            return state
        }
        picture.sources = (1...9).map { number in
            var source = SourceState(name: "pg-\(number).log", resource: nil)
            source.health = .ok
            source.reason = ""
            source.lines = 11_000
            source.lastLine = now
            return source
        }
        picture.rates.start = (now - .seconds(3_590)).floor(to: LogRates.width)
        picture.rates.errors = Array(repeating: 0, count: 360)
        picture.rates.warnings = (0..<360).map { $0 % 37 == 0 ? 3 : $0 % 11 == 0 ? 1 : 0 }
        picture.rates.others = (0..<360).map { 900 + ($0 * 7_919 % 211) }
        picture.intake.lines = 324_112
        picture.intake.bytes = 48_200_000
        picture.intake.replies = 14_240
        picture.intake.tries = 14_390
        picture.intake.since = now - .seconds(7_200)
        retally(&picture)
        return picture
    }

    /// A failover runs, a link is past its RPO, and some smaller things.
    static func trouble() -> Picture {
        var picture = calm()
        change("pg-1a", .down, "connection refused", ago: 42, &picture)
        change("pg-1c", .moving, "promoting", ago: 9, &picture)
        change("app-1c-2", .warn, "1 of 2 in service", ago: 195, &picture)
        change("app-sng", .noData, "nothing heard for 3 periods", ago: 125, &picture)
        change("mq-v1b", .maintenance, "taken out by aki", ago: 4_000, &picture)
        if let index = picture.resources.firstIndex(where: { $0.name == "pg-1c" }) {
            picture.resources[index].role = .primary
        }
        lag("pg-virginia", .warn, .milliseconds(9_200), 1_240_000, gone: true, &picture)
        lag("pg-shinagawa", .down, .seconds(1_320), 412_000_000, gone: false, &picture)
        lag("pg-tokyo", .moving, .zero, 0, gone: true, &picture)
        picture.services[0].health = .down
        picture.services[0].reason = "connection refused"
        picture.services[0].since = now - .seconds(42)
        picture.failovers = SampleRuns.past() + [SampleRuns.running()]
        picture.findings = findings
        for index in 320..<360 {
            picture.rates.errors[index] = index < 330 ? 4 : index < 350 ? 118 : 60
            picture.rates.warnings[index] = index < 330 ? 30 : 310
        }
        picture.marks = marks
        retally(&picture)
        return picture
    }

    /// The failover is over, with lost writes; all is well again but for the old primary.
    static func after() -> Picture {
        var picture = trouble()
        picture.at = now + .seconds(600)
        change("pg-1a", .down, "connection refused", ago: 42, &picture)
        change("pg-1c", .ok, "", ago: 9, &picture)
        change("app-1c-2", .ok, "", ago: 9, &picture)
        change("app-sng", .ok, "", ago: 9, &picture)
        picture.services[0].health = .ok
        picture.failovers = SampleRuns.past() + [SampleRuns.finished()]
        picture.findings = [findings[0]]
        picture.marks.append(Mark(at: now + .seconds(12), kind: .verified, text: "orders verified"))
        retally(&picture)
        return picture
    }

    /// Nothing was described, nothing came in.
    static func empty() -> Picture {
        Picture(at: now, estate: Estate())
    }

    /// Described and started just now: nothing heard so far.
    static func fresh() -> Picture {
        var picture = calm()
        for index in picture.resources.indices {
            picture.resources[index].health = .noData
            picture.resources[index].reason = "never asked"
            picture.resources[index].role = nil
        }
        for index in picture.links.indices {
            picture.links[index].health = .noData
            picture.links[index].loss = nil
            picture.links[index].history = []
        }
        for index in picture.services.indices { picture.services[index].health = .noData }
        for index in picture.sources.indices { picture.sources[index].health = .noData }
        for index in picture.sources.indices { picture.sources[index].lines = 0 }
        picture.rates = LogRates()
        picture.intake = Intake()
        picture.intake.since = now - .seconds(2)
        retally(&picture)
        return picture
    }

    // MARK: - Pieces

    static let findings: [Finding] = [
        finding(
            "resource:pg-1a",
            .down,
            "pg-1a",
            "tokyo/1a",
            "pg-1a down",
            "connection refused, primary of orders",
            42
        ),
        finding(
            "failover:orders#4",
            .down,
            "orders",
            "tokyo",
            "orders not usable",
            "failover to pg-1c, restart runs",
            41
        ),
        finding(
            "link:pg-shinagawa",
            .down,
            "pg-shinagawa",
            "shinagawa",
            "pg-sng → pg-v1a past its RPO",
            "22 min of 15 min would be lost",
            430
        ),
        finding(
            "resource:app-1c-2",
            .warn,
            "app-1c-2",
            "tokyo/1c",
            "app-1c-2 slow",
            "1 of 2 in service",
            195
        ),
        finding(
            "link:pg-virginia",
            .warn,
            "pg-virginia",
            "tokyo",
            "pg-1a → pg-v1a has lost its source",
            "at least 9.2 s would be lost",
            40
        ),
        finding(
            "resource:app-sng",
            .noData,
            "app-sng",
            "shinagawa",
            "app-sng silent",
            "nothing heard for 3 periods",
            125
        ),
    ]

    static func finding(
        _ key: String,
        _ health: Health,
        _ subject: String,
        _ place: String,
        _ title: String,
        _ detail: String,
        _ ago: Int64
    ) -> Finding {
        Finding(
            key: key,
            health: health,
            subject: subject,
            place: Place(place),
            title: title,
            detail: detail,
            since: now - .seconds(ago)
        )
    }

    static let marks: [Mark] = [
        Mark(at: now - .seconds(3_000), kind: .warn, text: "pg-shinagawa lags"),
        Mark(at: now - .seconds(2_400), kind: .note, text: "drill begins"),
        Mark(at: now - .seconds(1_500), kind: .down, text: "mq-v1b down"),
        Mark(at: now - .seconds(1_380), kind: .verified, text: "mq-v1b back"),
        Mark(at: now - .seconds(430), kind: .warn, text: "pg-shinagawa past its RPO"),
        Mark(at: now - .seconds(42), kind: .down, text: "orders not usable"),
        Mark(at: now - .seconds(33), kind: .failover, text: "orders fails over"),
    ]

    static func change(
        _ name: String,
        _ health: Health,
        _ reason: String,
        ago: Int64,
        _ picture: inout Picture
    ) {
        guard let index = picture.resources.firstIndex(where: { $0.name == name }) else { return }
        picture.resources[index].health = health
        picture.resources[index].reason = reason
        picture.resources[index].since = picture.at - .seconds(ago)
    }

    static func lag(
        _ name: String,
        _ health: Health,
        _ span: Span,
        _ bytes: Int64,
        gone: Bool,
        _ picture: inout Picture
    ) {
        guard let index = picture.links.firstIndex(where: { $0.name == name }) else { return }
        picture.links[index].health = health
        picture.links[index].loss = LossEstimate(
            amount: bytes,
            span: span,
            asOf: now - .seconds(gone ? 42 : 0),
            isSourceGone: gone
        )
        let top = span.seconds
        picture.links[index].history = (0..<180).map { step in
            .milliseconds(Int64(top * 1_000 * Double(step * step) / 32_400))
        }
        if !gone { picture.links[index].reason = "the standby applies slower than it is sent" }
    }

    /// The lag of an hour: a bulge long ago, a gap, and what it is now.
    static func hour() -> [Span?] {
        wave(100, of: 0.04, swing: 0.02) + (0..<60).map { .seconds(Int64(min($0, 60 - $0)) / 2) }
            + [Span?](repeating: nil, count: 20) + wave(180, of: 0.04, swing: 0.02)
    }

    static func wave(_ count: Int, of base: Double, swing: Double) -> [Span?] {
        (0..<count).map { step in
            let part = Double((step * 37) % 17) / 16 - 0.5
            return .milliseconds(Int64((base + swing * part) * 1_000))
        }
    }

    /// The table of places as Pipeline makes it.
    static func retally(_ picture: inout Picture) {
        let estate = picture.estate
        picture.places = estate.areas.flatMap(\.places).map { place in
            PlaceHealth(
                place: place,
                layers: estate.layers.map { layer in
                    let healths = estate.resources.indices
                        .filter {
                            place.holds(estate.resources[$0].place)
                                && estate.resources[$0].layer == layer
                        }
                        .map { picture.resources[$0].health }
                    return PlaceHealth.Tally(
                        health: healths.max() ?? .absent,
                        ok: healths.filter { $0 == .ok }.count,
                        total: healths.count
                    )
                }
            )
        }
    }
}
