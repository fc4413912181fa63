"""A terminal emulator for tests: pyte, and what pyte lacks of what ncurses sends.

pyte 0.8 knows no alternate screen, no REP, no dim, no colons in SGR and swallows what it does not
know. This adds those, and counts what tests ask about (colour sequences, bells, unknown modes).
"""

import re

import pyte
from pyte import graphics

ALTERNATE_SCREEN = 1049
CURSOR_VISIBLE = 25
CURSOR_KEYS = 1
BRACKETED_PASTE = 2004
FOCUS_REPORTS = 1004
SYNCHRONIZED = 2026

COLOUR_SEQUENCE = re.compile(rb"\x1b\[(?:[0-9;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m")

ANSI_NAMES = ["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]


def colour_sequences(output):
    """How many SGR sequences in the bytes set a colour (39 and 49, the defaults, do not)."""
    return len(COLOUR_SEQUENCE.findall(output))


class EmulatedScreen(pyte.Screen):
    """`italics` of a cell means dim here: we draw nothing in italics, and pyte knows no dim."""

    def __init__(self, columns, lines):
        self.bells = 0
        self._last_drawn = " "
        self._main_screen = None
        super().__init__(columns, lines)

    def private_mode(self, number):
        return number << 5 in self.mode

    def bell(self, *args):
        self.bells += 1

    def set_mode(self, *modes, **kwargs):
        if kwargs.get("private") and ALTERNATE_SCREEN in modes and self._main_screen is None:
            self.save_cursor()
            self._main_screen = self.buffer
            self.buffer = type(self.buffer)(self.buffer.default_factory)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes, **kwargs):
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and ALTERNATE_SCREEN in modes and self._main_screen is not None:
            self.buffer = self._main_screen
            self._main_screen = None
            self.dirty.update(range(self.lines))
            self.restore_cursor()

    def reset(self):
        self._main_screen = None
        super().reset()

    def draw(self, data):
        if data:
            self._last_drawn = data[-1]
        super().draw(data)

    def repeat(self, count=1):
        """REP: the character drawn last, again."""
        self.draw(self._last_drawn * (count or 1))

    def delete_characters(self, count=None):
        """DCH: what moves in at the end of the row has the ground of the cursor (terminfo `bce`)."""
        count = min(count or 1, self.columns - self.cursor.x)
        super().delete_characters(count)
        for x in range(self.columns - count, self.columns):
            self.buffer[self.cursor.y][x] = self.cursor.attrs

    def scroll_up(self, count=1, **kwargs):
        """SU: the lines within the margins move up."""
        self._at_top_margin(self.delete_lines, count)

    def scroll_down(self, count=1, **kwargs):
        """SD: the lines within the margins move down."""
        self._at_top_margin(self.insert_lines, count)

    def _at_top_margin(self, edit, count):
        y, x = self.cursor.y, self.cursor.x
        self.cursor.y = self.margins.top if self.margins is not None else 0
        edit(count or 1)
        self.cursor.y, self.cursor.x = y, x

    def select_graphic_rendition(self, *attrs, **kwargs):
        if kwargs.get("private"):
            return
        pending = list(reversed(attrs or (0,)))
        changes = {}
        while pending:
            code = pending.pop()
            if code == 0:
                changes = dict(self.default_char._asdict())
                del changes["data"]
            elif code in (38, 48):
                changes["fg" if code == 38 else "bg"] = _extended_colour(pending)
            elif code == 2:
                changes["italics"] = True
            elif code == 22:
                changes["bold"] = changes["italics"] = False
            elif code in graphics.TEXT:
                sign = graphics.TEXT[code]
                changes[sign[1:]] = sign.startswith("+")
            elif 90 <= code <= 97 or 100 <= code <= 107:
                name = "bright" + ANSI_NAMES[code % 10]
                changes["fg" if code < 100 else "bg"] = name
            elif code in graphics.FG_ANSI:
                changes["fg"] = graphics.FG_ANSI[code]
            elif code in graphics.BG_ANSI:
                changes["bg"] = graphics.BG_ANSI[code]
        self.cursor.attrs = self.cursor.attrs._replace(**changes)


def _extended_colour(pending):
    """The rest of `38;5;n` or `38;2;r;g;b` as a colour of pyte: a name or six hex digits."""
    kind = pending.pop() if pending else 0
    if kind == 5 and pending:
        number = min(pending.pop(), 255)
        if number < 8:
            return ANSI_NAMES[number]
        if number < 16:
            return "bright" + ANSI_NAMES[number - 8]
        return graphics.FG_BG_256[number]
    if kind == 2 and len(pending) >= 3:
        return "%02x%02x%02x" % (pending.pop(), pending.pop(), pending.pop())
    return "default"


class EmulatedStream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, b="repeat", S="scroll_up", T="scroll_down")
    events = pyte.ByteStream.events | {"repeat", "scroll_up", "scroll_down"}

    _partial = re.compile(rb"\x1b(?:\[[0-9;:?<>=]*)?$")
    _colons = re.compile(rb"\x1b\[[0-9;:]*:[0-9;:]*m")
    _prefixed = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]")

    def __init__(self, screen):
        super().__init__(screen)
        self._carry = b""

    def feed(self, data):
        data = self._carry + data
        partial = self._partial.search(data)
        self._carry = data[partial.start():] if partial else b""
        data = data[:partial.start()] if partial else data
        data = self._prefixed.sub(b"", data)
        data = self._colons.sub(lambda match: _without_colons(match.group()), data)
        super().feed(data)


def _without_colons(sgr):
    """`38:2::r:g:b` (with its empty colour space) as `38;2;r;g;b`."""
    return sgr.replace(b":2::", b";2;").replace(b":", b";")
