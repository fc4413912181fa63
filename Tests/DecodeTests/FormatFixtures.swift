/// Lines as the real programs write them: of their logs in our labs, or of their own documentation.
enum FormatFixtures {
    static let all: [(format: String, lines: [String])] =
        [
            (
                "access",
                [
                    #"127.0.0.1 - - [23/Nov/2026:07:00:25 +0000] "GET / HTTP/1.1" 200 8 "-" "curl/7.88.1""#,
                    #"127.0.0.1 - - [23/Nov/2026:07:00:26 +0000] "GET /probe?seq=12 HTTP/1.1" 200 8 "-" "Python-urllib/3.11""#,
                    #"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#,
                ]
            ),
            (
                "apache-error",
                [
                    "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties",
                    "[Mon Nov 23 07:00:25.123456 2026] [mpm_event:notice] [pid 12:tid 34] AH00489: Apache/2.4.71 (Debian) configured",
                    "[Mon Nov 23 07:00:25.123456 2026] [core:error] [pid 12:tid 34] [client 10.0.0.9:5000] AH00128: File does not exist: /x",
                ]
            ),
            (
                "nginx-error",
                [
                    "2026/11/23 07:00:24 [notice] 2984#2984: using the \"epoll\" event method",
                    "2026/11/23 07:00:25 [info] 2990#2990: *4 client 127.0.0.1 closed keepalive connection (104: Connection reset by peer)",
                    "2026/11/23 07:00:24 [info] 2990#2990: *1 client closed connection while waiting for request, client: 127.0.0.1, server: 127.0.0.1:28191",
                ]
            ),
            (
                "syslog",
                [
                    "<156>1 2026-11-23T06:52:30.739815+00:00 vm azi - - [timeQuality tzKnown=\"1\" isSynced=\"0\"] hello",
                    "<156>Nov 23 06:52:30 vm azi[5477]: hello", "<13>Nov 23 06:52:30 azi: hello",
                    "<141>1 2026-11-23T06:54:38Z vm azi - - -  text",
                    "2026-11-23T07:00:25.586123+00:00 lb-1 sshd[77]: Accepted publickey for root",
                    "Nov 23 07:00:25 lb-1 kernel: [12.3] eth0: link up",
                ]
            ),
            (
                "syslog",
                [
                    "Nov 23 07:00:25 lb-1 app[7]: error: no route",
                    "Nov 23 07:00:26 lb-1 app[7]: warning: no answer",
                    "Nov 23 07:00:26 lb-1 app[7]: info: up (again)",
                ]
            ),
            (
                "klog",
                [
                    "I1122 10:11:12.123456   12345 controller.go:123] \"Pod ready\" pod=\"kube-system/dns\"",
                    "W1122 10:11:13.000001       1 reflector.go:539] failed to list *v1.Node: Unauthorized",
                    "E20261122 10:11:13.500000 12345 server.cc:77] Check failed: a == b",
                ]
            ),
            (
                "log4j",
                [
                    "2026-11-23 06:58:17,081 INFO  [main] o.a.z.Server - Started",
                    "2026-11-23 06:58:17.081 [main] WARN  o.a.z.Server - Slow",
                    "2026-11-23T06:58:17.081Z  INFO 123 --- [main] c.e.App : Started App in 2.1 seconds",
                    "2026-11-23 06:58:17,081 INFO org.apache.hadoop.hdfs.server.namenode.NameNode: STARTUP_MSG",
                    "[2026-11-23 06:58:17,081] INFO [KafkaServer id=0] started (kafka.server.KafkaServer)",
                    "[2026-11-23T06:58:17,081][INFO ][o.e.n.Node] [es-1] initialized",
                    "17/06/09 20:10:40 INFO executor.CoarseGrainedExecutorBackend: Registered signal handlers",
                    "23-Nov-2026 06:58:17.081 INFO [main] org.apache.catalina.startup.Catalina.start Server startup",
                    "2026-11-23 06:58:17,082 ERROR [main] o.a.z.Server - Failed",
                    "java.net.ConnectException: Connection refused",
                    "\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)",
                    "Caused by: java.io.EOFException", "\t... 12 more",
                ]
            ),
            (
                "python",
                [
                    "2026-11-23 07:11:18,423 - app.db - INFO - connected",
                    "2026-11-23 07:11:18,423 - app.db - CRITICAL - lost",
                    "[2026-11-23 07:11:18 +0000] [123] [INFO] Booting worker with pid: 123",
                    "[2026-11-23 07:11:18,423: INFO/MainProcess] celery@vm ready.",
                    "[2026-11-23 07:11:18,423] ERROR in app: Exception on / [GET]",
                    "Traceback (most recent call last):", "  File \"app.py\", line 7, in main",
                    "ValueError: no such key",
                ]
            ),
            (
                "rails",
                [
                    "I, [2026-11-23T06:58:17.081234 #123]  INFO -- : Started GET \"/\" for 10.0.0.9",
                    "E, [2026-11-23T06:58:17.081234 #123] ERROR -- app: RuntimeError (no)",
                    "app/models/user.rb:12:in `save'",
                ]
            ),
        ] + systems

