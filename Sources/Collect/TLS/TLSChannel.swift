import Atlas
import COpenSSL
import Glibc
import Probes

/// The client's side of one TLS connection without the connection: bytes in, bytes out.
///
/// States: shaking hands → (the certificate is good) listening → closed. With a bad one it ends
/// there, and the question is not sent.
final class TLSChannel {
    /// What came of some bytes.
    struct Step {
        enum End {
            /// The certificate is not to be trusted; the report says why.
            case distrusted
            /// The other side has said all.
            case closed
            case failed(String)
        }

        var toSend: [UInt8] = []
        var plain: [UInt8] = []
        /// Nil while it goes on.
        var end: End?
    }

    /// What may come in the handshake, and altogether, in bytes.
    static let handshakeLimit = 262_144
    static let limit = 1 << 20

    private let session: OpaquePointer
    /// Memory that the session reads from and writes to, and owns.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private let wishes: TLSWishes
    private let question: [UInt8]
    private let clock: LiveClock
    private let begun = Monotonic.now()
    private var received = 0
    /// Nil while hands are shaken.
    private(set) var report: TLSReport?

    init(
        _ wishes: TLSWishes,
        question: String,
        context: TLSContext,
        clock: LiveClock
    ) throws(CollectError) {
        guard let session = SSL_new(context.pointer) else {
            throw .system(operation: "starting TLS", reason: tlsWords())
        }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            throw .system(operation: "starting TLS", reason: tlsWords())
        }
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_connect_state(session)
        if SocketAddress.numeric(wishes.serverName, port: 0) == nil {
            _ = tls_send_name(session, wishes.serverName)
        }
        (self.session, self.incoming, self.outgoing) = (session, incoming, outgoing)
        (self.wishes, self.question, self.clock) = (wishes, Array(question.utf8), clock)
    }

    deinit {
        SSL_free(session)
    }

    /// The first words of the handshake.
    func start() -> Step { advance() }

    /// Takes what came.
    func receive(_ bytes: ArraySlice<UInt8>) -> Step {
        received += bytes.count
        let limit = report == nil ? Self.handshakeLimit : Self.limit
        guard received <= limit else {
            return Step(end: .failed("more than \(limit) bytes came over TLS"))
        }
        _ = bytes.withUnsafeBytes { BIO_write(incoming, $0.baseAddress, Int32($0.count)) }
        return advance()
    }

    /// The last words.
    func close() -> [UInt8] {
        ERR_clear_error()
        SSL_shutdown(session)
        return drain()
    }

    private func advance() -> Step {
        ERR_clear_error()
        var step = Step()
        if report == nil {
            let result = SSL_do_handshake(session)
            guard result == 1 else {
                if SSL_get_error(session, result) != SSL_ERROR_WANT_READ {
                    step.end = .failed("no TLS: \(tlsWords())")
                }
                step.toSend = drain()
                return step
            }
            guard let report = look() else {
                return Step(end: .failed("no TLS: the server has no certificate"))
            }
            self.report = report
            guard report.complaint(takesSelfSigned: wishes.takesSelfSigned) == nil else {
                return Step(toSend: drain(), end: .distrusted)
            }
            _ = question.withUnsafeBytes { SSL_write(session, $0.baseAddress, Int32($0.count)) }
        }
        listen(&step)
        step.toSend = drain()
        return step
    }

    private func listen(_ step: inout Step) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while step.end == nil, step.plain.count < OneShotReply.limit {
            let count = SSL_read(session, &buffer, Int32(buffer.count))
            guard count <= 0 else {
                step.plain += buffer[..<Int(count)]
                continue
            }
            switch SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ: return
            case SSL_ERROR_ZERO_RETURN: step.end = .closed
            default: step.end = .failed("TLS broke: \(tlsWords())")
            }
        }
    }

    private func drain() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = BIO_read(outgoing, &buffer, Int32(buffer.count))
            guard count > 0 else { return bytes }
            bytes += buffer[..<Int(count)]
        }
    }

    private func look() -> TLSReport? {
        guard let certificate = SSL_get0_peer_certificate(session) else { return nil }
        let code = SSL_get_verify_result(session)
        // The root's own end matters to nobody: it is trusted because it is here.
        let chain = (0..<max(0, tls_chain_length(session) - 1)).compactMap { index in
            tls_chain_certificate(session, index)
        }
        let ends = ([certificate] + chain).map { tls_seconds(X509_get0_notAfter($0)) }
        return TLSReport(
            version: String(cString: SSL_get_version(session)),
            took: Span(nanoseconds: (Monotonic.now() - begun).nanoseconds / 1_000 * 1_000),
            notBefore: tls_seconds(X509_get0_notBefore(certificate)),
            notAfter: ends.min() ?? .min,
            at: clock.now().nanoseconds / 1_000_000_000,
            serverName: wishes.serverName,
            isForServer: isForServer(certificate),
            chain: Int32(truncatingIfNeeded: code),
            words: String(cString: X509_verify_cert_error_string(code))
        )
    }

    /// By its names, or of a numeric address by its addresses (RFC 9525).
    private func isForServer(_ certificate: OpaquePointer) -> Bool {
        let name = wishes.serverName
        guard SocketAddress.numeric(name, port: 0) == nil else {
            return X509_check_ip_asc(certificate, String(name.prefix { $0 != "%" }), 0) == 1
        }
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        return X509_check_host(certificate, name, name.utf8.count, flags, nil) == 1
    }
}
