#ifndef AZIMUTH_COPENSSL_SHIM_H
#define AZIMUTH_COPENSSL_SHIM_H

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#if OPENSSL_VERSION_NUMBER < 0x30000000L
#error "azimuth needs OpenSSL 3 (libssl-dev)"
#endif

// What Swift cannot import: macros that are functions.

/// TLS 1.2 and newer, and a peer may not begin its handshake anew.
static inline int tls_restrict(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

static inline int tls_send_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

/// Seconds since 1970; LLONG_MIN for what is no time.
static inline long long tls_seconds(const ASN1_TIME *time) {
    struct tm civil;
    return ASN1_TIME_to_tm(time, &civil) ? (long long)timegm(&civil) : LLONG_MIN;
}

/// How many certificates lead from the peer's to a trusted one, both included.
static inline int tls_chain_length(SSL *session) {
    STACK_OF(X509) *chain = SSL_get0_verified_chain(session);
    return chain ? sk_X509_num(chain) : 0;
}

/// One of those, the peer's first.
static inline X509 *tls_chain_certificate(SSL *session, int index) {
    return sk_X509_value(SSL_get0_verified_chain(session), index);
}

/// In English; never NULL.
static inline const char *tls_error_words(unsigned long code) {
    if (ERR_SYSTEM_ERROR(code)) return strerror(ERR_GET_REASON(code));
    const char *words = ERR_reason_error_string(code);
    return words ? words : "no reason given";
}

#endif
