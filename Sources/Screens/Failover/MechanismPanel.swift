import Atlas
import Canvas

/// What the service is made of: members with their roles now, the copy between them, objectives.
struct MechanismPanel: Panel {
    let scene: Scene
    let rank: Int
    let run: FailoverRun

    private var service: Service? { scene.picture.estate.service(named: run.service) }
    private var state: ServiceState? { scene.picture.services.first { $0.name == run.service } }

    private var links: [ReplicationLink] {
        let members = service?.members ?? []
        return scene.picture.estate.links.filter {
            members.contains($0.from) && members.contains($0.to)
        }
    }

    private var rows: [(label: String, text: String, health: Health?)] {
        var rows: [(String, String, Health?)] = []
        for (index, member) in (service?.members ?? []).enumerated() {
            let resource = scene.picture.resources.first { $0.name == member }
            let role = resource?.role.map { ", \($0.rawValue)" } ?? ""
            rows.append((index == 0 ? "members" : "", member + role, resource?.health ?? .noData))
        }
        for (index, link) in links.enumerated() {
            rows.append((index == 0 ? "data" : "", link.kind, nil))
        }
        if let serving = state?.serving { rows.append(("serving", serving, nil)) }
        let isWatched = state?.isWatched ?? false
        rows.append(("canary", isWatched ? "tries it as its users do" : "none", state?.health))
        let rto = run.rto.map { "RTO \(Wording.aim($0))" }
        let rpo = run.rpo.map { "RPO \(Wording.aim($0))" }
        let objectives = [rto, rpo].compactMap { $0 }.joined(separator: ", ")
        rows.append(("aims", objectives.isEmpty ? "none set" : objectives, nil))
        return rows
    }

    var demand: RowDemand { RowDemand(least: 3, most: 1 + rows.count, rank: rank) }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule("Mechanism").draw(into: &canvas, rect, theme: scene.theme)
        for (index, row) in rows.enumerated().prefix(rect.height - 1) {
            let y = rect.y + 1 + index
            canvas.text(row.label, x: rect.x + 2, y: y, style: scene.theme[.dim])
            canvas.text(
                row.text,
                x: rect.x + 11,
                y: y,
                style: scene.theme[.text],
                limit: rect.width - 14
            )
            if let health = row.health {
                scene.sign(health, x: rect.right - 1, y: y, into: &canvas)
            }
        }
    }
}
