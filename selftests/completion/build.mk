# SPDX-License-Identifier: GPL-2.0-or-later
HOST_TESTS += selftests/completion/completion.py
