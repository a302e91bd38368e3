# SPDX-License-Identifier: GPL-2.0-or-later
# The first stories take minutes, all of them an hour.
HOST_TESTS += selftests/install/deb.sh
MACHINE_SUITE += install-12="selftests/install/all 12 05-install 10-first"
FULL_SUITE += $(foreach debian,12 13,install-$(debian)="selftests/install/all $(debian)")
