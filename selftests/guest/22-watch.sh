#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Histograms and the busiest clients.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

ok "the module loads" modprobe knts
ns_pair server client
# The client may send from any address of this network.
ip -n client route add local 11.0.0.0/8 dev lo
ip -n server route add 11.0.0.0/8 via 10.77.1.2
log_mark
"$build/selftests/guest/watch" || ((tap_failed += 1))
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the module unloads" modprobe -r knts
done_testing
