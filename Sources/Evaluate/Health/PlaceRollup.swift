package import Atlas

/// From resources to zones, regions and sites.
package enum PlaceRollup {
    /// One row for each area and zone of the estate, in its order.
    ///
    /// - Parameters:
    ///   - estate: what stands where.
    ///   - health: of each resource, in the order of the estate.
    /// - Returns: a tally for each layer. In a row of a whole area, `moving` stands before `down`:
    ///   what is being repaired by a failover is told apart from what is just broken.
    package static func rows(_ estate: Estate, health: [Health]) -> [PlaceHealth] {
        estate.areas.flatMap { area in
            area.places.map { place in
                PlaceHealth(
                    place: place,
                    layers: estate.layers.map { layer in
                        tally(estate, health, place: place, layer: layer)
                    }
                )
            }
        }
    }

    private static func tally(
        _ estate: Estate,
        _ health: [Health],
        place: Place,
        layer: String
    ) -> PlaceHealth.Tally {
        var tally = PlaceHealth.Tally()
        var isMoving = false
        for (resource, state) in zip(estate.resources, health)
        where resource.layer == layer && place.holds(resource.place) {
            tally.total += 1
            if state == .ok || state == .moving { tally.ok += 1 }
            if state == .moving { isMoving = true }
            tally.health = max(tally.health, state)
        }
        if isMoving, place.zone == nil { tally.health = .moving }
        return tally
    }
}
