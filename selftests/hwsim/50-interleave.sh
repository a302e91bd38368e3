#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# time limit: 1200 s
#
# A thousand clients in interleaved mode, from another port at each request, over
# four receive queues: how many answers are interleaved, by the size of the table.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

clients=1000
rounds=10

# share PAIRS LEAST: in percent, of all answers; the first two cannot be.
share()
{
	local pairs=$1 least=$2

	"$tools/serve" "$tmp/key" "$pairs" 2>/dev/null
	echo 0 >"$sim/truth"
	answered "$tools/stream" --count $((clients * rounds)) --clients "$clients" \
		--window 20 --interleaved --roaming 10.77.1.1 || return
	judged --frame-end --bound 100 --late 1000 --queues 4 \
		--least $((clients * rounds)) || return
	percent=$((100 * interleaved / (clients * (rounds - 2))))
	[ "$percent" -ge "$least" ] && return
	echo "$percent % are interleaved, not $least %"
	return 1
}

# table PAIRS LEAST_PERCENT
table()
{
	ok "$1 pairs: at least $2 % of $clients clients' answers are interleaved" \
		share "$1" "$2"
	echo "# $1 pairs in $(memory) octets: $percent % interleaved"
	sed 's/^/# /' "$tmp/table"
}

none()
{
	share 0 0 || return
	equal "$interleaved in $(memory) octets" "0 in 0 octets"
}

memory()
{
	ip netns exec server "$build/kntsctl" clock --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["interleave"]["memory-len"])'
}

ulimit -n 4096
ok "the module loads" modprobe knts
ok "the simulated NICs load" sim_load
log_mark
dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 10
ok "the server is set up" "$tools/serve" "$tmp/key" 65536
ok "timestamps are on" feed_line 100 1000 100000000
table 65536 99
table 4096 95
table 1024 30
ok "0 pairs: no answer is interleaved" none
stop_line
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the modules unload" modprobe -r knts knts_hwsim
done_testing
