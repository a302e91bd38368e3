// SPDX-License-Identifier: GPL-2.0-or-later
/* The POLYVAL seam in userspace: no library that is used here has it. */
#include "core/polyval.h"

void knts_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	knts_polyval_portable(acc, h, in, blocks);
}
