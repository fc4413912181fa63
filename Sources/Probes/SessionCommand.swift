/// The client process of one session: it reads requests from standard input and answers on
/// standard output and standard error, which share one pipe.
package struct SessionCommand: Hashable, Sendable {
    /// The first is the program, looked up in PATH; no shell sees them.
    package var arguments: [String]
    /// `NAME=value` entries set for the client, never a secret.
    package var environment: [String]
    /// Names of variables that it gets from us; one ending in `*` stands for all that begin so.
    package var inherited: [String]
    /// Names that it never gets, though `inherited` would allow them.
    package var withheld: [String]
    /// A file whose first line is the password; written to the client first, kept nowhere.
    package var secretFile: String?
    /// What a one-shot's answer is read for, in words of the probe and on one line; comes back
    /// with the reply.
    package var expects: String

    package init(
        arguments: [String],
        environment: [String] = [],
        inherited: [String] = [],
        withheld: [String] = [],
        secretFile: String? = nil,
        expects: String = ""
    ) {
        self.arguments = arguments
        self.environment = environment
        self.inherited = inherited
        self.withheld = withheld
        self.secretFile = secretFile
        self.expects = expects
    }
}
