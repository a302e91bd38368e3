#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What chronyd as client measures of knts, beside a chronyd that stamps in hardware,
# on simulated NICs that stamp whatever comes and goes.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/interop/stamps.sh
. "$here/../interop/stamps.sh"

[ "${KNTS_TIME:-}" = icount ] || skip_all "wants a guest whose time counts instructions"
chmod 755 "$tmp"
ok "the simulated NICs are there" modprobe knts_hwsim
stamps_compare hwsim0 hwsim1 all
ok "their module unloads" modprobe -r knts_hwsim
done_testing
