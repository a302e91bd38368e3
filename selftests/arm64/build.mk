# SPDX-License-Identifier: GPL-2.0-or-later
HOST_TESTS += $(addprefix selftests/arm64/,native.sh module.sh)
