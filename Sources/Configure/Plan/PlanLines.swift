/// In which line of its file each part of a plan stands; parallel to the plan's own arrays.
package struct PlanLines: Hashable, Sendable {
    package var areas: [Int] = []
    package var resources: [Int] = []
    package var links: [Int] = []
    package var services: [Int] = []
    package var sources: [Int] = []
    package var targets: [Int] = []
    package var canaries: [Int] = []
    package var rules: [Int] = []
}
