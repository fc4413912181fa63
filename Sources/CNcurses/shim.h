#ifndef AZIMUTH_CNCURSES_SHIM_H
#define AZIMUTH_CNCURSES_SHIM_H

// Wide characters are not declared without the first; with the second, functions stay functions.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <ncurses.h>

// What Swift cannot import: mutable globals, and macros that cast.

static inline WINDOW *curses_screen(void) { return stdscr; }
static inline int curses_color_pairs(void) { return COLOR_PAIRS; }
static inline void curses_repaint_all(void) { clearok(curscr, TRUE); }

static const attr_t curses_bold = A_BOLD;
static const attr_t curses_dim = A_DIM;
static const attr_t curses_underline = A_UNDERLINE;
static const attr_t curses_reverse = A_REVERSE;

/// A terminfo string, or NULL where the terminal has none (tigetstr has a second kind of none).
static inline const char *curses_capability(const char *name) {
    char *value = tigetstr(name);
    return value == (char *)-1 ? NULL : value;
}

// Of <term.h>, whose macros would come along.
int setupterm(const char *terminal, int output, int *error);

/// Loads the description of a terminal without touching it; whether there is one.
static inline int curses_describe(const char *terminal, int output) {
    int error;
    return setupterm(terminal, output, &error) == OK;
}

/// One cell: a base and up to four marks, 0 where there is none. `setcchar` takes a short for the
/// pair; an extended pair goes in by its last argument (curs_getcchar(3x), since ncurses 6.1).
/// What it refuses becomes a question mark, since a cell without a scalar would end the row.
static inline void curses_set_cell(
    cchar_t *cell, wchar_t base, wchar_t mark1, wchar_t mark2, wchar_t mark3, wchar_t mark4,
    attr_t attributes, int pair
) {
    const wchar_t scalars[] = {base, mark1, mark2, mark3, mark4, 0};
    if (setcchar(cell, scalars, attributes, 0, &pair) != OK) {
        setcchar(cell, L"?", attributes, 0, &pair);
    }
}

#endif
