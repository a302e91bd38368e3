# SPDX-License-Identifier: GPL-2.0-or-later
HOST_TESTS += $(addprefix selftests/ca/,knts-ca.sh accepted.sh refusals.sh)
