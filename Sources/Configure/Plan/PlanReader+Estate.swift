import Atlas

extension PlanReader {
    mutating func readEstate(_ node: YamlNode) {
        let allowed = [
            "name", "layers", "regions", "sites", "resources", "links", "services",
        ]
        guard let fields = reader.fields(of: node, subject: "the estate", allowed: allowed) else {
            return
        }
        plan.estate.name = reader.name(fields, "name") ?? ""
        if let node = fields["layers"] { readLayers(node) }
        // Rows of the health table: in the order of the file.
        let regionsFirst = fields.keyPosition(of: "regions") < fields.keyPosition(of: "sites")
        let kinds: [(String, Area.Kind)] = [("regions", .region), ("sites", .site)]
        for (key, kind) in regionsFirst ? kinds : kinds.reversed() {
            if let node = fields[key] { readAreas(node, kind: kind) }
        }
        if let node = fields["resources"] { readResources(node) }
        if let node = fields["links"] { readLinks(node) }
        if let node = fields["services"] { readServices(node) }
    }

    private mutating func readLayers(_ node: YamlNode) {
        for item in reader.items(of: node, subject: "'layers' of the estate") ?? [] {
            guard let name = reader.name(of: item, subject: "a layer") else { continue }
            if !layers.insert(name) { noteTwice(item.at, "the layer '\(name)'") }
        }
        plan.estate.layers = layers.list
    }

    private mutating func readAreas(_ node: YamlNode, kind: Area.Kind) {
        for entry in reader.entries(of: node, subject: "'\(kind.rawValue)s' of the estate") ?? [] {
            let subject = "\(kind.rawValue) '\(reader.shown(entry.key))'"
            guard isAreaName(entry.key, at: entry.keyAt, subject: subject) else { continue }
            guard areas.insert(entry.key) else {
                noteTwice(entry.keyAt, "the name '\(entry.key)' of a region or a site")
                continue
            }
            places.insert(entry.key)
            let fields = reader.fields(
                of: entry.value,
                subject: subject,
                allowed: ["code", "zones"]
            )
            guard let fields else { continue }
            let code = reader.name(fields, "code") ?? (kind == .region ? entry.key : "on-prem")
            var zones: [String] = []
            if let node = fields["zones"] { zones = readZones(node, subject: subject) }
            for zone in zones { places.insert("\(entry.key)/\(zone)") }
            let area = Area(kind: kind, name: entry.key, code: code, zones: zones)
            plan.estate.areas.append(area)
            lines.areas.append(entry.keyAt.line)
        }
    }

    private func readZones(_ node: YamlNode, subject: String) -> [String] {
        var zones = Names()
        for item in reader.items(of: node, subject: "'zones' of \(subject)") ?? [] {
            let name = "a zone of \(subject)"
            guard let zone = reader.text(of: item, subject: name),
                isAreaName(zone, at: item.at, subject: name)
            else { continue }
            if !zones.insert(zone) { noteTwice(item.at, "the zone '\(zone)' of \(subject)") }
        }
        return zones.list
    }

    private func isAreaName(_ name: String, at: Position, subject: String) -> Bool {
        guard reader.isName(name, at: at, subject: subject) else { return false }
        guard !name.contains("/") else {
            reader.note(
                at,
                "\(subject) holds a '/'",
                "places are written AREA/ZONE: choose another name"
            )
            return false
        }
        return true
    }

    private mutating func readResources(_ node: YamlNode) {
        for entry in reader.entries(of: node, subject: "'resources' of the estate") ?? [] {
            let subject = "resource '\(reader.shown(entry.key))'"
            guard reader.isName(entry.key, at: entry.keyAt, subject: subject) else { continue }
            resources.insert(entry.key)
            guard let fields = fields(entry, subject, ["at", "layer"]) else { continue }
            let example = places.list.first { $0.contains("/") } ?? places.list.first ?? "AREA/ZONE"
            let place = reader.require(fields, "at", example: example)
                .flatMap { reader.text(of: $0, subject: fields.name(of: "at")) }
                .flatMap { self.place($0, fields) }
            let layer = reader.require(fields, "layer", example: layers.list.first ?? "LAYER")
                .flatMap { _ in
                    reader.reference(fields, "layer", kind: "layer", known: layers)
                }
            guard let place, let layer else { continue }
            let resource = Resource(name: entry.key, place: place, layer: layer)
            plan.estate.resources.append(resource)
            lines.resources.append(entry.keyAt.line)
        }
    }

