#ifndef AZIMUTH_CLINUX_SHIM_H
#define AZIMUTH_CLINUX_SHIM_H

// What Swift's Glibc does not show of the C library.
#include <string.h>
#include <sys/timex.h>

/// The kernel's opinion of its clock, asked without changing anything (adjtimex(2), modes 0):
/// 1 when something keeps it right, 0 when nothing does, -1 when it cannot be asked.
/// `error` is how wrong it may be, in microseconds.
static inline int linux_clock_state(long *error) {
    struct timex state;
    memset(&state, 0, sizeof state);
    int answer = adjtimex(&state);
    if (answer < 0) return -1;
    *error = state.maxerror;
    return answer != TIME_ERROR && !(state.status & STA_UNSYNC);
}

#endif
