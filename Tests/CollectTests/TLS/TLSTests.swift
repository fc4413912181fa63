import Atlas
import Foundation
import Probes
import Testing

@testable import Collect

@Suite("Pages over TLS", .serialized)
struct TLSTests {
    /// What the http probe makes of the server of a name, asked twice: the second time with what the
    /// lane kept of the first.
    private func ask(
        _ addresses: [String],
        timeout: Span = .seconds(9)
    ) throws -> [ProbeReply] {
        var inbox = try Inbox()
        let targets = addresses.map { address in
            ProbeTarget(
                probe: "http",
                resource: "r",
                address: address,
                every: .milliseconds(50),
                timeout: timeout
            )
        }
        let runner = try ProbeRunner(targets: targets, into: inbox.mailbox)
        defer { runner.stop() }
        try inbox.wait(for: "two replies of each server") { inputs in
            targets.indices.allSatisfy { index in
                Inbox.replies(inputs).count { $0.target == index } >= 2
            }
        }
        return try targets.indices.map { index in
            let replies = inbox.replies.filter { $0.target == index }.prefix(2)
            return try #require(replies.last)
        }
    }

    private func health(_ reply: ProbeReply) throws -> String {
        let text = try #require(reply.text, "\(String(describing: reply.failure))")
        for case .health(let health, let reason) in try HTTP().decode(text) {
            return "\(health.rawValue): \(reason)"
        }
        return ""
    }

    private func days(_ reply: ProbeReply) throws -> Double? {
        for case .metric(let sample) in try HTTP().decode(reply.text ?? "")
        where sample.name == "certificate-days-left" {
            return sample.value
        }
        return nil
    }

    @Test("a certificate is good, or it is said what is wrong with it and how long it has left")
    func certificates() throws {
        let lab = try TLSLab()
        let ca = " ca=\(lab.authority)"
        let addresses = try [
            lab.url("good") + ca + " contains='is well'",
            lab.url("good", host: "localhost") + ca,
            lab.url("twelve") + ca,
            lab.url("short") + ca,
            lab.url("short") + ca + " cert-warn=9d",
            lab.url("short") + ca + " cert-warn=9d contains=ill",
            lab.url("expired") + ca,
            lab.url("early") + ca,
            lab.url("other") + ca,
            lab.url("other") + ca + " sni=other.example",
            lab.url("good"),
            lab.url("alone"),
            lab.url("alone") + " self-signed=ok",
            lab.url("alone") + " self-signed=ok sni=other.example",
            lab.url("alone") + " ca=\(lab.folder.file("alone.pem"))",
            lab.url("good") + " self-signed=ok",
            lab.url("expired") + " self-signed=ok",
        ]
        let replies = try ask(addresses)
        let expected = [
            "ok: HTTP 200 OK", "ok: HTTP 200 OK", "ok: HTTP 200 OK",
            "warn: the certificate ends in 10 d", "ok: HTTP 200 OK", "down: the page lacks 'ill'",
            "down: the certificate expired", "down: the certificate becomes valid in",
            "down: the certificate is not for 127.0.0.1", "ok: HTTP 200 OK",
            "down: the certificate is not trusted: unable to get local issuer certificate",
            "down: the certificate is not trusted: self-signed certificate", "ok: HTTP 200 OK",
            "down: the certificate is not for other.example", "ok: HTTP 200 OK",
            "down: the certificate is not trusted: unable to get local issuer certificate",
            "down: the certificate expired",
        ]
        for (index, words) in expected.enumerated() {
            let said = try health(replies[index])
            #expect(said.hasPrefix(words), "\(addresses[index]): \(said)")
        }
        #expect(try days(replies[3]).map { (9.6...9.8).contains($0) } == true)
        #expect(try days(replies[6]).map { $0 < -1_000 } == true)
        #expect(try days(replies[12]).map { (364...365).contains($0) } == true)
        // Nothing was asked of those that are not trusted.
        for index in [6, 7, 8, 10, 11, 13] {
            #expect(replies[index].text?.contains("HTTP/") == false)
        }
        #expect(replies[2].text?.contains("@@tls TLSv1.2 ") == true)
        #expect(replies[0].text?.contains("@@tls TLSv1.3 ") == true)
    }