    private func place(_ text: String, _ fields: Fields) -> Place? {
        let user = fields.name(of: "at")
        guard reader.isKnown(text, at: fields.position(of: "at"), user: user, "place", places)
        else { return nil }
        return Place(text)
    }

    private mutating func readLinks(_ node: YamlNode) {
        for entry in reader.entries(of: node, subject: "'links' of the estate") ?? [] {
            let subject = "link '\(reader.shown(entry.key))'"
            guard reader.isName(entry.key, at: entry.keyAt, subject: subject),
                let fields = fields(entry, subject, ["from", "to", "kind", "rpo"])
            else { continue }
            let from = requiredResource(fields, "from")
            let to = requiredResource(fields, "to")
            let kind = reader.name(fields, "kind") ?? ""
            let rpo = reader.span(fields, "rpo", in: .zero ... .seconds(30 * 86_400))
            guard let from, let to else { continue }
            guard from != to else {
                reader.note(
                    fields.position(of: "to"),
                    "\(subject) leads from '\(from)' to itself",
                    "name the resource that receives the data"
                )
                continue
            }
            let link = ReplicationLink(name: entry.key, from: from, to: to, kind: kind, rpo: rpo)
            plan.estate.links.append(link)
            lines.links.append(entry.keyAt.line)
        }
    }

    private mutating func readServices(_ node: YamlNode) {
        for entry in reader.entries(of: node, subject: "'services' of the estate") ?? [] {
            let subject = "service '\(reader.shown(entry.key))'"
            guard reader.isName(entry.key, at: entry.keyAt, subject: subject) else { continue }
            services.insert(entry.key)
            guard let fields = fields(entry, subject, ["members", "rto"]) else { continue }
            let rto = reader.span(fields, "rto", in: .zero ... .seconds(30 * 86_400))
            guard let members = members(fields, subject) else { continue }
            plan.estate.services.append(Service(name: entry.key, members: members, rto: rto))
            lines.services.append(entry.keyAt.line)
        }
    }

    private func members(_ fields: Fields, _ subject: String) -> [String]? {
        let first = resources.list.isEmpty ? ["RESOURCE"] : resources.list.prefix(2)
        let example = "[\(first.joined(separator: ", "))]"
        guard let node = reader.require(fields, "members", example: example),
            let items = reader.items(of: node, subject: fields.name(of: "members"))
        else { return nil }
        if items.isEmpty {
            reader.note(node.at, "\(subject) has no members", "add members: \(example)")
        }
        var members = Names()
        for item in items {
            let user = "a member of \(subject)"
            guard let name = reader.text(of: item, subject: user),
                reader.isKnown(name, at: item.at, user: user, "resource", resources)
            else { continue }
            if !members.insert(name) { noteTwice(item.at, "the member '\(name)' of \(subject)") }
        }
        return members.list
    }

    /// The keys of one named part; a position that is missing is that of its name.
    func fields(_ entry: YamlNode.Entry, _ subject: String, _ allowed: [String]) -> Fields? {
        var fields = reader.fields(of: entry.value, subject: subject, allowed: allowed)
        fields?.at = entry.keyAt
        return fields
    }

    func requiredResource(_ fields: Fields, _ key: String) -> String? {
        reader.require(fields, key, example: resources.list.first ?? "RESOURCE").flatMap { _ in
            reader.reference(fields, key, kind: "resource", known: resources)
        }
    }

    func noteTwice(_ at: Position, _ what: String) {
        reader.note(at, "\(what) is there twice", "keep one of the two, or give it another name")
    }
}
