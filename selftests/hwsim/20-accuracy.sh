#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# time limit: 1800 s
#
# A hundred thousand requests and more against the truth: plain and NTS, basic and
# interleaved, while the server's PHC runs 50 ppm off and drifts. What the line's
# error makes certain is asserted. The delay from T3 to the departure is learnt, so
# how good it is depends on how even the machine is: an emulated one whose CPUs are
# taken away at any moment says nothing of that. Where time counts instructions
# (scripts/guest --icount, KNTS_TIME=icount) it is asserted, too.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

count=5000
learnt=(--late 1000)
if [ "${KNTS_TIME:-}" = icount ]; then
	count=25000
	learnt=(--late 0 --basic-mean 100)
fi
# It takes 16 samples, one each 10 ms, before a delay is added.
skip=$((count / 5))

# measure NAME OPTION...: a stream of one kind, and its table; nothing learnt before.
measure()
{
	local name=$1

	shift
	echo 0 >"$sim/truth"
	ok "$name: timestamps are on" feed_line 100 1000 100000000
	ok "$name: requests are answered" answered "$tools/stream" --count "$count" \
		--clients 16 "$@"
	sed 's/^/# /' "$tmp/said"
	ok "$name: by the truth" judged --frame-end --bound 100 --skip "$skip" \
		--least "$count" "${learnt[@]}"
	sed 's/^/# /' "$tmp/table"
	stop_line
}

ok "the module loads" modprobe knts
ok "the simulated NICs load" sim_load records=65536
log_mark
dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 10
ok "the server is set up" "$tools/serve" "$tmp/key" 65536
measure "plain, basic" 10.77.1.1
measure "plain, interleaved" --interleaved fd77:1::1
measure "NTS, basic" --nts "$tmp/key" fd77:1::1
measure "NTS, interleaved" --nts "$tmp/key" --interleaved 10.77.1.1
measure "plain and NTS, basic" --nts "$tmp/key" --plain-too 10.77.1.1
ip netns exec server "$build/kntsctl" stats | sed 's/^/# /'
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the modules unload" modprobe -r knts knts_hwsim
done_testing
