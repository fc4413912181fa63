// A VFS of SQLite over the system's own (https://sqlite.org/vfs.html) that writes down what reaches
// the files of a folder, so that a test can tell what a disk may hold after the power is cut, and
// that fails on demand. Files elsewhere are left to the system's VFS.
#pragma once

#include <stdint.h>

enum {
    /// A file of `offset` bytes came to a name (`bytes`); one that is known was renamed.
    CUT_OPEN = 1,
    CUT_WRITE,
    /// To `offset` bytes.
    CUT_TRUNCATE,
    CUT_SYNC,
    /// A sync that failed: what was written before may be lost though nobody writes it again.
    CUT_SYNC_FAILED,
    CUT_SYNC_FOLDER,
    /// The name (`bytes`) has gone; for good only with the folder's next sync.
    CUT_DELETE,
    /// Of the test itself: `offset` is what it said.
    CUT_NOTE,
};

enum {
    CUT_WORKS,
    /// What needs room fails; a write still takes half of its bytes.
    CUT_FULL,
    /// Whatever changes something fails.
    CUT_BROKEN,
};

typedef struct {
    int32_t kind;
    int32_t file;
    int64_t offset;
    int64_t size;
    const uint8_t *bytes;
} CutEvent;

/// Begins to write down what happens below the folder; a number below 0 where it cannot.
int cut_begin(const char *folder);
/// Forgets it all.
void cut_end(int disk);

int64_t cut_count(int disk);
/// Its bytes are valid until `cut_end`.
CutEvent cut_event(int disk, int64_t index);
void cut_note(int disk, int64_t number);

/// How many calls changed something, or tried to, so far.
int64_t cut_calls(int disk);
/// Calls from number `from` on (0 is the first) and before `until` fail in that way.
void cut_fail(int disk, int way, int64_t from, int64_t until);
/// How many did.
int64_t cut_failures(int disk);
