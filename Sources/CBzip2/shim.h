#ifndef AZIMUTH_CBZIP2_SHIM_H
#define AZIMUTH_CBZIP2_SHIM_H

#include <bzlib.h>

#endif
