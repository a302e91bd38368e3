#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tracepoints, and what the kernel's own tools say of dropped packets.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

ok "the module loads" modprobe knts
ns_pair server client
log_mark
"$build/selftests/guest/trace" || ((tap_failed += 1))
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the module unloads" modprobe -r knts
done_testing
