"""Packed logs, as they lie in /var/log, are read by every command that takes a file."""
import bz2
import gzip
import lzma
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from program import azimuth, run

LINES = [f'{{"time":"2026-11-25T03:{n // 60:02}:{n % 60:02}Z","level":"info","n":{n}}}'
         for n in range(600)]
TEXT = "".join(line + "\n" for line in LINES).encode()


def zstd(data):
    return subprocess.run(["zstd", "-q"], input=data, capture_output=True, check=True).stdout


PACKERS = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}
if shutil.which("zstd"):
    PACKERS[".zst"] = zstd


class PackedTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def packed(self, suffix, data=TEXT):
        path = self.folder / f"app.log.2{suffix}"
        path.write_bytes(PACKERS[suffix](data))
        return path

    def said(self, done, status=0):
        self.assertEqual(done.returncode, status, done.stderr.decode())
        return done.stdout.decode()

    def test_commands_read_them_as_they_read_what_is_in_them(self):
        plain = self.folder / "plain.log"
        plain.write_bytes(TEXT)
        for suffix in PACKERS:
            with self.subTest(suffix=suffix):
                path = self.packed(suffix)
                self.assertEqual(self.said(run("tail", "--no-follow", path)), TEXT.decode())
                for words in (("parse", "--limit", "3"), ("count", "--by", "minute", "--sum", "n"),
                              ("formats", "--test")):
                    self.assertEqual(self.said(run(*words, path)).replace(str(path), "FILE"),
                                     self.said(run(*words, plain)).replace(str(plain), "FILE"))

    def test_standard_input_may_be_packed(self):
        for suffix in PACKERS:
            with self.subTest(suffix=suffix), open(self.packed(suffix), "rb") as file:
                done = subprocess.run([azimuth(), "count", "--by", "level"], stdin=file, capture_output=True,
                                      timeout=30)
                self.assertIn("600", self.said(done))

    def test_what_is_cut_off_or_damaged_is_said(self):
        for suffix in PACKERS:
            with self.subTest(suffix=suffix):
                path = self.packed(suffix)
                whole = path.read_bytes()
                path.write_bytes(whole[:-7])
                done = run("count", "--by", "level", path)
                self.said(done, 2)
                self.assertIn("file is cut off", done.stderr.decode())
                path.write_bytes(whole[:20] + b"\xa7" * 200)
                done = run("parse", path)
                self.said(done, 2)
                self.assertRegex(done.stderr.decode(), "is damaged|is cut off|not enough memory")


if __name__ == "__main__":
    unittest.main()
