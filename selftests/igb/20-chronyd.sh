#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What chronyd as client measures of knts, beside a chronyd that stamps in hardware,
# on cards that stamp what leaves. chronyd stamps in hardware for both of them.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/interop/stamps.sh
. "$here/../interop/stamps.sh"

chmod 755 "$tmp"
ok "the cards are there" modprobe igb
stamps_compare eth0 eth1 HK
ok "the cards' module unloads" modprobe -r igb
done_testing
