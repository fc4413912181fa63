import HTTPTypes
import Unpack
import Wire

/// What a request says of itself before its body is read.
struct HTTPRequestKind: Equatable {
    enum Body: Equatable {
        /// `ExportLogsServiceRequest` as JSON.
        case export
        /// Objects of JSON.
        case json
        case text
        /// No type, or one that clients state for anything: its first byte tells.
        case either
    }

    var body: Body
    /// Nil for what is not packed.
    var packing: PackedForm?
    /// Nil for one in chunks.
    var length: Int?
    /// The sender waits for a word before it sends the body (RFC 9110 section 10.1.1).
    var waits: Bool

    /// Throws what speaks against taking its body.
    init(_ head: HTTPRequest, tokens: BearerTokens?, bodyLimit: Int) throws(BodyMistake) {
        let path = String((head.path ?? "/").prefix { $0 != "?" })
        let isExport = path == "/v1/logs"
        guard isExport || path == "/" || path == "/logs" else {
            throw BodyMistake(
                path == "/v1/traces" || path == "/v1/metrics"
                    ? "only logs are taken, at /v1/logs"
                    : "logs are taken at /, /logs and, from OTLP, /v1/logs",
                status: 404
            )
        }
        guard head.method == .post else { throw BodyMistake("send logs with POST", status: 405) }
        if let tokens, !tokens.admit(head.headerFields[.authorization]) {
            throw BodyMistake("a bearer token is needed, and none that is known came", status: 401)
        }
        body = try Self.body(head.headerFields[.contentType], isExport: isExport)
        packing = try Self.packing(head.headerFields[.contentEncoding])
        length = head.headerFields[.contentLength].flatMap { Int($0) }
        guard length != nil || head.headerFields[.transferEncoding] != nil else {
            throw BodyMistake("state Content-Length, or send in chunks", status: 411)
        }
        guard length ?? 0 <= bodyLimit else { throw Self.tooLarge(bodyLimit) }
        waits = head.headerFields[.expect]?.lowercased() == "100-continue"
    }

    static func tooLarge(_ limit: Int) -> BodyMistake {
        BodyMistake("a body may have \(limit) bytes, unpacked: send fewer at a time", status: 413)
    }

    private static func body(_ value: String?, isExport: Bool) throws(BodyMistake) -> Body {
        let type = value?.prefix { $0 != ";" }.lowercased()
            .split(separator: " ").joined()
        if isExport {
            switch type {
            case "application/json": return .export
            case "application/x-protobuf":
                throw BodyMistake(
                    "protobuf is not taken: send JSON (OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json,"
                        + " or encoding: json of the collector's otlphttp exporter)",
                    status: 415
                )
            default: throw BodyMistake("OTLP is taken as application/json", status: 415)
            }
        }
        switch type {
        case "application/json", "application/x-ndjson", "application/ndjson",
            "application/jsonl", "application/x-jsonl", "application/jsonlines",
            "application/x-jsonlines", "application/stream+json", "application/json-seq":
            return .json
        case "text/plain": return .text
        case nil, "", "application/x-www-form-urlencoded", "application/octet-stream",
            "*/*":
            return .either
        default:
            throw BodyMistake(
                "send application/json, application/x-ndjson or text/plain",
                status: 415
            )
        }
    }

    private static func packing(_ value: String?) throws(BodyMistake) -> PackedForm? {
        switch value?.lowercased() {
        case nil, "", "identity": return nil
        case "gzip", "x-gzip": return .gzip
        case "zstd": return .zstd
        default: throw BodyMistake("of the encodings only gzip and zstd are taken", status: 415)
        }
    }
}
