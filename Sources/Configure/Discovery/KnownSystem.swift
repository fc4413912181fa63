/// A system that `azimuth init` recognizes, and what its lines in an azimuth.yaml would be.
package struct KnownSystem: Hashable, Sendable {
    /// As people call it.
    package var title: String
    /// The probe that asks it, and the name of its resource.
    package var name: String
    package var layer: String
    /// Names of its processes, as in /proc/PID/comm.
    package var processes: [String]
    /// Where it listens unless told otherwise; nil for one that is recognized by its process only.
    package var port: UInt16?
    /// Ports that it has beside the one that answers questions.
    package var otherPorts: Set<UInt16> = []
    /// The probe's address with HOST and PORT where those go.
    package var address: String
    /// What must be done once so that it can be asked; empty for nothing.
    package var preparation: String

    /// The address of one that listens there.
    package func address(host: String, port: UInt16?) -> String {
        var words = ""
        var rest = address[...]
        while let first = rest.first {
            if rest.hasPrefix("HOST") {
                words += host
                rest = rest.dropFirst("HOST".count)
            } else if rest.hasPrefix("PORT") {
                words += port.map(String.init) ?? ""
                rest = rest.dropFirst("PORT".count)
            } else {
                words.append(first)
                rest = rest.dropFirst()
            }
        }
        return words
    }

    /// In the order in which they are written.
    package static let all: [KnownSystem] = [
        KnownSystem(
            title: "PostgreSQL",
            name: "postgresql",
            layer: "data",
            processes: ["postgres", "postmaster"],
            port: 5_432,
            address: "host=HOST port=PORT user=azimuth dbname=postgres",
            preparation: "once: CREATE ROLE azimuth LOGIN; GRANT pg_monitor TO azimuth; "
                + "its password goes into ~/.pgpass"
        ),
        KnownSystem(
            title: "MariaDB or MySQL",
            name: "mariadb",
            layer: "data",
            processes: ["mariadbd", "mysqld"],
            port: 3_306,
            otherPorts: [33_060, 33_062],
            address: "host=HOST port=PORT user=azimuth",
            preparation: "its password goes into ~/.my.cnf"
        ),
        KnownSystem(
            title: "Redis",
            name: "redis",
            layer: "data",
            processes: ["redis-server", "valkey-server"],
            port: 6_379,
            otherPorts: [16_379],
            address: "HOST:PORT",
            preparation: ""
        ),
        KnownSystem(
            title: "Redis Sentinel",
            name: "sentinel",
            layer: "data",
            processes: ["redis-sentinel", "valkey-sentinel"],
            port: 26_379,
            address: "HOST:PORT",
            preparation: ""
        ),
        KnownSystem(
            title: "HAProxy",
            name: "haproxy",
            layer: "edge",
            processes: ["haproxy"],
            port: nil,
            address: "/run/haproxy/admin.sock",
            preparation: "needs 'stats socket /run/haproxy/admin.sock' in haproxy.cfg; "
                + "a server of it is watched as /run/haproxy/admin.sock BACKEND/SERVER"
        ),
        KnownSystem(
            title: "keepalived",
            name: "keepalived",
            layer: "edge",
            processes: ["keepalived"],
            port: nil,
            address: "",
            preparation: "its address is the virtual one that it may hold, such as 10.0.1.100"
        ),
        KnownSystem(
            title: "Pacemaker",
            name: "pacemaker",
            layer: "cluster",
            processes: ["pacemakerd"],
            port: nil,
            address: "",
            preparation: ""
        ),
    ]
}
