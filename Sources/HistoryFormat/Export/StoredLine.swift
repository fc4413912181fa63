package import Atlas

/// A kept line with the names of where it came from.
package struct StoredLine: Hashable, Sendable {
    package var source: String
    /// The resource that writes the source; nil when it belongs to none.
    package var resource: String?
    /// Its `source` counts the sources of the history, not those of a plan.
    package var record: LogRecord

    package init(source: String, resource: String?, record: LogRecord) {
        self.source = source
        self.resource = resource
        self.record = record
    }
}
