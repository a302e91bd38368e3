#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the device tells of replies that left: the counter, the histogram of transmit
# errors and the tracepoint knts_departure say the same of each.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

tracing=/sys/kernel/tracing
count=2000

# streams: plain and NTS, over both families, interleaved: each reply's departure is
# asked for.
streams()
{
	answered "$tools/stream" --count "$count" --clients 16 --interleaved 10.77.1.1 &&
		answered "$tools/stream" --count "$count" --clients 16 --interleaved \
			--nts "$tmp/key" fd77:1::1
}

traced()
{
	echo 1 >"$tracing"/events/knts/knts_departure/enable
	streams
	status=$?
	# The last ones come after their replies.
	sleep 0.5
	echo 0 >"$tracing"/events/knts/knts_departure/enable
	grep -o "knts_departure: .*" "$tracing"/trace >"$tmp/trace"
	return "$status"
}

read_all()
{
	ip netns exec server "$build/kntsctl" stats --json >"$tmp/stats" &&
		ip netns exec server "$build/kntsctl" stats --histogram --json >"$tmp/histograms"
}

ok "the module loads" modprobe knts
ok "the simulated NICs load" sim_load
log_mark
mountpoint -q "$tracing" || mount -t tracefs tracefs "$tracing"
echo 8192 >"$tracing"/buffer_size_kb
echo >"$tracing"/trace
ok "the server is set up" "$tools/serve" "$tmp/key" 65536
ok "timestamps are on" feed_line 100 1000 100000000
ok "requests are answered, and departures traced" traced
ok "counters and histograms are read" read_all
ok "each departure is counted, filed and traced, with one and the same error" \
	"$here/departures.py" "$tmp/stats" "$tmp/histograms" "$tmp/trace"
sed 's/^/# /' "$tmp/output"
stop_line
echo 1408 >"$tracing"/buffer_size_kb
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the modules unload" modprobe -r knts knts_hwsim
done_testing
