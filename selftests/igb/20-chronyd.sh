#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What chronyd as client measures of knts, beside a chronyd that stamps in hardware,
# on cards that stamp what leaves. What comes is stamped by software, on the one CPU
# of this guest: a reply of knts is often there before its server's CPU is free to
# stamp it for the client. The quarter of all replies with the least delay did not
# wait.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/interop/stamps.sh
. "$here/../interop/stamps.sh"

# A card that moderates its interrupts would hold back one that follows another, as
# that of a reply does which comes as fast as those of knts.
set_up_cards()
{
	modprobe igb && ethtool -C eth0 rx-usecs 0 && ethtool -C eth1 rx-usecs 0
}

chmod 755 "$tmp"
ok "the cards are there" set_up_cards
stamps_compare eth0 eth1 none
ok "the cards' module unloads" modprobe -r igb
done_testing
