package import Atlas

/// What an export of lines begins with: the sources, and how their lines are read.
package struct ExportHead: Codable, Hashable, Sendable {
    package static let schema = 1

    package struct Source: Codable, Hashable, Sendable {
        package var name: String
        package var resource: String?
        /// Nil where no kept plan names one.
        package var format: String?

        package init(name: String, resource: String?, format: String?) {
            self.name = name
            self.resource = resource
            self.format = format
        }
    }

    package var schema = Self.schema
    package var sources: [Source]
    /// The operator's own.
    package var formats: [UserFormat]

    package init(sources: [Source] = [], formats: [UserFormat] = []) {
        self.sources = sources
        self.formats = formats
    }

    /// As a plan names them.
    package var plan: WatchPlan {
        WatchPlan(
            sources: sources.map {
                LogSource(
                    name: $0.name,
                    path: "/imported",
                    format: $0.format ?? "auto",
                    resource: $0.resource
                )
            },
            formats: formats
        )
    }
}

/// What an export of lines ends with; one without it was cut off.
package struct ExportEnd: Codable, Hashable, Sendable {
    package var lines: Int
    /// Rows that are not in it since they are damaged.
    package var damaged: Int

    package init(lines: Int, damaged: Int) {
        self.lines = lines
        self.damaged = damaged
    }
}
