#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# time limit: 1200 s
#
# Every fault of timestamps and clocks in turn: each request is answered, no wrong
# timestamp is served, and the counter that tells of the fault moves.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

error_ns=100
delay_max_ns=90000000

# counter NAME: its value in the server's namespace.
counter()
{
	ip netns exec server "$build/kntsctl" stats --json |
		python3 -c "import json, sys; print(json.load(sys.stdin)['counters']['$1'])"
}

# moved NAME SINCE: it has moved, now or a little later.
moved()
{
	wait_for "[ \$(counter $1) -gt $2 ]" 5 && return
	echo "$1 is still $2"
	return 1
}

# no_lie [OPTION...]: by the truth, no wrong time was served.
no_lie()
{
	judged --frame-end --bound "$error_ns" --late 1000 --least 300 "$@"
}

# fault NAME COUNTER KNOB VALUE... [-- STREAM OPTION...]: of the server's device.
fault()
{
	local name=$1 counter=$2 since
	local -a knobs=() restore=()

	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		knobs+=("$1" "$2")
		restore+=("$1" "$(cat "$sim/hwsim0/$1")")
		shift 2
	done
	[ $# = 0 ] || shift
	since=$(counter "$counter")
	dial 0 "${knobs[@]}"
	# A line is good again once the PHC was read twice.
	sleep 0.3
	echo 0 >"$sim/truth"
	ok "$name: every request is answered" answered "$tools/stream" \
		--count 300 --clients 5 --interleaved "$@" 10.77.1.1
	dial 0 "${restore[@]}"
	sleep 0.3
	ok "$name: no wrong time is served" no_lie
	ok "$name: $counter moves" moved "$counter" "$since"
}

receive_faults()
{
	fault "lost receive timestamps" stamp-software rx_lost_every 3
	fault "stale receive timestamps" stamp-distrusted \
		rx_stale_every 3 rx_stale_ns 1000000000
	fault "receive timestamps from the future" stamp-distrusted \
		rx_stale_every 3 rx_stale_ns -100000000
	fault "receive timestamps of another packet" stamp-distrusted \
		rx_wrong_every 3 -- --pause-us 100000
}

transmit_faults()
{
	# Lost is what others have taken the place of; there are 256 on each CPU.
	fault "lost transmit timestamps" transmit-lost tx_lost_every 3 \
		-- --count 2000
	fault "late transmit timestamps" transmit-late \
		tx_late_every 3 tx_late_ns 2000000000 -- --count 2000
	fault "reordered transmit timestamps" transmit-used tx_reorder_every 3
	fault "duplicated transmit timestamps" transmit-late tx_duplicate_every 3
	fault "transmit timestamps of another packet" transmit-distrusted \
		tx_wrong_every 3
	fault "one transmit timestamp in flight" transmit-lost \
		tx_one_in_flight 1 tx_report_ns 10000000 -- --window 5 --count 2000
	fault "transmit timestamps at once" transmit-used tx_report_ns 0
}

clock_faults()
{
	fault "a PHC that drifts" stamp-hardware \
		phc_freq_ppb -100000 phc_drift_ppb_s 1000 -- --nts "$tmp/key"
	fault "a wire that is longer one way" stamp-hardware wire_delay_ns 700000
	dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 10
}

# step_in_stream NS: the PHC steps while requests come.
step_in_stream()
{
	local since stream

	since=$(counter stamp-hardware)
	"$tools/stream" --count 4000 --clients 5 --interleaved --pause-us 500 \
		10.77.1.1 >"$tmp/stream" &
	stream=$!
	wait_for "[ \$(counter stamp-hardware) -gt $((since + 100)) ]" 10
	dial 0 phc_step_ns "$1"
	wait "$stream" && answered cat "$tmp/stream"
}

steps()
{
	local step since

	for step in 100000000 -1000000000; do
		since=$(counter stamp-distrusted)
		echo 0 >"$sim/truth"
		ok "a PHC that steps by $step ns: every request is answered" \
			step_in_stream "$step"
		ok "a PHC that steps by $step ns: no wrong time is served" \
			no_lie --software
		ok "a PHC that steps by $step ns: stamp-distrusted moves" \
			moved stamp-distrusted "$since"
	done
}

no_line()
{
	local since

	stop_line
	sleep 1.2
	since=$(counter stamp-software)
	echo 0 >"$sim/truth"
	ok "no line: every request is answered" answered "$tools/stream" \
		--count 300 --clients 5 --interleaved 10.77.1.1
	ok "no line: no wrong time is served" no_lie --software
	ok "no line: stamp-software moves" moved stamp-software "$since"
}

ok "the module loads" modprobe knts
ok "the simulated NICs load" sim_load
log_mark
dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 10
ok "the server is set up" "$tools/serve" "$tmp/key" 4096
ok "timestamps are on" feed_line $error_ns 1000 $delay_max_ns
receive_faults
transmit_faults
clock_faults
steps
no_line
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the modules unload" modprobe -r knts knts_hwsim
done_testing
