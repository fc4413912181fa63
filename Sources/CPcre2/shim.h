#ifndef AZIMUTH_CPCRE2_SHIM_H
#define AZIMUTH_CPCRE2_SHIM_H

// Patterns and lines are bytes.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
