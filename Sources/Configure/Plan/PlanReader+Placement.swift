import Atlas

extension PlanReader {
    func placement(_ node: YamlNode, _ rule: Fields) -> LineRule.Placement? {
        let subject = rule.name(of: "place")
        let targets = LineRule.Placement.Target.allCases
        let allowed = ["host", "field", "is", "regex"] + targets.map(\.rawValue)
        let before = reader.problems.count
        guard let fields = reader.fields(of: node, subject: subject, allowed: allowed),
            let (field, glob) = glob(fields)
        else { return nil }
        let traits = targets.compactMap { target in
            trait(fields, target).map { LineRule.Placement.Trait(target, $0) }
        }
        guard glob == nil else {
            guard reader.problems.count == before, isOne(traits, fields) else { return nil }
            return LineRule.Placement(field: field, pattern: .glob(glob ?? ""), traits: traits)
        }
        guard let found = pattern(fields, "regex", example: "'^(?<resource>[^.]+)'") else {
            return nil
        }
        let names = targets.map(\.rawValue)
        for group in found.groups where !names.contains(group) {
            let what = "\(fields.name(of: "regex")): a group is called '\(reader.shown(group))'"
            reader.noteUnknown(fields.position(of: "regex"), what, group, among: names)
        }
        if found.groups.isEmpty, !isOne(traits, fields) { return nil }
        guard reader.problems.count == before else { return nil }
        return LineRule.Placement(field: field, pattern: .regex(found.text), traits: traits)
    }

    /// The field, and the pattern of its names; no pattern where a regular expression is there.
    private func glob(_ fields: Fields) -> (field: String, glob: String?)? {
        let given = ["host", "is", "regex"].filter(fields.has)
        guard given.count == 1, let key = given.first else {
            reader.note(
                given.count > 1 ? fields.keyPosition(of: given[1]) : fields.at,
                given.isEmpty
                    ? "\(fields.subject) does not say which lines it is about"
                    : "\(fields.subject) has both '\(given[0])' and '\(given[1])'",
                given.isEmpty ? "add host: 'web-*'" : "keep one of the two"
            )
            return nil
        }
        if key == "host", fields.has("field") {
            reader.note(
                fields.keyPosition(of: "field"),
                "\(fields.subject) is about the field 'host' and another one",
                "write field: NAME, is: PATTERN"
            )
            return nil
        }
        let field = fields.has("field") ? reader.name(fields, "field") : "host"
        guard let field else { return nil }
        if key == "regex" { return (field, nil) }
        return reader.text(fields, key).map { (field, $0) }
    }

    private func trait(_ fields: Fields, _ target: LineRule.Placement.Target) -> String? {
        let key = target.rawValue
        func codes(_ kind: Area.Kind) -> Names {
            Names(plan.estate.areas.filter { $0.kind == kind }.flatMap { [$0.name, $0.code] })
        }
        let known =
            switch target {
            case .resource: resources
            case .site: codes(.site)
            case .region: codes(.region)
            case .zone: Names(plan.estate.areas.flatMap(\.zones))
            case .layer: layers
            case .service: services
            }
        return reader.reference(fields, key, kind: key, known: known)
    }

    /// A line belongs to one resource.
    private func isOne(_ traits: [LineRule.Placement.Trait], _ fields: Fields) -> Bool {
        guard !traits.isEmpty else {
            reader.note(
                fields.at,
                "\(fields.subject) does not say where",
                "add resource: \(resources.list.first ?? "RESOURCE")"
            )
            return false
        }
        let found = plan.estate.resources(with: traits).map(\.name)
        guard found.count != 1 else { return true }
        let shown = found.prefix(5).joined(separator: ", ") + (found.count > 5 ? ", ..." : "")
        reader.note(
            fields.at,
            found.isEmpty
                ? "\(fields.subject): no resource has all of this"
                : "\(fields.subject) means \(found.count) resources: \(shown)",
            found.isEmpty
                ? "correct it; the resources of the estate say their place and layer"
                : "say more, until one is left: resource, zone, layer or service"
        )
        return false
    }
}
