import HTTPTypes
import HummingbirdCore
import NIOCore
import Wire

/// What a request is answered with: a status, and words in JSON.
struct HTTPAnswer: Equatable {
    var status: Int
    var body: [UInt8]
    var fields: [String: String] = [:]

    /// The events are kept.
    static func kept(_ count: Int) -> HTTPAnswer {
        HTTPAnswer(status: 200, body: Array("{\"events\":\(count)}".utf8))
    }

    /// `ExportLogsServiceResponse`: of the records that are none it says how many and why.
    static func exported(rejected: Int, reason: String) -> HTTPAnswer {
        guard rejected > 0 else { return HTTPAnswer(status: 200, body: Array("{}".utf8)) }
        var body = JSONSink(capacity: 256)
        body.append("{\"partialSuccess\":{\"rejectedLogRecords\":\"")
        body.appendDecimal(UInt64(rejected))
        body.append("\",\"errorMessage\":")
        body.appendQuoted(reason)
        body.append("}}")
        return HTTPAnswer(status: 200, body: body.take())
    }

    static func refused(_ mistake: BodyMistake) -> HTTPAnswer {
        var body = JSONSink(capacity: 256)
        body.append("{\"message\":")
        body.appendQuoted(mistake.words)
        body.append("}")
        var answer = HTTPAnswer(status: mistake.status, body: body.take())
        switch mistake.status {
        case 401: answer.fields["WWW-Authenticate"] = "Bearer"
        case 405: answer.fields["Allow"] = "POST"
        case 429, 503: answer.fields["Retry-After"] = "1"
        default: break
        }
        return answer
    }

    /// How a refusal is counted; nil for one after which the sender tries again.
    static func reason(of status: Int) -> String? {
        switch status {
        case 400: "requests that could not be read"
        case 401: "requests without a valid token"
        case 413: "requests that were too large"
        case 415: "requests of a type that is not taken"
        case 429, 503: nil
        default: "requests that bring no logs"
        }
    }

    var head: HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(body.count)
        for (name, value) in self.fields.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
    }
}

extension JSONSink {
    /// A text between quotes, as JSON.
    mutating func appendQuoted(_ text: String) {
        let bytes = [UInt8](text.utf8)
        appendQuoted(bytes.span.bytes, 0..<bytes.count)
    }
}
