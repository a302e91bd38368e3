/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates whose dates are to the second.
 */
#ifndef KNTS_SELFTESTS_KE_DATED_H
#define KNTS_SELFTESTS_KE_DATED_H

/**
 * dated_write() - STEM.chain.pem and STEM.key in the tests' folder
 * @stem: of both
 * @from_s: seconds from now when it begins to be valid, mostly less than 0
 * @to_s: seconds from now when it ends
 *
 * For one.test, P-384, signed by the tests' CA.
 */
void dated_write(const char *stem, long from_s, long to_s);

#endif
