#ifndef AZIMUTH_CLZMA_SHIM_H
#define AZIMUTH_CLZMA_SHIM_H

#include <lzma.h>

// A macro that Swift does not see (lzma/base.h).
static inline lzma_stream azimuth_lzma_stream(void) {
    lzma_stream stream = LZMA_STREAM_INIT;
    return stream;
}

#endif
