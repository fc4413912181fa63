#include "power_cut.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DISKS = 64, MOST_NAMES = 16 };

typedef struct {
    char *name;
    int32_t file;
    ino_t inode;
} Name;

typedef struct {
    char *folder;
    size_t folder_length;
    CutEvent *events;
    int64_t count, room;
    Name names[MOST_NAMES];
    int32_t files;
    int64_t calls, failures, fail_from, fail_until;
    int way;
} Disk;

typedef struct {
    sqlite3_file base;
    int disk;
    int32_t file;
    bool syncs_folder;
    sqlite3_file *real;
} File;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Disk *disks[MOST_DISKS];
static sqlite3_vfs *real_vfs;
static sqlite3_vfs cut_vfs;

// What a file needs, in front of the system's own.
#define HEAD ((sizeof(File) + 15) / 16 * 16)

static void write_down(Disk *disk, CutEvent event) {
    if (disk->count == disk->room) {
        disk->room = disk->room ? 2 * disk->room : 256;
        disk->events = realloc(disk->events, disk->room * sizeof(CutEvent));
        if (!disk->events) abort();
    }
    if (event.bytes) {
        uint8_t *copy = malloc(event.size ? event.size : 1);
        if (!copy) abort();
        memcpy(copy, event.bytes, event.size);
        event.bytes = copy;
    }
    disk->events[disk->count++] = event;
}

/// Counts a call that changes something; true when it is to fail.
static bool fails(Disk *disk, bool needs_room) {
    int64_t call = disk->calls++;
    bool is_hit = disk->way == CUT_BROKEN || (disk->way == CUT_FULL && needs_room);
    if (!is_hit || call < disk->fail_from || call >= disk->fail_until) return false;
    disk->failures++;
    return true;
}

// MARK: Files

