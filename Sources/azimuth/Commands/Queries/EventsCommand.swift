import ArgumentParser
import Atlas
import History

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print what changed, oldest first: health, roles, failovers, notes.",
        discussion: """
            The account of an incident: what was well or ill, which part it played, who served, when \
            failovers began and ended, what was noted, and when the ingester itself began. Without \
            --since it is the last hour that the history knows.

            Examples:
              azimuth events
              azimuth events --since 2026-11-23T02:00:00Z --until 2026-11-23T03:00:00Z
              azimuth events --since 7d --kind failover,mark
              azimuth events --subject orders-a --subject orders-b
              azimuth events --json | jq 'select(.health == "down") | .subject'
            """
    )

    @OptionGroup var options: QueryOptions

    @Option(help: "Only what was kept before then; as --since.")
    var until: String?

    @Option(
        help: """
            Only these, with commas between: run, health, role, direction, serving, failover, \
            finding, mark.
            """,
        completion: .list(EstateEvent.Kind.allCases.map(\.rawValue))
    )
    var kind: String?

    @Option(
        help: "Only those of this resource, link, service or source; may be given several times."
    )
    var subject: [String] = []

    func run() throws {
        let kinds = try kinds()
        let kept = try KeptPicture(options)
        let newest = kept.picture.at
        var query = EventQuery(
            since: options.since == nil
                ? newest - .seconds(3_600) : try options.start(before: newest)
        )
        if let until { query.until = try TimeArgument.instant(until, before: newest) }
        while true {
            let page = try kept.reader.events(query)
            let events = page.events.filter { event in
                kinds.contains(event.kind) && (subject.isEmpty || subject.contains(event.subject))
            }
            .sorted { $0.at < $1.at }
            StandardOutput.write(
                options.json
                    ? try events.map { try ReportJSON.line("event", $0) }.joined()
                    : events.map(EventText.line).joined()
            )
            guard let next = page.next else { return }
            query.after = next
        }
    }

    private func kinds() throws(ProgramError) -> [EstateEvent.Kind] {
        guard let kind else { return EstateEvent.Kind.allCases }
        var kinds: [EstateEvent.Kind] = []
        for word in kind.split(separator: ",") {
            guard let one = EstateEvent.Kind(rawValue: String(word)) else {
                throw .badValue(
                    option: "--kind",
                    value: String(word),
                    wanted: EstateEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                )
            }
            kinds.append(one)
        }
        return kinds
    }
}
