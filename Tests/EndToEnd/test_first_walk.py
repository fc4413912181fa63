"""The first walk of somebody new, in tmux: `make run`, why is the worst item bad, and its lines."""
import os
import shutil
import subprocess
import time
import unittest

from program import ROOT


@unittest.skipUnless(shutil.which("tmux"), "SKIPPED: tmux is not installed")
class FirstWalkTests(unittest.TestCase):
    def tmux(self, *words):
        """A server of its own for each test: one that ends still holds its socket for a while."""
        name = f"azimuth-test-{os.getpid()}-{self.id()}"
        return subprocess.run(["tmux", "-L", name, "-f", "/dev/null", *words], check=True,
                              capture_output=True, text=True, timeout=30).stdout

    def started(self, columns, rows):
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(ROOT),
                  "env -u NO_COLOR LC_ALL=C.UTF-8 make run SPEED=max")
        self.addCleanup(self.tmux, "kill-server")
        self.wait("ENDED", 300)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait(self, words, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if words in self.screen():
                return
            time.sleep(0.1)
        self.fail(f"no '{words}' on the screen:\n{self.screen()}")

    def press(self, key):
        """Sends a key, and waits until the screen rests."""
        self.tmux("send-keys", key)
        before = None
        while before != (before := self.screen()):
            time.sleep(0.3)

    def walk(self, columns, rows):
        self.started(columns, rows)
        worst = next(row for row in self.screen().splitlines() if "had two writers" in row)
        self.assertIn("✖", worst)
        self.press("Tab")
        self.press("Enter")
        self.wait("Evidence")
        self.wait("carts-a → carts-b")
        self.press("Enter")
        self.wait("Lines")
        opened = next(row for row in self.screen().splitlines() if "▌" in row)
        self.assertIn("sdown", opened)
        self.press("Escape")
        self.wait("Evidence")

    def test_wide(self):
        self.walk(120, 40)

    def test_small(self):
        self.walk(80, 24)


if __name__ == "__main__":
    unittest.main()
