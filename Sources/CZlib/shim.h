#ifndef AZIMUTH_CZLIB_SHIM_H
#define AZIMUTH_CZLIB_SHIM_H

#include <zlib.h>

// A macro that Swift does not see: gzip(1) files only, the largest window.
static inline int azimuth_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

#endif
