/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka, with what it wants included before it. */
#ifndef KNTS_SELFTESTS_GUEST_TEST_H
#define KNTS_SELFTESTS_GUEST_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TEST(title, function) { .name = (title), .test_func = (function) }

#endif
