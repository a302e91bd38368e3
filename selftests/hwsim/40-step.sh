#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# CLOCK_REALTIME is stepped by a second, and back, in the middle of a stream, once
# and many times: no reply has times from before and after, and interleaved mode
# gives none from before (I12).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

# stepped SECONDS_BETWEEN STEPS STREAM_OPTION...: a stream of ten seconds.
stepped()
{
	local between=$1 steps=$2 stream step=1 i

	shift 2
	"$tools/stream" --seconds 10 --clients 16 --interleaved "$@" >"$tmp/stream" &
	stream=$!
	sleep 1
	for ((i = 0; i < steps; i++)); do
		"$tools/step" "$step"
		step=$((-step))
		sleep "$between"
	done
	wait "$stream" && answered cat "$tmp/stream" && [ "$interleaved" -gt 100 ]
}

# steps NAME SECONDS_BETWEEN STEPS STREAM_OPTION...
steps()
{
	local name=$1

	shift
	echo 0 >"$sim/truth"
	ok "$name: requests are answered, most of them interleaved" stepped "$@"
	sed 's/^/# /' "$tmp/said"
	ok "I12: $name: no reply mixes times" judged --frame-end --bound 100 \
		--late 1000 --step 1000000000 --latency 500000000
	sed 's/^/# /' "$tmp/table"
}

ok "the module loads" modprobe knts
ok "the simulated NICs load" sim_load records=262144
log_mark
dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 10
ok "the server is set up" "$tools/serve" "$tmp/key" 4096
ok "timestamps are on" feed_line 100 1000 100000000
steps "a second on, and back" 4 2 10.77.1.1
steps "a second on, and back, with NTS" 4 2 --nts "$tmp/key" fd77:1::1
steps "forty steps" 0.1 40 10.77.1.1
stop_line
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the modules unload" modprobe -r knts knts_hwsim
done_testing