    @Test("a bad server over TLS is told apart, delays no other, and floods nobody")
    func badServers() throws {
        let lab = try TLSLab()
        let names = [
            "old", "plain", "zeros", "alert", "closes", "flood", "breaks", "mute", "gone", "hangs",
            "endless", "rude", "tiny", "stays", "drips",
        ]
        let addresses = try names.map { try lab.url($0) + " ca=\(lab.authority) contains=well" }
        let replies = try ask(addresses, timeout: .seconds(3))
        let failures: [(kind: ProbeFailure.Kind, words: String)] = [
            (.broken, "no TLS: tlsv1 alert protocol version"),
            (.broken, "no TLS: wrong version number"), (.broken, "no TLS: wrong version number"),
            (.broken, "no TLS: "), (.broken, "no TLS: the connection was closed"),
            (.broken, "no TLS: "), (.broken, "TLS broke: "), (.broken, "closed without an answer"),
            (.broken, "closed without an answer"), (.timeout, "no answer within"),
        ]
        for (index, failure) in failures.enumerated() {
            let told = replies[index].failure
            #expect(
                told?.kind == failure.kind && told?.detail.contains(failure.words) == true,
                "\(names[index]): \(String(describing: replies[index].outcome).prefix(300))"
            )
        }
        #expect(replies[10].text.map { $0.utf8.count < OneShotReply.limit + 1_000 } == true)
        #expect(throws: ProbeError.self) { try HTTP().decode(replies[10].text ?? "") }
        for index in 11...14 {
            #expect(try health(replies[index]) == "ok: HTTP 200 OK", "\(names[index])")
        }
    }

    @Test("certificates to trust that cannot be read are no fault of the server")
    func badAuthorities() throws {
        let lab = try TLSLab()
        try lab.folder.write("no certificate\n".utf8, to: "bad.pem")
        let replies = try ask([
            try lab.url("good") + " ca=\(lab.folder.file("none.pem"))",
            try lab.url("good") + " ca=\(lab.folder.file("bad.pem"))",
        ])
        #expect(replies.allSatisfy { $0.failure?.kind == .noClient })
        #expect(replies[0].failure?.detail.contains("none.pem failed: No such file") == true)
        #expect(replies[1].failure?.detail.contains("bad.pem failed: ") == true)
    }

    @Test("a certificate of the authority is trusted from when the file names that authority")
    func changedAuthorities() throws {
        let lab = try TLSLab()
        let file = lab.folder.file("trusted.pem")
        try lab.folder.write(lab.folder.read("alone.pem"), to: "trusted.pem")
        var inbox = try Inbox()
        let target = ProbeTarget(
            probe: "http",
            resource: "r",
            address: try lab.url("good") + " ca=\(file)",
            every: .milliseconds(50),
            timeout: .seconds(9)
        )
        let runner = try ProbeRunner(targets: [target], into: inbox.mailbox)
        defer { runner.stop() }
        try inbox.wait(for: "a reply") { !$0.isEmpty }
        #expect(try health(inbox.replies[0]).contains("not trusted"))
        try lab.folder.write(lab.folder.read("authority.pem"), to: "new.pem")
        try lab.folder.move("new.pem", to: "trusted.pem")
        try inbox.wait(for: "a good reply") { inputs in
            try Inbox.replies(inputs).contains { try health($0) == "ok: HTTP 200 OK" }
        }
    }

    @Test("a canary over https feels a certificate that ended, and finds the other target")
    func canary() throws {
        let lab = try TLSLab()
        var inbox = try Inbox()
        let targets = try ["expired", "good"].map { name in
            Canary.Target(resource: name, address: try lab.url(name) + " ca=\(lab.authority)")
        }
        let canary = Canary(
            name: "c",
            service: "s",
            probe: "http",
            mode: .read,
            targets: targets,
            every: .milliseconds(100),
            timeout: .seconds(5)
        )
        let runner = try ProbeRunner(targets: [], canaries: [canary], into: inbox.mailbox)
        defer { runner.stop() }
        try inbox.wait(for: "good tries") { inputs in
            Inbox.tries(inputs).count { $0.failure == nil } >= 3
        }
        #expect(inbox.tries[0].failure?.detail.hasPrefix("the certificate expired") == true)
        #expect(inbox.tries.filter { $0.failure == nil }.allSatisfy { $0.target == 1 })
    }

    @Test("hundreds of handshakes leave no descriptor open")
    func leaksNothing() throws {
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        let lab = try TLSLab()
        var inbox = try Inbox()
        let before = try descriptors()
        let addresses = try ["good", "expired", "zeros"].map {
            try lab.url($0) + " ca=\(lab.authority)"
        }
        let runner = try ProbeRunner(
            targets: addresses.map { address in
                ProbeTarget(
                    probe: "http",
                    resource: "r",
                    address: address,
                    every: .milliseconds(2),
                    timeout: .seconds(5)
                )
            },
            into: inbox.mailbox
        )
        try inbox.wait(for: "200 replies") { Inbox.replies($0).count >= 200 }
        runner.stop()
        #expect(try descriptors() < before + 100)
    }
}
