import Atlas
import Chance

extension Dice {
    mutating func picture(at instant: Instant) -> Picture {
        let estate = Estate(
            name: "test",
            layers: ["db"],
            areas: [
                Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a", "1c"])
            ],
            resources: ["db1", "db2", "db/3 \"x\""].map {
                Resource(name: $0, place: Place(area: "tokyo", zone: "1a"), layer: "db")
            },
            links: [ReplicationLink(name: "l", from: "db1", to: "db2", kind: "async")],
            services: [Service(name: "orders", members: ["db1", "db2"], rto: .seconds(30))]
        )
        var picture = Picture(at: instant, estate: estate)
        picture.resources = estate.resources.map {
            ResourceState(name: $0.name, health: .noData, reason: "", since: instant)
        }
        picture.links = [
            LinkState(name: "l", kind: "async", from: "db1", to: "db2", since: instant)
        ]
        picture.services = [
            ServiceState(name: "orders", health: .ok, since: instant, isWatched: true)
        ]
        return picture
    }

    /// What a second may bring.
    mutating func change(_ picture: inout Picture, at instant: Instant) {
        picture.at = instant
        picture.intake.lines += roll(0...3)
        for _ in 0..<roll(0...4) {
            switch roll(1...9) {
            case 1: changeResource(&picture, at: instant)
            case 2: changeLink(&picture, at: instant)
            case 3: picture.services[0].good += 1
            case 4: addOrEndFailover(&picture, at: instant)
            case 5: picture.marks.append(Mark(at: instant, kind: .note, text: pick(Self.words)))
            case 6:
                picture.sources = [SourceState(name: "kernel", resource: nil)]
                picture.sources[0].lines = roll(0...9)
            case 7: picture.rates.errors.append(roll(0...9))
            case 8: picture.findings = isLucky(50) ? [] : [finding(at: instant)]
            default:
                picture.places = [
                    PlaceHealth(place: Place(area: "tokyo"), layers: [.init(health: .ok, total: 2)])
                ]
            }
        }
    }

    private mutating func changeResource(_ picture: inout Picture, at instant: Instant) {
        let index = roll(0...picture.resources.count - 1)
        picture.resources[index].health = pick(Health.allCases)
        picture.resources[index].since = instant
        picture.resources[index].position = LogPosition(timeline: 1, received: .max, applied: 0)
        let value = pick([0.1, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude])
        picture.resources[index].metrics = [MetricSample(name: "m", value: value)]
    }

    private mutating func changeLink(_ picture: inout Picture, at instant: Instant) {
        let span = Span(nanoseconds: Int64(roll(0...1_000_000_000_000)))
        picture.links[0].loss = LossEstimate(
            amount: Int64(roll(0...1_000)),
            span: span,
            asOf: instant,
            isSourceGone: isLucky(20)
        )
        picture.links[0].history.append(isLucky(80) ? span : nil)
    }

    private mutating func addOrEndFailover(_ picture: inout Picture, at instant: Instant) {
        if picture.failovers.last?.state == .running {
            picture.failovers[picture.failovers.count - 1].state = .verified
        } else {
            let id = "orders#\(picture.failovers.count + 1)"
            picture.failovers.append(
                FailoverRun(id: id, service: "orders", kind: .failover, started: instant)
            )
        }
    }

    private mutating func finding(at instant: Instant) -> Finding {
        Finding(
            key: "down:db1",
            health: .down,
            subject: "db1",
            place: Place(area: "tokyo", zone: "1a"),
            title: pick(Self.words),
            detail: "",
            since: instant
        )
    }
}
