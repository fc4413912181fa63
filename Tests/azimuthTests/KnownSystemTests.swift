import Atlas
import Configure
import Decode
import Probes
import Testing

@testable import azimuth

@Suite("What azimuth init recognizes, held to the catalogues")
struct KnownSystemTests {
    @Test("a system that there is a probe for gets an address that the probe takes")
    func addresses() throws {
        for known in KnownSystem.all where !known.address.isEmpty {
            guard let probe = ProbeCatalog.probe(named: known.name) else { continue }
            let address = known.address(host: "127.0.0.1", port: known.port)
            #expect(throws: Never.self, "\(known.name): \(address)") {
                _ = try probe.session(for: address, timeout: .seconds(1))
            }
        }
    }

    @Test("what it finds on this machine gives a configuration")
    func here() throws {
        let text = StarterFile.text(HostScan.findings(), catalogue: Setup.catalogue)
        _ = try Configuration.parse(text, file: "azimuth.yaml", catalogue: Setup.catalogue)
    }
}
