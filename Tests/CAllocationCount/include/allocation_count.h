#ifndef AZIMUTH_ALLOCATION_COUNT_H
#define AZIMUTH_ALLOCATION_COUNT_H

/// Blocks of memory that the process has asked for so far.
unsigned long allocation_count(void);

#endif
