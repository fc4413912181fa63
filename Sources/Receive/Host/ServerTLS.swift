import Atlas
import NIOSSL

/// TLS of a listener, from the PEM files that the operator names.
enum ServerTLS {
    /// TLS 1.2 and newer; with a client authority, no client gets in without a certificate of its.
    static func context(_ identity: ServerIdentity) throws(ReceiveError) -> NIOSSLContext {
        let chain: [NIOSSLCertificateSource]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map {
                .certificate($0)
            }
        } catch {
            throw failure(identity.certificate, error)
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: identity.key, format: .pem)
        } catch {
            throw failure(identity.key, error)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        if let authority = identity.clientAuthority {
            do {
                configuration.trustRoots = .certificates(
                    try NIOSSLCertificate.fromPEMFile(authority)
                )
            } catch {
                throw failure(authority, error)
            }
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badIdentity(
                path: "\(identity.certificate) and \(identity.key)",
                reason: "they do not belong together, or are none of PEM"
            )
        }
    }

    private static func failure(_ path: String, _ error: any Error) -> ReceiveError {
        let reason = SystemWords.unreadable(path) ?? "it holds nothing of the kind in PEM"
        return .badIdentity(path: path, reason: reason)
    }
}
