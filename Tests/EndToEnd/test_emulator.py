"""What the emulator adds to pyte; the other tests trust it."""

import unittest

from emulator import EmulatedScreen, EmulatedStream, colour_sequences
from terminal_harness import typed


def shown(*chunks, columns=20, rows=4):
    screen = EmulatedScreen(columns, rows)
    stream = EmulatedStream(screen)
    for chunk in chunks:
        stream.feed(chunk)
    return screen


class Emulator(unittest.TestCase):
    def test_the_alternate_screen_gives_the_main_one_back(self):
        screen = shown(b"main\x1b[?1049h\x1b[Hother")
        self.assertEqual(screen.display[0].rstrip(), "other")
        screen = shown(b"main\x1b[?1049h\x1b[Hother\x1b[?1049l+")
        self.assertEqual(screen.display[0].rstrip(), "main+")

    def test_repeat_draws_the_last_character_again(self):
        self.assertEqual(shown(b"ab\x1b[4bc").display[0].rstrip(), "abbbbbc")

    def test_what_moves_in_has_the_ground_of_the_cursor(self):
        screen = shown(b"abcdef\x1b[44m\x1b[1;2H\x1b[2P", columns=6)
        self.assertEqual(screen.display[0], "adef  ")
        self.assertEqual([screen.buffer[0][x].bg for x in (3, 4, 5)], ["default", "blue", "blue"])

    def test_scrolling_stays_within_the_margins(self):
        rows = b"1\r\n2\r\n3\r\n4"
        self.assertEqual(
            [row.rstrip() for row in shown(rows + b"\x1b[2;3r\x1b[1S").display],
            ["1", "3", "", "4"])
        self.assertEqual(
            [row.rstrip() for row in shown(rows + b"\x1b[2;3r\x1b[1T").display],
            ["1", "", "2", "4"])

    def test_a_sequence_may_come_apart(self):
        screen = shown(b"\x1b[38:2::1", b"0:2", b"0:30mx\x1b", b"[>4;1my")
        self.assertEqual(screen.display[0].rstrip(), "xy")
        self.assertEqual(screen.buffer[0][0].fg, "0a141e")

    def test_colours_of_every_depth(self):
        screen = shown(b"\x1b[31ma\x1b[91mb\x1b[38;5;208mc\x1b[48;2;1;2;3md\x1b[me")
        self.assertEqual([screen.buffer[0][x].fg for x in range(3)],
                         ["red", "brightred", "ff8700"])
        self.assertEqual(screen.buffer[0][3].bg, "010203")
        self.assertEqual((screen.buffer[0][4].fg, screen.buffer[0][4].bg), ("default", "default"))

    def test_dim_ends_with_bold(self):
        screen = shown(b"\x1b[2ma\x1b[22mb")
        self.assertTrue(screen.buffer[0][0].italics)
        self.assertFalse(screen.buffer[0][1].italics)

    def test_colour_sequences_are_counted(self):
        self.assertEqual(colour_sequences(b"\x1b[31mx\x1b[1;38;5;3m\x1b[0;48:2::1:2:3m\x1b[91m"), 4)
        self.assertEqual(colour_sequences(b"\x1b[m\x1b[1m\x1b[0;7m\x1b[39;49m\x1b[3;1H\x1b[4l"), 0)

    def test_keys_of_a_command_line(self):
        self.assertEqual(typed("\\e[B\\x0c3é"), b"\x1b[B\x0c3" + "é".encode())


if __name__ == "__main__":
    unittest.main()
