package import Atlas

/// Any plugin of Nagios, Icinga or Naemon, run unchanged.
///
/// Its contract: <https://nagios-plugins.org/doc/guidelines.html> ("Plugin Output", "Plugin Return
/// Codes") and <https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/pluginapi.html>.
package struct Nagios: CommandProbe {
    package let name = "nagios"
    package let summary = "what a monitoring plugin says: state, reason, performance data"
    package let addressHelp = """
        the plugin and its arguments, quoted as for a shell, such as \
        '/usr/lib/nagios/plugins/check_disk -w 20% -c 10% -p /'; no shell sees it, and passwords \
        stay in files that the plugin reads
        """

    package init() {}

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        SessionCommand(arguments: try words(of: address))
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        let reply = try self.reply(reply)
        let output = PluginOutput(reply.body)
        let (health, lead): (Health, String) =
            switch reply.ending {
            case .exit(0): (.ok, "")
            case .exit(1): (.warn, "")
            case .exit(2): (.down, "")
            case .exit(3): (.noData, "")
            case .exit(let status): (.noData, "the plugin ended with status \(status)")
            case .signal(let number): (.noData, "the plugin was ended by signal \(number)")
            case .hungUp, .tried, .found, .read: throw .unreadable(probe: name, line: output.text)
            }
        let reason = [lead, output.text].filter { !$0.isEmpty }.joined(separator: ": ")
        return [.health(health, reason: reason.isEmpty ? "the plugin said nothing" : reason)]
            + output.samples.map(Observation.metric)
    }
}
