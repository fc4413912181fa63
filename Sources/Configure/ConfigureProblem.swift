package import Atlas

/// One thing in a file that cannot be used as it is written.
package struct ConfigureProblem: Explained, Hashable {
    /// The file as the operator named it.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    package var what: String
    package var remedy: String
    /// The known name that was most likely meant; nil when none is near.
    package var nearest: String?
    /// The text that is wrong, and below it a caret under the place; nil where nothing is shown.
    package var excerpt: String?

    package var exit: ExitStatus { .badConfiguration }

    package init(
        file: String,
        line: Int,
        column: Int,
        what: String,
        remedy: String,
        nearest: String? = nil,
        excerpt: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.what = what
        self.remedy = remedy
        self.nearest = nearest
        self.excerpt = excerpt
    }
}

extension ConfigureProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: what`, as compilers write it, so that editors can jump there.
    package var description: String { "\(file):\(line):\(column): \(what)" }
}
