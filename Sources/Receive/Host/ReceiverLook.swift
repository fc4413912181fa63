package import Atlas

/// What is wrong with a receiver before it starts, for `azimuth check` and `azimuth doctor`.
///
/// Reads the files that it names; opens no socket.
package enum ReceiverLook {
    /// What a start would end with.
    package static func errors(of source: LogSource) -> [ReceiveError] {
        var errors: [ReceiveError] = []
        func look(_ body: () throws(ReceiveError) -> Void) {
            do { try body() } catch { errors.append(error) }
        }
        if let identity = source.serverIdentity {
            look { () throws(ReceiveError) in _ = try ServerTLS.context(identity) }
        }
        if case .forward(let receiver) = source.origin {
            look { () throws(ReceiveError) in _ = try ForwardGate.read(receiver) }
        }
        if case .http(let receiver) = source.origin, let path = receiver.tokensFile {
            look { () throws(ReceiveError) in _ = try BearerTokens.read(path) }
        }
        return errors
    }

    /// Everybody in the network may send, and nothing is encrypted: who that reaches; else nil.
    package static func openPlace(of source: LogSource) -> String? {
        guard case .forward(let receiver) = source.origin, receiver.sharedKeyFile == nil else {
            return nil
        }
        return receiver.listeners.first { $0.transport == .tcp && !$0.isLoopback }?.description
    }
}

extension LogSource {
    fileprivate var serverIdentity: ServerIdentity? {
        switch origin {
        case .files, .standardInput, .journal: nil
        case .syslog(let receiver): receiver.identity
        case .forward(let receiver): receiver.identity
        case .http(let receiver): receiver.identity
        }
    }
}
