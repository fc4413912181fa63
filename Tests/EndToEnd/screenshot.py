#!/usr/bin/python3
"""Runs a command in a pty, sends it keys, and writes what the terminal shows as a PNG.

    Tests/EndToEnd/screenshot.py --size 120x40 -o overview.png -- azimuth replay SampleData/x
    Tests/EndToEnd/screenshot.py --keys 3 --keys '\\e[B\\e[B' -o failover.png -- azimuth dash

Each --keys is sent after the screen came to rest. --ansi FILE draws a recorded output (such as
from `script`, or of `tmux capture-pane -e`) instead of a command, and --text prints the rows too.
Needs python3-pyte, python3-pil, fonts-dejavu-core, and fonts-droid-fallback for CJK.
"""

import argparse
import sys

from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

from emulator import EmulatedScreen, EmulatedStream
from terminal_harness import Terminal, size, typed

FONTS = "/usr/share/fonts/truetype/"
GROUNDS = {"dark": ("d4d7dd", "16191f"), "light": ("24292f", "fbfbf8")}
NAMED = {
    "black": "2b3038", "red": "cd4a42", "green": "4e9a5b", "brown": "c4a000",
    "blue": "4a78c4", "magenta": "9a68a8", "cyan": "3f9ba5", "white": "d3d7cf",
    "brightblack": "6f7680", "brightred": "ff6b5e", "brightgreen": "7fd08f",
    "brightbrown": "f0d55a", "brightblue": "8fb8de", "brightmagenta": "c79bd2",
    "brightcyan": "6fd3e0", "brightwhite": "ffffff",
}
BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


class Painter:
    """Draws an emulated screen with one character per cell, as a terminal does."""

    def __init__(self, points=16, ground="dark"):
        self.foreground, self.background = GROUNDS[ground]
        self.regular = ImageFont.truetype(FONTS + "dejavu/DejaVuSansMono.ttf", points)
        self.bold = ImageFont.truetype(FONTS + "dejavu/DejaVuSansMono-Bold.ttf", points)
        try:
            self.wide = ImageFont.truetype(FONTS + "droid/DroidSansFallbackFull.ttf", points)
        except OSError:
            self.wide = self.regular
        ascent, descent = self.regular.getmetrics()
        self.width = round(self.regular.getlength("M"))
        self.height = ascent + descent
        self.baseline = ascent

    def paint(self, screen):
        image = Image.new(
            "RGB", (screen.columns * self.width, screen.lines * self.height), "#" + self.background
        )
        draw = ImageDraw.Draw(image)
        for y in range(screen.lines):
            for x in range(screen.columns):
                self._cell(draw, screen.buffer[y][x], x, y)
        return image

    def _cell(self, draw, cell, x, y):
        if cell.data == "":
            return
        foreground = self._colour(cell.fg, self.foreground)
        background = self._colour(cell.bg, self.background)
        if cell.reverse:
            foreground, background = background, foreground
        if cell.italics:
            foreground = tuple((f * 3 + b * 2) // 5 for f, b in zip(foreground, background))
        columns = 2 if wcwidth(cell.data[0]) == 2 else 1
        left, top = x * self.width, y * self.height
        right, bottom = left + columns * self.width - 1, top + self.height - 1
        draw.rectangle((left, top, right, bottom), fill=background)
        if cell.data != " " and not self._block(draw, cell.data, left, top, right, foreground):
            font = self.wide if columns == 2 else self.bold if cell.bold else self.regular
            position = (left, top + self.baseline)
            draw.text(position, cell.data, font=font, fill=foreground, anchor="ls")
        if cell.underscore:
            draw.line((left, bottom - 1, right, bottom - 1), fill=foreground)

    def _block(self, draw, glyph, left, top, right, colour):
        """Blocks are filled exactly, so that they join as in a terminal; braille as dots."""
        code = ord(glyph[0])
        if code == 0x2580:
            draw.rectangle((left, top, right, top + self.height // 2 - 1), fill=colour)
        elif 0x2581 <= code <= 0x2588:
            filled = round(self.height * (code - 0x2580) / 8)
            box = (left, top + self.height - filled, right, top + self.height - 1)
            draw.rectangle(box, fill=colour)
        elif 0x2589 <= code <= 0x258F:
            filled = max(1, round(self.width * (0x2590 - code) / 8))
            draw.rectangle((left, top, left + filled - 1, top + self.height - 1), fill=colour)
        elif 0x2800 <= code <= 0x28FF:
            for bit, (column, row) in enumerate(BRAILLE_DOTS):
                if code >> bit & 1:
                    x = left + self.width * (2 * column + 1) // 4
                    y = top + self.height * (2 * row + 1) // 8
                    draw.rectangle((x - 1, y - 1, x, y), fill=colour)
        else:
            return False
        return True

    def _colour(self, name, default):
        name = default if name == "default" else NAMED.get(name, name)
        return tuple(int(name[i:i + 2], 16) for i in (0, 2, 4))


def recorded(path, columns, rows):
    """A screen after a recorded output; bare line feeds (capture-pane) return the carriage too."""
    screen = EmulatedScreen(columns, rows)
    with open(path, "rb") as file:
        data = file.read()
    if b"\r\n" not in data:
        data = data.rstrip(b"\n").replace(b"\n", b"\r\n")
    EmulatedStream(screen).feed(data)
    return screen


def run(options):
    variables = dict(pair.split("=", 1) for pair in options.env)
    with Terminal(options.command, *options.size, term=options.term, variables=variables) as terminal:
        terminal.pump(options.wait)
        terminal.wait_quiet(quiet=0.3, seconds=3)
        for keys in options.keys:
            terminal.send(keys)
            terminal.wait_quiet(quiet=0.3, seconds=3)
        if terminal.poll() is not None:
            sys.stderr.write(f"note: the command had ended with {terminal.status}\n")
        return terminal.screen


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", required=True, metavar="FILE.png")
    parser.add_argument("--size", type=size, default=(120, 40), metavar="WxH")
    parser.add_argument("--keys", type=typed, action="append", default=[])
    parser.add_argument("--wait", type=float, default=1.0, help="seconds before the first keys")
    parser.add_argument("--term", default="xterm-256color")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--ground", choices=GROUNDS, default="dark")
    parser.add_argument("--points", type=int, default=16)
    parser.add_argument("--ansi", metavar="FILE", help="draw this output, run nothing")
    parser.add_argument("--text", action="store_true", help="print the rows as well")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    if bool(options.ansi) == bool(options.command):
        parser.error("give either a command or --ansi FILE")

    screen = recorded(options.ansi, *options.size) if options.ansi else run(options)
    Painter(options.points, options.ground).paint(screen).save(options.output)
    if options.text:
        print("\n".join(row.rstrip() for row in screen.display))
    return 0


if __name__ == "__main__":
    sys.exit(main())
