"""Rotation torture (T35): nothing that was on disk may be missing in the history, whatever happens.

    /usr/bin/python3 Tests/Torture/rotate.py PATH-OF-AZIMUTH [--seconds 60] [--kills 100] [--seed N]

Eight writers append numbered lines to four logs. Their logs are rotated at random as logrotate(8)
does it: renamed, with writers that notice late, or copied and truncated. The pattern of the source
leads to the rotated files, too. The ingester is killed (SIGKILL) at random all the while. At the
end every line that was written has to be in the history; the counts are printed.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

LOGS = 4
WRITERS = 8
# Rotated files of each log that are kept: none is deleted before it was looked at.
GENERATIONS = 40
LINE = re.compile(rb"<w(\d+):(\d{8})>")


class Log:
    """A log file and what its rotation needs to lose nothing itself."""

    def __init__(self, folder, number):
        self.path = folder / f"app{number}.log"
        self.path.touch()
        self.lock = threading.Lock()
        self.rotations = collections.Counter()
        # Rises with each rename: writers open anew once they notice.
        self.generation = 0

    def shift(self):
        last = pathlib.Path(f"{self.path}.{GENERATIONS}")
        last.unlink(missing_ok=True)
        for number in range(GENERATIONS - 1, 0, -1):
            old = pathlib.Path(f"{self.path}.{number}")
            if old.exists():
                old.rename(f"{self.path}.{number + 1}")

    def rename(self):
        self.shift()
        self.path.rename(f"{self.path}.1")
        self.path.touch()
        self.generation += 1
        self.rotations["renamed"] += 1

    def copytruncate(self):
        self.shift()
        with self.path.open("rb") as source, open(f"{self.path}.1", "wb") as copy:
            shutil.copyfileobj(source, copy, 4096)
            copy.flush()
            # What logrotate loses between its two steps is no loss of the reader: writers wait.
            with self.lock:
                shutil.copyfileobj(source, copy, 4096)
                copy.flush()
                os.truncate(self.path, 0)
        self.rotations["truncated"] += 1


class Writer(threading.Thread):
    def __init__(self, number, log, stop, seed):
        super().__init__(daemon=True)
        self.number, self.log, self.stop = number, log, stop
        self.random = random.Random(seed)
        self.count = 0
        self.open()

    def open(self):
        self.generation = self.log.generation
        self.file = os.open(self.log.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self.notices = None

    def line(self):
        self.count += 1
        filler = "x" * self.random.choice([0, 3, 40, 90, 300])
        return f"<w{self.number}:{self.count:08}> {time.time():.6f} {filler}\n".encode()

    def run(self):
        while not self.stop.is_set():
            if self.generation != self.log.generation:
                # A daemon that is told to open its log anew does so in its own time.
                now = time.monotonic()
                self.notices = self.notices or now + self.random.choice([0, 0.05, 0.3, 1.0])
                if now >= self.notices:
                    os.close(self.file)
                    self.open()
            text = b"".join(self.line() for _ in range(self.random.choice([1, 1, 2, 5, 30])))
            with self.log.lock:
                cut = self.random.randrange(len(text)) if self.random.random() < 0.1 else len(text)
                os.write(self.file, text[:cut])
                if cut < len(text):
                    time.sleep(0.003)
                    os.write(self.file, text[cut:])
            time.sleep(self.random.choice([0.002, 0.01, 0.03, 0.1]))


class Ingester:
    def __init__(self, azimuth, folder):
        self.command = [azimuth, "ingest", "--config", str(folder / "azimuth.yaml")]
        self.log = (folder / "ingest.log").open("ab")

    def start(self):
        self.process = subprocess.Popen(self.command, stderr=self.log, stdin=subprocess.DEVNULL)

    def end(self, number):
        if self.process.poll() is not None:
            raise SystemExit(f"the ingester ended by itself: {self.process.returncode}")
        self.process.send_signal(number)
        self.process.wait(timeout=60)


def kept(azimuth, history):
    """How often each line is in the history."""
    counts = collections.Counter()
    command = [azimuth, "logs", "--history", str(history), "--limit", "1000000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as logs:
        for line in logs.stdout:
            counts.update(LINE.findall(line))
    return counts


def torture(azimuth, seconds, kills, seed):
    chance = random.Random(seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="azimuth-torture-"))
    logs_folder = folder / "logs"
    logs_folder.mkdir()
    history = folder / "history.db"
    (folder / "azimuth.yaml").write_text(
        f"history: {history}\nsources:\n"
        f"  - {{name: torture, file: '{logs_folder}/app*.log*', format: plain, start: beginning}}\n")
    logs = [Log(logs_folder, number) for number in range(LOGS)]
    stop = threading.Event()
    writers = [Writer(number, logs[number % LOGS], stop, seed + number) for number in range(WRITERS)]
    ingester = Ingester(azimuth, folder)
    for writer in writers:
        writer.start()
    begun = time.monotonic()

    def rotate():
        mine = random.Random(seed + 99)
        while not stop.is_set():
            time.sleep(mine.uniform(0.05, 0.6))
            log = mine.choice(logs)
            mine.choice([log.rename, log.copytruncate])()

    rotator = threading.Thread(target=rotate, daemon=True)
    rotator.start()
    done = 0
    while time.monotonic() < begun + seconds or done < kills:
        ingester.start()
        time.sleep(chance.uniform(0.05, max(0.1, 2 * seconds / kills - 0.15)))
        ingester.end(signal.SIGKILL)
        done += 1
        time.sleep(chance.choice([0, 0, 0.1, 0.3]))
        if time.monotonic() > begun + 4 * seconds + 60:
            break
    stop.set()
    rotator.join()
    for writer in writers:
        writer.join()
    written = {(str(w.number).encode(), f"{n:08}".encode())
               for w in writers for n in range(1, w.count + 1)}
    # Whole, it is to catch up with all that is on disk.
    ingester.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not written <= kept(azimuth, history).keys():
        time.sleep(0.5)
    time.sleep(8)
    ingester.end(signal.SIGTERM)
    counts = kept(azimuth, history)
    missing = sorted(written - counts.keys())
    doubled = sum(count - 1 for count in counts.values())
    rotations = sum((log.rotations for log in logs), collections.Counter())
    print(f"seed {seed}: {len(written)} lines written by {WRITERS} writers; {done} kills; "
          f"rotations: {dict(rotations)}")
    print(f"kept {sum(counts.values())}, missing {len(missing)}, doubled {doubled} "
          f"({doubled / max(1, done):.1f} a kill)")
    if missing or doubled > done * 16_384 or set(counts) - written:
        print(f"first missing: {missing[:5]}; the files are in {folder}")
        return 1
    print("nothing lost")
    if os.environ.get("KEEP"):
        print(f"the files are in {folder}")
        return 0
    shutil.rmtree(folder)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("azimuth")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    words = parser.parse_args()
    sys.exit(torture(words.azimuth, words.seconds, words.kills, words.seed))


if __name__ == "__main__":
    main()
