#ifndef AZIMUTH_CZSTD_SHIM_H
#define AZIMUTH_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

// Macros that Swift does not see (zstd.h).
static const unsigned long long azimuth_zstd_size_unknown = ZSTD_CONTENTSIZE_UNKNOWN;
static const unsigned long long azimuth_zstd_size_error = ZSTD_CONTENTSIZE_ERROR;

#endif