#define REAL(method, ...) \
    File *file = (File *)handle; \
    return file->real->pMethods->method(file->real, ##__VA_ARGS__)

static int cut_close(sqlite3_file *handle) { REAL(xClose); }
static int cut_read(sqlite3_file *handle, void *to, int size, sqlite3_int64 at) {
    REAL(xRead, to, size, at);
}
static int cut_size(sqlite3_file *handle, sqlite3_int64 *size) { REAL(xFileSize, size); }
static int cut_lock(sqlite3_file *handle, int level) { REAL(xLock, level); }
static int cut_unlock(sqlite3_file *handle, int level) { REAL(xUnlock, level); }
static int cut_reserved(sqlite3_file *handle, int *result) { REAL(xCheckReservedLock, result); }
static int cut_control(sqlite3_file *handle, int code, void *value) {
    REAL(xFileControl, code, value);
}
static int cut_sector(sqlite3_file *handle) { REAL(xSectorSize); }
static int cut_traits(sqlite3_file *handle) { REAL(xDeviceCharacteristics); }
static int cut_shm_lock(sqlite3_file *handle, int at, int count, int flags) {
    REAL(xShmLock, at, count, flags);
}
static void cut_shm_barrier(sqlite3_file *handle) { REAL(xShmBarrier); }
static int cut_shm_unmap(sqlite3_file *handle, int deletes) { REAL(xShmUnmap, deletes); }

/// The disk, with the lock held; null when its test is over.
static Disk *taken(File *file) {
    pthread_mutex_lock(&lock);
    return disks[file->disk];
}

static int released(int code) {
    pthread_mutex_unlock(&lock);
    return code;
}

static int cut_write(sqlite3_file *handle, const void *bytes, int size, sqlite3_int64 at) {
    File *file = (File *)handle;
    Disk *disk = taken(file);
    bool is_failing = disk && fails(disk, true);
    if (is_failing) size = disk->way == CUT_FULL ? size / 2 : 0;
    int code = SQLITE_OK;
    if (size > 0) code = file->real->pMethods->xWrite(file->real, bytes, size, at);
    if (disk && size > 0 && code == SQLITE_OK) {
        write_down(disk, (CutEvent){CUT_WRITE, file->file, at, size, bytes});
    }
    if (is_failing) code = disk->way == CUT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return released(code);
}

static int cut_truncate(sqlite3_file *handle, sqlite3_int64 size) {
    File *file = (File *)handle;
    Disk *disk = taken(file);
    if (disk && fails(disk, false)) return released(SQLITE_IOERR_TRUNCATE);
    int code = file->real->pMethods->xTruncate(file->real, size);
    if (disk && code == SQLITE_OK) {
        write_down(disk, (CutEvent){CUT_TRUNCATE, file->file, size, 0, NULL});
    }
    return released(code);
}

/// As os_unix.c has it: the first sync of a new journal or log is one of its folder, too.
static int cut_sync(sqlite3_file *handle, int flags) {
    (void)flags;
    File *file = (File *)handle;
    Disk *disk = taken(file);
    if (!disk) return released(SQLITE_OK);
    // Blocks may be looked for as late as now.
    if (fails(disk, true)) {
        write_down(disk, (CutEvent){CUT_SYNC_FAILED, file->file, 0, 0, NULL});
        return released(SQLITE_IOERR_FSYNC);
    }
    write_down(disk, (CutEvent){CUT_SYNC, file->file, 0, 0, NULL});
    if (file->syncs_folder) {
        write_down(disk, (CutEvent){CUT_SYNC_FOLDER, 0, 0, 0, NULL});
        file->syncs_folder = false;
    }
    return released(SQLITE_OK);
}

static int cut_shm_map(sqlite3_file *handle, int region, int size, int extends,
                       void volatile **memory) {
    File *file = (File *)handle;
    Disk *disk = taken(file);
    bool is_failing = disk && extends && fails(disk, true);
    released(SQLITE_OK);
    if (is_failing) return SQLITE_IOERR_SHMSIZE;
    return file->real->pMethods->xShmMap(file->real, region, size, extends, memory);
}

static const sqlite3_io_methods methods = {
    2,          cut_close,    cut_read,     cut_write,    cut_truncate,    cut_sync,
    cut_size,   cut_lock,     cut_unlock,   cut_reserved, cut_control,     cut_sector,
    cut_traits, cut_shm_map,  cut_shm_lock, cut_shm_barrier, cut_shm_unmap, NULL,
    NULL,
};

// MARK: Names

static int disk_of(const char *path) {
    for (int index = 0; path && index < MOST_DISKS; index++) {
        Disk *disk = disks[index];
        if (disk && !strncmp(path, disk->folder, disk->folder_length)
            && path[disk->folder_length] == '/') return index;
    }
    return -1;
}

static Name *find(Disk *disk, const char *name) {
    for (int index = 0; index < MOST_NAMES; index++) {
        Name *known = &disk->names[index];
        if (known->name ? name && !strcmp(known->name, name) : !name) return known;
    }
    return NULL;
}

static void forget(Name *name) {
    free(name->name);
    *name = (Name){0};
}

/// The file of a path that was opened; it has another name than before where it was renamed.
static int32_t file_of(Disk *disk, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) return 0;
    const char *text = path + disk->folder_length + 1;
    Name *name = find(disk, text);
    if (name && name->inode == status.st_ino) return name->file;
    if (name) forget(name);
    int32_t file = 0;
    for (int index = 0; index < MOST_NAMES; index++) {
        Name *other = &disk->names[index];
        if (!other->name || other->inode != status.st_ino) continue;
        file = other->file;
        forget(other);
    }
    name = find(disk, NULL);
    if (!name) abort();
    *name = (Name){strdup(text), file ? file : ++disk->files, status.st_ino};
    write_down(disk, (CutEvent){CUT_OPEN, name->file, status.st_size, strlen(text),
                                (const uint8_t *)text});
    return name->file;
}

