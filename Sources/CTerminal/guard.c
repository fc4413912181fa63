#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

// Everything that `restore` reaches is async-signal-safe (signal-safety(7)).

enum { reset_limit = 512, alternate_stack_bytes = 64 * 1024 };
enum { replay_limit = 64 * 1024, capture_limit = 1024 * 1024 };

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { crash_signal_count = sizeof crash_signals / sizeof crash_signals[0] };

static struct termios saved_modes;
static int saved_modes_valid;
static uint8_t reset_bytes[reset_limit];
static size_t reset_count;
static int output_fd = -1;
/// The terminal is ours, and to be restored.
static atomic_int armed;
/// Our handlers are in place, until the program gives the terminal back by itself.
static atomic_int in_charge;
static int released_fd = -1;
/// Held while a stalled terminal is restored: the UI thread, free again, may not end before.
static pthread_mutex_t stalled_restore = PTHREAD_MUTEX_INITIALIZER;

static struct sigaction former[crash_signal_count];
static char alternate_stack[alternate_stack_bytes];

static int real_stderr = -1;
static int captured_stderr = -1;

static void write_all(int descriptor, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

/// Threads that still draw draw into nothing from here on.
static void silence_output(void) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return;
    dup3(nothing, output_fd, O_CLOEXEC);
    close(nothing);
}

static void tell_released(void) {
    uint64_t one = 1;
    if (released_fd >= 0) (void)!write(released_fd, &one, sizeof one);
}

static void restore(void) {
    if (!atomic_exchange(&armed, 0)) return;
    int saved_errno = errno;
    write_all(output_fd, reset_bytes, reset_count);
    if (saved_modes_valid) tcsetattr(output_fd, TCSANOW, &saved_modes);
    silence_output();
    ct_stderr_release();
    errno = saved_errno;
}

static void on_interrupt(int number) { (void)number; }

/// The thread that draws may sit in write(2), and holds the terminal's write lock while it does.
static void free_stuck_writer(void) {
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGURG, &action, NULL);
    kill(getpid(), SIGURG);
}

static void restore_stalled(void) {
    int fresh = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    silence_output();
    if (fresh < 0) return;
    tcflush(fresh, TCOFLUSH);
    tcflow(fresh, TCOON);
    const uint8_t *bytes = reset_bytes;
    size_t left = reset_count;
    for (int tries = 0; left > 0 && tries < 20; tries++) {
        ssize_t written = write(fresh, bytes, left);
        if (written > 0) {
            bytes += written;
            left -= (size_t)written;
        } else {
            free_stuck_writer();
            poll(NULL, 0, 10);
        }
    }
    if (saved_modes_valid) tcsetattr(fresh, TCSANOW, &saved_modes);
    close(fresh);
}

void ct_guard_restore_stalled(void) {
    pthread_mutex_lock(&stalled_restore);
    if (atomic_exchange(&armed, 0)) restore_stalled();
    pthread_mutex_unlock(&stalled_restore);
}

/// Restores, then lets whoever was there before (Swift's backtracer, or the default) have it: a
/// fault happens again on return; what was sent, raised or is a breakpoint must be raised again.
static void on_crash(int number, siginfo_t *info, void *context) {
    (void)context;
    restore();
    for (int i = 0; i < crash_signal_count; i++) {
        if (crash_signals[i] == number) sigaction(number, &former[i], NULL);
    }
    if (info->si_code <= 0 || number == SIGTRAP) raise(number);
}

static void use_alternate_stack(void) {
    stack_t present;
    if (sigaltstack(NULL, &present) == 0 && !(present.ss_flags & SS_DISABLE)) return;
    stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&stack, NULL);
}

int ct_guard_save_modes(int terminal) {
    if (tcgetattr(terminal, &saved_modes) != 0) return -1;
    saved_modes_valid = 1;
    return 0;
}

void ct_guard_arm(int output, const uint8_t *reset, size_t count) {
    static int exit_is_watched;
    if (atomic_load(&in_charge)) return;
    output_fd = output;
    reset_count = count < reset_limit ? count : reset_limit;
    memcpy(reset_bytes, reset, reset_count);
    if (!exit_is_watched) {
        atexit(restore);
        exit_is_watched = 1;
    }
    if (released_fd < 0) {
        released_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    } else {
        ct_wake_drain(released_fd);
    }
    use_alternate_stack();
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < crash_signal_count; i++) sigaction(crash_signals[i], &action, &former[i]);
    atomic_store(&in_charge, 1);
    atomic_store(&armed, 1);
}

void ct_guard_disarm(void) {
    pthread_mutex_lock(&stalled_restore);
    atomic_store(&armed, 0);
    pthread_mutex_unlock(&stalled_restore);
    if (!atomic_exchange(&in_charge, 0)) return;
    for (int i = 0; i < crash_signal_count; i++) sigaction(crash_signals[i], &former[i], NULL);
    tell_released();
}

int ct_guard_is_in_charge(void) { return atomic_load(&in_charge); }

int ct_guard_released_fd(void) { return released_fd; }

void ct_stderr_capture(void) {
    if (real_stderr >= 0 || !isatty(STDERR_FILENO)) return;
    int memory = memfd_create("stderr", MFD_CLOEXEC);
    if (memory < 0) return;
    fcntl(memory, F_SETFL, O_APPEND);
    real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
    if (real_stderr < 0 || dup2(memory, STDERR_FILENO) < 0) {
        close(memory);
        return;
    }
    captured_stderr = memory;
}

void ct_stderr_release(void) {
    if (captured_stderr < 0) return;
    int memory = captured_stderr;
    captured_stderr = -1;
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    real_stderr = -1;

    static uint8_t chunk[4096];
    off_t end = lseek(memory, 0, SEEK_END);
    off_t at = end > replay_limit ? end - replay_limit : 0;
    for (;;) {
        ssize_t count = pread(memory, chunk, sizeof chunk, at);
        if (count <= 0) break;
        write_all(STDERR_FILENO, chunk, (size_t)count);
        at += count;
    }
    close(memory);
}

void ct_stderr_trim(void) {
    struct stat state;
    if (captured_stderr < 0 || fstat(captured_stderr, &state) != 0) return;
    if (state.st_blocks * 512 <= capture_limit) return;
    // The pages before the end are given back; the file keeps its length, a hole reads as zeros.
    fallocate(captured_stderr, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
              state.st_size - replay_limit);
}