    private static let systems: [(format: String, lines: [String])] = [
        (
            "zookeeper",
            [
                "2026-11-23 06:57:31,624 [myid:1] - WARN  [main:o.a.z.s.ServerCnxnFactory@309] - maxCnxns is not configured, using default value 0.",
                "2026-11-23 06:57:32,730 [myid:] - INFO  [QuorumPeer[myid=1](plain=127.0.0.1:22181)(secure=disabled):o.a.z.s.q.QuorumPeer@1455] - LOOKING",
                "2026-11-23 06:58:13,374 [myid:] - WARN  [SendWorker:3:o.a.z.s.q.QuorumCnxManager$SendWorker@1288] - Interrupted while waiting for message on queue",
                "java.lang.InterruptedException: null",
                "\tat org.apache.zookeeper.util.CircularBlockingQueue.poll(CircularBlockingQueue.java:105)",
            ]
        ),
        (
            "pacemaker",
            [
                "Nov 23 07:07:00.614 pcmk1 pacemakerd          [32] (main) \tnotice: Starting Pacemaker 2.1.5 | build=a3f44794f94",
                "Nov 23 07:07:00.702 pcmk1 pacemaker-based     [33] (readCibXmlFile) \twarning: Continuing with an empty configuration.",
            ]
        ),
        (
            "corosync",
            [
                "Nov 23 07:07:00.090 [16] pcmk1 corosync notice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up",
                "Nov 23 07:07:00.090 [16] pcmk1 corosync warning [MAIN  ] Could not increase RLIMIT_MEMLOCK, not locking memory",
            ]
        ),
        (
            "heartbeat",
            [
                "Nov 23 07:22:58 hb1 heartbeat: [12]: info: Pacemaker support: off",
                "Nov 23 07:22:58 hb1 heartbeat: [12]: WARN: Core dumps could be lost if multiple dumps occur.",
                "harc(default)[22]:\t2026/11/23_07:25:04 info: Running /etc/ha.d//rc.d/status status",
            ]
        ),
        (
            "gluster",
            [
                "[2026-11-23 07:13:19.029750 +0000] I [MSGID: 100030] [glusterfsd.c:2767:main] 0-glusterfs: Started running version [{arg=glusterfs}]",
                "[2026-11-23 07:13:19.048584 +0000] I [glusterfsd.c:2447:daemonize] 0-glusterfs: Pid of current running process is 5",
                "[2026-11-23 07:14:09.172144 +0000] E [rpc-clnt.c:333:saved_frames_unwind] (--> /lib/x (--> /lib/y ))))) 0-gv0-client-1: forced unwinding frame",
                "Final graph:", "+------------------------------------------------------------+",
                "  1: volume gv0-client-0",
            ]
        ),
        (
            "clickhouse",
            [
                "2026.11.23 07:19:45.070381 [ 2 ] {} <Information> : Starting ClickHouse 18.16.1 with revision 54412",
                "2026.11.23 07:19:47.694859 [ 23 ] {97b2bdda-d15e-49a2-a20b-34cf46db59be} <Information> executeQuery: Read 2 rows",
            ]
        ),
        (
            "patroni",
            [
                "2026-11-23 07:11:18,423 INFO: Selected new etcd server http://127.0.0.1:22379",
                "2026-11-23 07:11:23.353 UTC [3459] LOG:  listening on IPv4 address \"127.0.0.1\", port 25441",
            ]
        ),
        (
            "postgresql",
            [
                "2026-11-23 07:19:46.129 UTC [25669] root@root FATAL:  role \"root\" does not exist",
                "2026-11-23 07:19:48.079 UTC [25912] postgres@[unknown] STATEMENT:  IDENTIFY_SYSTEM",
                "2026-11-23 07:19:48 UTC [25609]: [3-1] user=app,db=orders,app=psql,client=10.0.0.9 ERROR:  42P01: relation \"x\" does not exist",
            ]
        ),
        (
            "redis",
            [
                "21934:X 23 Nov 2026 06:58:17.081 # +odown master mymaster 127.0.0.1 26431 #quorum 2/2",
                "23639:signal-handler (1795452241) Received SIGTERM scheduling shutdown...",
            ]
        ),
        (
            "mariadb",
            [
                "2026-11-23  6:57:54 0 [Note] InnoDB: End of log at LSN=44894",
                "2026-11-23 16:57:54 0 [Warning] 'user' entry 'root@vm' ignored in --skip-name-resolve mode.",
                "261123 06:57:58 mysqld_safe Starting mariadbd daemon with databases from /var/lib/mysql",
            ]
        ),
        (
            "mysql",
            [
                "2026-11-23T06:57:54.123456Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.",
                "2026-11-23T06:57:54.123456Z 8 [Warning] [MY-013360] [Server] Plugin sha256_password is deprecated",
                "2026-11-23T06:57:54.123456Z 0 [Note] InnoDB: 5.7.44 started; log sequence number 1",
            ]
        ),
        (
            "mysql-slow",
            [
                "# Time: 2026-11-23T06:57:54.123456Z",
                "# User@Host: app[app] @ web1 [10.0.0.9]  Id:     8",
                "# Query_time: 2.000161  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0",
                "SET timestamp=1795452241;", "SELECT SLEEP(2);", "# Time: 261123  6:57:54",
            ]
        ),
        (
            "haproxy",
            [
                "Nov 23 07:00:25 localhost haproxy[3055]: 127.0.0.1:45306 [23/Nov/2026:07:00:25.240] fe be/web1 0/0/0/1/1 200 130 - - ---- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"",
                "Nov 23 07:00:24 localhost haproxy[3055]: Health check for server be/web1 succeeded, reason: Layer7 check passed, code: 200, check duration: 0ms, status: 3/3 UP.",
                "Nov 23 07:00:25 localhost haproxy[3055]: 10.0.0.9:40366 [23/Nov/2026:07:03:25.000] fe tcp/db1 1/0/1250 212 -- 1/1/0/0/0 0/0",
                "[WARNING]  (3055) : Server be/web1 is DOWN. 1 active and 0 backup servers left.",
            ]
        ),
        (
            "keepalived",
            [
                "Mon Nov 23 07:00:33 2026: (VI_1) Entering MASTER STATE",
                "Mon Nov 23 07:00:29 2026: Starting VRRP child process, pid=3604",
                "Nov 23 07:01:17 lb-2 Keepalived_vrrp[3616]: (VI_1) Entering BACKUP STATE",
            ]
        ),
    ]
}
