internal import Atlas
internal import Configure
internal import Decode

extension FuzzTarget {
    static let rules = [
        FuzzTarget("rules") { bytes in
            hold(plan != nil && !ruled.contains { $0 == nil }, "the rules can be read")
            let lines = bytes.lines
            for (source, rules) in zip(plan?.sources ?? [], ruled) {
                guard let rules, let format = FormatCatalog.format(named: source.format) else {
                    continue
                }
                judge(lines, rules, format)
            }
        }
    ]

    /// The same lines have the same fates, and a resource that there is.
    private static func judge(_ lines: [[UInt8]], _ rules: SourceRules, _ format: any LogFormat) {
        var (rules, others) = (rules, rules)
        var decoder = SourceDecoder(format: format)
        var fields = FieldList(isWanted: rules.needsFields)
        var (ruled, again) = (RuledFields(), RuledFields())
        let count = plan?.estate.resources.count ?? 0
        for line in lines {
            let bytes = line.span.bytes
            let reading = decoder.read(bytes, into: &fields, arrival: Instant(seconds: 9))
            let verdict = rules.judge(
                bytes,
                level: reading.level,
                messageStart: reading.messageStart,
                fields: fields,
                ruled: &ruled
            )
            let other = others.judge(
                bytes,
                level: reading.level,
                messageStart: reading.messageStart,
                fields: fields,
                ruled: &again
            )
            hold(verdict == other, "a line has one fate")
            hold((0..<count).contains(verdict.resource ?? 0), "what a line is placed at is there")
        }
    }

    private static let ruled: [SourceRules?] =
        plan.map { plan in
            plan.sources.map { source in
                FormatCatalog.format(named: source.format).flatMap {
                    SourceRules(plan, source: source, format: $0)
                }
            }
        } ?? []

    private static let plan = try? Configuration.parse(
        """
        estate:
          layers: [web, db]
          regions:
            tokyo: {code: ap-northeast-1, zones: [1a, 1c]}
          sites:
            osaka: {}
          resources:
            web-1: {at: tokyo/1a, layer: web}
            osk-db-1: {at: osaka, layer: db}
        sources:
          - {file: /l/web.log, name: web, format: access}
          - {file: /l/app.log, name: app, format: json}
          - {file: /l/hub.log, name: hub, format: syslog}
        rules:
          - when:
              format: access
              below: error
              fields:
                path: [/health, /up]
                agent: {regex: '^kube'}
                user: {exists: false}
                status: {at-least: 200, below: 300}
                took: {above: 250ms}
            drop: true
          - {when: {source: web}, rename: {host: client}}
          - {when: {source: app, level: warn}, keep: true}
          - {when: {source: app, fields: {message: {regex: 'audit'}}}, keep: true}
          - {when: {source: web, fields: {status: {at-most: 400}}}, sample: 1/10}
          - {when: {source: app, below: warn}, sample: {keep: 1/3, by: request_id}}
          - {derive: {tenant: {from: path, regex: '^/t/([^/]+)'}}}
          - {derive: {dc: {value: east}}}
          - {when: {source: hub}, place: {host: "web-1*", resource: web-1}}
          - {when: {source: hub}, place: {host: "osk-db-*", site: osaka, layer: db}}
          - {when: {source: hub}, place: {field: host, regex: '^(?<resource>[^.]+)'}}
          - {when: {source: app}, place: {field: pod, regex: '^(?<layer>web|db)-(?<zone>1[ac])'}}
        """,
        file: "f",
        catalogue: catalogue,
        home: "/home/a"
    ).plan
}
