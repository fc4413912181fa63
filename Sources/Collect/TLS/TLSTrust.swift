import COpenSSL
import Glibc
import Probes

/// What TLS connections of one lane have in common: the least version, and whom to trust.
///
/// Made anew when the file (or the system's folder) of the trusted certificates has changed.
final class TLSTrust {
    private var context: TLSContext?
    private var authorities: String?
    private var seen: [Int] = []

    /// Throws `CollectError.system` for certificates that cannot be read.
    func context(for wishes: TLSWishes) throws(CollectError) -> TLSContext {
        let looked = Self.look(wishes.authorities ?? String(cString: X509_get_default_cert_dir()))
        if let context, authorities == wishes.authorities, seen == looked { return context }
        let made = try TLSContext(authorities: wishes.authorities)
        (context, authorities, seen) = (made, wishes.authorities, looked)
        return made
    }

    private static func look(_ path: String) -> [Int] {
        var state = stat()
        guard stat(path, &state) == 0 else { return [] }
        return [Int(state.st_ino), Int(state.st_size), state.st_mtim.tv_sec, state.st_mtim.tv_nsec]
    }
}

/// An SSL_CTX of OpenSSL.
final class TLSContext {
    let pointer: OpaquePointer

    init(authorities: String?) throws(CollectError) {
        ERR_clear_error()
        guard let made = SSL_CTX_new(TLS_client_method()) else {
            throw .system(operation: "starting TLS", reason: tlsWords())
        }
        pointer = made
        let trusts =
            authorities.map { SSL_CTX_load_verify_file(made, $0) }
            ?? SSL_CTX_set_default_verify_paths(made)
        guard tls_restrict(made) == 1, trusts == 1 else {
            let whose = authorities ?? "the system"
            throw .system(operation: "reading the certificates of \(whose)", reason: tlsWords())
        }
        // The handshake goes on with any certificate: what is wrong with it is to be told. One that
        // is named to be trusted need not be a root.
        SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nil)
        X509_VERIFY_PARAM_set_flags(
            SSL_CTX_get0_param(made),
            UInt(X509_V_FLAG_PARTIAL_CHAIN)
        )
    }

    deinit {
        SSL_CTX_free(pointer)
    }
}

/// Why the last operation of OpenSSL on this thread failed.
func tlsWords() -> String {
    let code = ERR_get_error()
    return code == 0 ? "no reason given" : String(cString: tls_error_words(code))
}
