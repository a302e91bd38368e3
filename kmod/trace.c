// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints' own code, which the kernel's headers make. */
#define CREATE_TRACE_POINTS
#include "trace.h"
