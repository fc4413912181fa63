"""Log files of any size that are the same bytes each time: access, json, syslog, logfmt.

About 400 lines a second of log time, with the variety of a busy shop: 100,000 paths, 16,000 clients,
40 hosts, 16,000 process ids. A file is made once for its kind, size and seed, and found again.
"""
import random
import time

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
BEGIN = 1_795_392_000  # 2026-11-23T00:00:00Z
EACH_SECOND = 400
PATHS = ("/", "/index.html", "/api/v1/orders", "/api/v1/users/{}", "/static/app.js", "/static/app.css",
         "/images/{}.png", "/healthz", "/search?q=item{}&page=2", "/cart/add/{}", "/login", "/metrics")
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
          "curl/8.11.0", "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0",
          "kube-probe/1.31", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15")
REFERERS = ("-", "https://shop.example.com/", "https://shop.example.com/search?q=item42", "-")
STATUS = (200,) * 86 + (304,) * 6 + (404,) * 4 + (302,) * 2 + (500, 503)
METHODS = ("GET",) * 8 + ("POST", "PUT")
ZONES = ("ap-northeast-1a", "ap-northeast-1c", "us-east-1b", "onprem-dc1", "onprem-dc2")
SERVICES = ("orders", "users", "payments", "replicator", "gateway")
LEVELS = ("info",) * 90 + ("warn",) * 7 + ("error",) * 3
TEXTS = ("request completed", "cache miss, reading from primary", "replica lag above soft limit",
         "retrying after connection reset by peer", "session refreshed", "heartbeat ok", "lock acquired late")
PROGRAMS = ("sshd", "cron", "kernel", "corosync", "pacemakerd", "drbd", "postfix/smtpd", "systemd")
SAYINGS = ("Accepted publickey for deploy from 10.0.{}.{} port {} ssh2", "link is up, {} Mbps, duplex {}, queue {}",
           "node web{} state is now member (quorum {} of {})", "resync finished on device {}: {} KiB in {} ms",
           "session opened for user root(uid=0) by (uid={}) tty {} pid {}", "connect from unknown[10.1.{}.{}] port {}")


def access(bits, now, number):
    a, b, c = bits(64), bits(64), bits(64)
    user = "-" if (a >> 40) & 15 else f"user{(a >> 44) & 255}"
    path = PATHS[a % 12].format((b >> 8) % 100_000)
    return (f'10.{(a >> 8) & 63}.{(a >> 16) & 255}.{(a >> 24) & 255} - {user} '
            f'[{now.tm_mday:02}/{MONTHS[now.tm_mon - 1]}/{now.tm_year}:{now.tm_hour:02}:{now.tm_min:02}:'
            f'{now.tm_sec:02} +0000] "{METHODS[(b >> 32) % 10]} {path} HTTP/1.1" {STATUS[(b >> 40) % 100]} '
            f'{(c & 0xFFFF) * ((c >> 16) & 7) + 17} "{REFERERS[(c >> 20) & 3]}" "{AGENTS[(c >> 24) % 5]}"\n')


def structured(bits, now, number):
    """The values of a json or logfmt line."""
    a, b, c = bits(64), bits(64), bits(64)
    return (f"{now.tm_year}-{now.tm_mon:02}-{now.tm_mday:02}T{now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
            f".{(number % EACH_SECOND) * 2500 + (a & 1023):06}Z", LEVELS[(a >> 10) % 100],
            SERVICES[(a >> 20) % 5], ZONES[(a >> 24) % 5], (a >> 28) & 31, b, c & 0xFFFFF, (c >> 20) & 1023,
            (c >> 30) % 1000, STATUS[(c >> 40) % 100], "false" if (c >> 50) & 31 else "true",
            TEXTS[(c >> 55) % 7])


def json(bits, now, number):
    at, level, service, zone, host, trace, user, ms, us, status, retry, text = structured(bits, now, number)
    return (f'{{"time":"{at}","level":"{level}","service":"{service}","az":"{zone}","host":"web{host:02}",'
            f'"trace_id":"{trace:016x}","user_id":{user},"latency_ms":{ms}.{us:03},"status":{status},'
            f'"retry":{retry},"msg":"{text}"}}\n')


def logfmt(bits, now, number):
    at, level, service, zone, host, trace, user, ms, us, status, retry, text = structured(bits, now, number)
    return (f'time={at} level={level} service={service} az={zone} host=web{host:02} trace_id={trace:016x} '
            f'user_id={user} latency_ms={ms}.{us:03} status={status} retry={retry} msg="{text}"\n')


def syslog(bits, now, number):
    a, b = bits(64), bits(64)
    program = PROGRAMS[a & 7]
    pid = "" if program == "kernel" else f"[{300 + ((a >> 3) & 0x3FFF)}]"
    text = SAYINGS[(a >> 48) % 6].format(b & 255, (b >> 8) & 255, (b >> 16) & 0xFFFF)
    return (f"{MONTHS[now.tm_mon - 1]} {now.tm_mday:2} {now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02} "
            f"web{(a >> 40) & 31:02} {program}{pid}: {text}\n")


KINDS = {"access": access, "json": json, "syslog": syslog, "logfmt": logfmt}


def make(folder, kind, mib, seed=2026):
    """The path of a file of that many MiB; whole lines, all ASCII."""
    path = folder / f"{kind}-{mib}-{seed}.log"
    if path.exists():
        return path
    line, bits = KINDS[kind], random.Random(seed).getrandbits
    wanted, written, number = mib << 20, 0, 0
    part = path.with_suffix(".part")
    with open(part, "wb", 1 << 20) as out:
        while written < wanted:
            now = time.gmtime(BEGIN + number // EACH_SECOND)
            second = []
            for _ in range(EACH_SECOND):
                second.append(line(bits, now, number))
                number += 1
            block = "".join(second).encode("ascii")
            out.write(block)
            written += len(block)
    part.rename(path)
    return path
