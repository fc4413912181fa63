import Atlas
import Foundation
import Testing

/// What the recorder of a capture says happened: its `truth.json`.
struct CaptureTruth {
    private struct File: Decodable {
        struct Outage: Decodable {
            var seconds: Double
        }

        struct Event: Decodable {
            var t: Instant
            var event: String
        }

        var faultAt: Instant
        var healCalledAt: Instant
        var clientAcked: Int
        var clientErrors: Int
        var outages: [Outage]
        var lostWrites: Int?
        var events: [Event]
    }

    let faultAt: Instant
    /// When the recorder began to heal, and when it was done.
    let healCalledAt: Instant
    let healedAt: Instant
    let clientAcked: Int
    let clientErrors: Int
    /// Seconds from the last acknowledged write to the next one.
    let outages: [Double]
    /// Acknowledged and then not found; nil where the client does not write.
    let lostWrites: Int?

    init(_ text: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try decoder.decode(File.self, from: Data(text.utf8))
        faultAt = file.faultAt
        healCalledAt = file.healCalledAt
        healedAt = try #require(file.events.last { $0.event == "healed" }).t
        clientAcked = file.clientAcked
        clientErrors = file.clientErrors
        outages = file.outages.map(\.seconds)
        lostWrites = file.lostWrites
    }
}
