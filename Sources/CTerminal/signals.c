#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

// One thread owns the signalfd. The UI thread could read it itself, were it not that it may sit
// in write(2) because the terminal takes no more: then nobody would see a SIGTERM.

enum { patience_ms = 2000 };

static int signal_fd = -1;
static int delivery[2] = {-1, -1};

static void watched(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGQUIT);
    sigaddset(set, SIGWINCH);
    sigaddset(set, SIGTSTP);
    sigaddset(set, SIGCONT);
}

static int ends_process(int number) {
    return number == SIGTERM || number == SIGHUP || number == SIGINT || number == SIGQUIT;
}

/// Whether the terminal was given back within the time.
static int is_released_in_time(void) {
    struct pollfd released = {.fd = ct_guard_released_fd(), .events = POLLIN};
    if (!ct_guard_is_in_charge()) return 1;
    while (poll(&released, 1, patience_ms) < 0 && errno == EINTR) {}
    return !ct_guard_is_in_charge();
}

static void see_it_end(int number) {
    if (is_released_in_time()) return;
    // The UI thread goes on now, and can still end in order: there may be data to save.
    ct_guard_restore_stalled();
    if (is_released_in_time()) return;
    _exit(128 + number);
}

static void *watch(void *unused) {
    (void)unused;
    int told_to_end = 0;
    for (;;) {
        struct signalfd_siginfo info;
        ssize_t count = read(signal_fd, &info, sizeof info);
        if (count < 0 && errno == EINTR) continue;
        if (count != sizeof info) return NULL;
        int number = (int)info.ssi_signo;

        // Our own, from ct_signals_stop_self, which stops the UI thread by itself.
        if (number == SIGTSTP && info.ssi_pid == (uint32_t)getpid()) continue;
        // ^C while what was asked to end winds up: the screen is the user's again, so go.
        if (told_to_end && !ct_guard_is_in_charge() && (number == SIGINT || number == SIGQUIT)) {
            _exit(128 + number);
        }
        uint8_t byte = (uint8_t)number;
        (void)!write(delivery[1], &byte, 1);
        if (ends_process(number)) {
            // Without a screen, SIGHUP may mean to read the configuration anew.
            told_to_end |= number != SIGHUP;
            see_it_end(number);
        }
    }
}

void ct_signals_block(void) {
    sigset_t set;
    watched(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int ct_signals_watch(void) {
    if (delivery[0] >= 0) return delivery[0];
    sigset_t set;
    watched(&set);
    if (pipe2(delivery, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (signal_fd < 0) return -1;

    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int failure = pthread_create(&thread, &attributes, watch, NULL);
    pthread_attr_destroy(&attributes);
    if (failure != 0) {
        errno = failure;
        return -1;
    }
    pthread_setname_np(thread, "signals");
    return delivery[0];
}

void ct_signals_stop_self(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    struct sigaction before;
    sigset_t stop;
    sigset_t mask;
    sigemptyset(&standard.sa_mask);
    sigaction(SIGTSTP, &standard, &before);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);

    // The whole group, so that a `make` or a script around us stops as well and the shell notices;
    // our own thread apart, since the watcher takes what is sent to the process.
    kill(0, SIGTSTP);
    pthread_kill(pthread_self(), SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}