static int cut_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *handle, int flags,
                    int *given) {
    (void)vfs;
    pthread_mutex_lock(&lock);
    int index = disk_of(path);
    if (index < 0) return released(real_vfs->xOpen(real_vfs, path, handle, flags, given));
    Disk *disk = disks[index];
    File *file = (File *)handle;
    *file = (File){.disk = index, .real = (sqlite3_file *)((char *)handle + HEAD)};
    struct stat status;
    bool creates = (flags & SQLITE_OPEN_CREATE) && stat(path, &status) != 0;
    if (creates && fails(disk, true)) return released(SQLITE_CANTOPEN);
    int code = real_vfs->xOpen(real_vfs, path, file->real, flags, given);
    if (code != SQLITE_OK) return released(code);
    file->file = file_of(disk, path);
    int logs = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    file->syncs_folder = (flags & SQLITE_OPEN_CREATE) && (flags & logs);
    file->base.pMethods = &methods;
    return released(SQLITE_OK);
}

static int cut_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    pthread_mutex_lock(&lock);
    int index = disk_of(path);
    if (index < 0) return released(real_vfs->xDelete(real_vfs, path, syncs_folder));
    Disk *disk = disks[index];
    if (fails(disk, false)) return released(SQLITE_IOERR_DELETE);
    int code = real_vfs->xDelete(real_vfs, path, 0);
    if (code != SQLITE_OK) return released(code);
    const char *text = path + disk->folder_length + 1;
    Name *name = find(disk, text);
    if (name) forget(name);
    write_down(disk, (CutEvent){CUT_DELETE, 0, 0, strlen(text), (const uint8_t *)text});
    if (syncs_folder) write_down(disk, (CutEvent){CUT_SYNC_FOLDER, 0, 0, 0, NULL});
    return released(SQLITE_OK);
}

// MARK: For tests

int cut_begin(const char *folder) {
    pthread_mutex_lock(&lock);
    if (!real_vfs) {
        real_vfs = sqlite3_vfs_find(NULL);
        if (!real_vfs) return released(-1);
        cut_vfs = *real_vfs;
        cut_vfs.zName = "powercut";
        cut_vfs.pNext = NULL;
        cut_vfs.szOsFile = HEAD + real_vfs->szOsFile;
        cut_vfs.xOpen = cut_open;
        cut_vfs.xDelete = cut_delete;
        if (sqlite3_vfs_register(&cut_vfs, 1) != SQLITE_OK) return released(-1);
    }
    for (int index = 0; index < MOST_DISKS; index++) {
        if (disks[index]) continue;
        disks[index] = calloc(1, sizeof(Disk));
        if (!disks[index]) return released(-1);
        disks[index]->folder = strdup(folder);
        disks[index]->folder_length = strlen(folder);
        return released(index);
    }
    return released(-1);
}

void cut_end(int index) {
    pthread_mutex_lock(&lock);
    Disk *disk = disks[index];
    disks[index] = NULL;
    for (int64_t event = 0; event < disk->count; event++) free((void *)disk->events[event].bytes);
    for (int name = 0; name < MOST_NAMES; name++) free(disk->names[name].name);
    free(disk->events);
    free(disk->folder);
    free(disk);
    released(0);
}

int64_t cut_count(int index) {
    pthread_mutex_lock(&lock);
    int64_t count = disks[index]->count;
    released(0);
    return count;
}

CutEvent cut_event(int index, int64_t event) {
    pthread_mutex_lock(&lock);
    CutEvent found = disks[index]->events[event];
    released(0);
    return found;
}

void cut_note(int index, int64_t number) {
    pthread_mutex_lock(&lock);
    write_down(disks[index], (CutEvent){CUT_NOTE, 0, number, 0, NULL});
    released(0);
}

int64_t cut_calls(int index) {
    pthread_mutex_lock(&lock);
    int64_t calls = disks[index]->calls;
    released(0);
    return calls;
}

void cut_fail(int index, int way, int64_t from, int64_t until) {
    pthread_mutex_lock(&lock);
    disks[index]->way = way;
    disks[index]->fail_from = from;
    disks[index]->fail_until = until;
    released(0);
}

int64_t cut_failures(int index) {
    pthread_mutex_lock(&lock);
    int64_t failures = disks[index]->failures;
    released(0);
    return failures;
}
