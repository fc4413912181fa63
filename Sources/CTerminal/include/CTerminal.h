#ifndef AZIMUTH_CTERMINAL_H
#define AZIMUTH_CTERMINAL_H

#include <stddef.h>
#include <stdint.h>

// What must be C: code that runs in a signal handler, and calls that Swift's Glibc lacks.

// The guard (guard.c): the terminal is restored however the process ends.

/// Remembers the modes of the terminal as they are now. 0, or -1 with errno.
int ct_guard_save_modes(int terminal);

/// From now on a crash, `exit` or a forced end writes `reset` to `output`, puts the saved modes
/// back and replays the captured standard error. Call it again to arm it anew after a pause.
void ct_guard_arm(int output, const uint8_t *reset, size_t count);

/// The terminal has been given back in the ordinary way.
void ct_guard_disarm(void);

/// From arming to disarming.
int ct_guard_is_in_charge(void);

/// Readable once it was disarmed; for the watcher.
int ct_guard_released_fd(void);

/// Restores a terminal that takes no more bytes, without blocking: what it has not taken is thrown
/// away, and whoever sits in a write to it, or writes from here on, writes into nothing.
void ct_guard_restore_stalled(void);

/// Standard error goes to memory, so that nothing spoils the screen. Does nothing when it is
/// not a terminal: then somebody reads it elsewhere.
void ct_stderr_capture(void);

/// Standard error is what it was, and has been told the last 64 KiB of what was said meanwhile.
void ct_stderr_release(void);

/// Gives back the memory when more than 1 MiB was said; the end of it is kept.
void ct_stderr_trim(void);

// Signals (signals.c)

/// Blocks TERM HUP INT QUIT WINCH TSTP CONT in this thread and those that it starts: call it
/// first in `main`.
void ct_signals_block(void);

/// Starts the thread that reads the blocked signals, and returns a descriptor that delivers each
/// as one byte, its number; -1 with errno. When a signal should end the process and the guard is
/// in charge two seconds later, the terminal is taken for stalled; after four, the process ends.
int ct_signals_watch(void);

/// Stops the process group as ^Z does in a shell, and returns when it goes on.
void ct_signals_stop_self(void);

// The rest (system.c)

/// An eventfd, or -1 with errno.
int ct_wake_open(void);
void ct_wake_signal(int descriptor);
void ct_wake_drain(int descriptor);

/// An empty file in memory, or -1 with errno.
int ct_memory_file(void);
/// From now on `descriptor` stands for what `target` stands for. 0, or -1 with errno.
int ct_redirect(int descriptor, int target);

/// 0, or -1 when the terminal does not know its size.
int ct_window_size(int terminal, int *columns, int *rows);

/// Sets the character type locale; 0 when there is no such locale.
int ct_set_locale(const char *name);
/// Whether text in the current locale is UTF-8.
int ct_locale_is_utf8(void);
/// As wcwidth(3): -1, 0, 1 or 2.
int ct_column_width(uint32_t scalar);

#endif
