# SPDX-License-Identifier: GPL-2.0-or-later
FULL_SUITE += $(foreach debian,12 13,guides-$(debian)="selftests/guides/all $(debian)")
