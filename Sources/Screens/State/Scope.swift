package import Atlas

/// The part of the estate that screens show: everything, a place, a layer, or a layer in a place.
package struct Scope: Hashable, Sendable {
    package var place: Place?
    package var layer: String?

    package init(place: Place? = nil, layer: String? = nil) {
        self.place = place
        self.layer = layer
    }

    package var isAll: Bool { place == nil && layer == nil }

    package func holds(_ resource: Resource) -> Bool {
        (place?.holds(resource.place) ?? true) && (layer ?? resource.layer) == resource.layer
    }

    /// One step out: first the layer goes, then the zone, then the area.
    package var parent: Scope {
        if layer != nil { return Scope(place: place) }
        guard let place, place.zone != nil else { return Scope() }
        return Scope(place: Place(area: place.area))
    }

    /// From the outside in, without the estate itself.
    package var crumbs: [String] { [place?.area, place?.zone, layer].compactMap { $0 } }
}
