#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsd on the simulated NICs: it finds the PHC, turns timestamps on or keeps them as
# they are, its line is true, and whatever happens to device and clocks is noticed.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"
# shellcheck source=selftests/guest/ctl.sh
. "$here/../guest/ctl.sh"

# shellcheck disable=SC2154 # tmp comes from tap.sh
export KNTS_CONTROL=$tmp/control
phc=$here/phc.py
on=(ip netns exec server)

# write_config LINE...: a server whose clock is right by other means, and these.
write_config()
{
	cat >"$tmp/kntsd.conf" <<-CONF
		ntp-server { listen = "10.77.1.1:123" }
		keyset { key-storage-path = "" }
		clock { source = fixed }
		control-path = "$KNTS_CONTROL"
	CONF
	printf '%s\n' "$@" >>"$tmp/kntsd.conf"
}

start_kntsd()
{
	"${on[@]}" "$build/kntsd" -c "$tmp/kntsd.conf" >"$tmp/kntsd.log" 2>&1 &
	kntsd=$!
	wait_for "grep -q ' serves$' $tmp/kntsd.log" 20 && return
	cat "$tmp/kntsd.log"
	return 1
}

stop_kntsd()
{
	kill "${1:--TERM}" "$kntsd"
	wait "$kntsd"
}

# restart_kntsd LINE...: with these in its configuration.
restart_kntsd()
{
	stop_kntsd
	write_config "$@"
	start_kntsd
}

# devices CONDITION [SECONDS]: python's view of "devices" of kntsctl clock, by name
# in d, is so, or comes to be so.
devices()
{
	wait_for "\"\${on[@]}\" $kntsctl clock --json >$tmp/clock && python3 -c \
\"import json; o = json.load(open('$tmp/clock'))
d = {x['device']: x for x in o['devices']}
assert $1\"" "${2:-20}" && return
	cat "$tmp/clock" "$tmp/kntsd.log"
	return 1
}

has_line="'line' in d['hwsim0']"

# logged WORDS [TIMES]: kntsd has said this so many times, once if not given.
logged()
{
	[ "$(grep -c -- "$1" "$tmp/kntsd.log")" = "${2:-1}" ] && return
	cat "$tmp/kntsd.log"
	return 1
}

# will_log WORDS
will_log()
{
	wait_for "grep -q -- '$1' $tmp/kntsd.log" 20 || logged "$1"
}

# is_set TX_TYPE RX_FILTER: or comes to be so.
is_set()
{
	wait_for "equal \"\$(preset)\" '$1 $2'" 20 && return
	preset
	return 1
}

# preset [TX_TYPE RX_FILTER]: as another program would.
preset()
{
	"${on[@]}" "$phc" stamping hwsim0 "$@"
}

# true_line NAME SECONDS MOST: the line is within MOST nanoseconds of the truth when
# it is set, and within its bound later. What it was is told.
true_line()
{
	ok "$1" line_is_true "$2" "$3"
	sed 's/^/# /' "$tmp/watched"
}

line_is_true()
{
	"${on[@]}" "$phc" watch "$1" "$2" "$kntsctl" clock --json >"$tmp/watched"
}

setting_up_tests()
{
	preset 0 0 >/dev/null
	write_config 'hardware-timestamps "hwsim0" { sample-interval-ms = 100 }' \
		'hardware-timestamps "lo" { }' 'hardware-timestamps "nosuch0" { }'
	ok "kntsd starts" start_kntsd
	ok "stamping is turned on, for NTP" is_set 1 15
	ok "it says so" logged "hwsim0: timestamps turned on, receive filter ntp-all"
	ok "a line comes" devices "$has_line"
	ok "it says so, too" will_log "hwsim0: hardware timestamps by PHC /dev/ptp[0-9]*, "
	ok "the link's speed is known" devices "d['hwsim0']['link-speed-mbps'] == 1000"
	ok "a device without PHC is told" devices \
		"d['lo']['problem'] == 'lo has no PHC: its timestamps stay software'"
	ok "so is one that is not there" devices \
		"d['nosuch0']['problem'] == 'network device nosuch0 does not exist'"
	ok "status tells both" has "^problem: lo has no PHC" "${on[@]}" "$kntsctl" status
	ok "status: stamps" has "^stamps    hardware on hwsim0 (error [0-9.]* [nu]s)$" \
		"${on[@]}" "$kntsctl" status
	ok "clock: the device" has "^device           hwsim0, PHC /dev/ptp[0-9]*, receive \
filter ntp-all, 1000 Mbit/s$" "${on[@]}" "$kntsctl" clock
	ok "clock: its line" has "^  line           [0-9.]* s old, for 5.0 s, PHC runs " \
		"${on[@]}" "$kntsctl" clock
	ok "clock: interleaved mode" has "^interleaved      65536 pairs, 1 MiB$" \
		"${on[@]}" "$kntsctl" clock
	ok "clock: counters" has "^receive stamps   hardware [0-9]*, software " \
		"${on[@]}" "$kntsctl" clock
	ok "a problem is logged once" logged "lo has no PHC"
}

truth_tests()
{
	ok "sampled by cross timestamps" devices \
		"'cross timestamps' in d['hwsim0']['sampled-by']"
	true_line "a PHC at rest" 5 20
	dial 0 phc_freq_ppb 50000
	ok "a rate that changes begins a new line" devices \
		"$has_line and abs(d['hwsim0']['line']['rate-ppt'] + 50e6) < 1e5"
	true_line "a PHC 50 ppm off" 5 20
	dial 0 phc_drift_ppb_s 100
	ok "a drift that begins is allowed for" devices \
		"$has_line and d['hwsim0']['line']['error-ns'] > 500"
	true_line "and drifting by 100 ppb a second" 10 40
	dial 0 phc_drift_ppb_s 0
}

# reading_tests MODE WAY MOST: by worse ways of reading.
reading_tests()
{
	stop_kntsd
	dial 0 phc_reads "$1" phc_read_ns 1000
	ok "kntsd starts again" start_kntsd
	ok "sampled by $2" devices "$has_line and '$2' in d['hwsim0']['sampled-by']"
	sleep 5
	# Truth is told by cross timestamps, which kntsd tries at its start only.
	dial 0 phc_reads 0 phc_read_ns 0
	true_line "the line of $2" 5 "$3"
}

# jumps: how often kntsd has given up a line.
jumps()
{
	"${on[@]}" "$kntsctl" clock --json | sed -n 's/.*"jumps": \([0-9]*\).*/\1/p'
}

clock_tests()
{
	local before

	ok "there is a line" devices "$has_line"
	before=$(jumps)
	dial 0 phc_step_ns 1000000
	ok "a jump of the PHC voids it" will_log \
		"/dev/ptp[0-9]* is +0.00\(1000\|0999\)[0-9]* s off its line"
	true_line "and the next one is true" 3 20
	ok "the jump is counted" devices "$has_line and d['hwsim0']['jumps'] == $((before + 1))"
	date -s '+1 second' >/dev/null
	ok "a step of the system clock is told" will_log "the system clock was set"
	true_line "and the line holds" 3 20
	ok "nothing was voided" devices "$has_line and d['hwsim0']['jumps'] == $((before + 1))"
	date -s '-1 second' >/dev/null
}

reload_tests()
{
	local before

	before=$(jumps)
	sed -i 's/= 100 }/= 100 rx-correction-ns = -7 tx-correction-ns = 9 }/' \
		"$tmp/kntsd.conf"
	ok "reload" says 0 reloaded "${on[@]}" "$kntsctl" reload
	ok "corrections are in force, and the line is kept" devices \
		"$has_line and d['hwsim0']['rx-correction-ns'] == -7 and \
d['hwsim0']['tx-correction-ns'] == 9 and d['hwsim0']['samples'] > 8" 1
	ok "no new line was begun" equal "$(jumps)" "$before"
	sed -i '/lo\|nosuch0/d' "$tmp/kntsd.conf"
	echo 'interleaved-pairs = 1000' >>"$tmp/kntsd.conf"
	ok "reload again" says 0 reloaded "${on[@]}" "$kntsctl" reload
	ok "what is no longer configured is forgotten" devices "list(d) == ['hwsim0']"
	ok "the interleaved table has its new size" devices \
		"o['interleave']['pairs'] == 1024 and o['interleave']['memory-len'] >= 16384"
	dial 0 link_mbps 100
	ok "a new speed is noticed" devices "d['hwsim0']['link-speed-mbps'] == 100"
	dial 0 link_mbps 1000
	preset 0 0 >/dev/null
	ok "stamping that is turned off is turned on again" is_set 1 15
	ok "it says so" will_log "timestamps turned on again"
}

moving_tests()
{
	ip netns add elsewhere
	ip -n server link set hwsim0 netns elsewhere
	ok "a device that goes is told" devices \
		"d['hwsim0'].get('problem') == 'network device hwsim0 does not exist' and \
'line' not in d['hwsim0']"
	ip -n elsewhere link set hwsim0 netns server
	ip -n server link set hwsim0 up
	ok "when it is back, so is its line" devices "$has_line and 'problem' not in \
d['hwsim0']"
	ip netns delete elsewhere
	true_line "which is true" 3 20
}

# The driver goes and comes back, with another PHC, while kntsd has the old one open.
driver_tests()
{
	modprobe -r knts_hwsim
	ok "a driver that goes is told" devices \
		"d['hwsim0'].get('problem') == 'network device hwsim0 does not exist'"
	modprobe knts_hwsim
	ip link set hwsim0 netns server
	ip link set hwsim1 netns client
	ns_address server hwsim0 10.77.1.1/24 fd77:1::1/64
	ns_address client hwsim1 10.77.1.2/24 fd77:1::2/64
	ok "when it is back, so is the line" devices "$has_line"
	ok "and stamping is on" is_set 1 15
	true_line "and the line is true" 3 20
}

keeping_tests()
{
	stop_kntsd
	ok "an end takes the line away" has "^stamps    software" \
		"${on[@]}" "$kntsctl" status
	preset 1 1 >/dev/null
	ok "kntsd starts where ptp4l has been" start_kntsd
	ok "it says that it keeps what is there" \
		will_log "by another program and stay as they are, receive filter all"
	ok "a line comes" devices "$has_line"
	ok "it did" is_set 1 1
	stop_kntsd
	preset 1 12 >/dev/null
	ok "kntsd starts where ptp4l is, for PTP alone" start_kntsd
	ok "that NTP gets no receive timestamps is told" devices \
		"$has_line and 'filter to ptpv2-event, which leaves NTP out' in \
d['hwsim0']['limit']"
	ok "the filter is kept" is_set 1 12
	sed -i 's/{ sample/{ rx-filter = all sample/' "$tmp/kntsd.conf"
	ok "reload with rx-filter" says 0 reloaded "${on[@]}" "$kntsctl" reload
	ok "overrides it" is_set 1 1
	ok "and is no problem" devices "$has_line and 'limit' not in d['hwsim0']"
	sed -i 's/rx-filter = all //' "$tmp/kntsd.conf"
	ok "reload without it" says 0 reloaded "${on[@]}" "$kntsctl" reload
	preset 1 12 >/dev/null
	ok "ptp4l starts later: that is told, too" devices "$has_line and \
'leaves NTP out' in d['hwsim0']['limit']"
	ok "and its filter is kept" is_set 1 12
	stop_kntsd
	preset 0 0 >/dev/null
	dial 0 rx_filters 3
	ok "kntsd starts with a driver that has ALL, not NTP_ALL" start_kntsd
	ok "it takes ALL" is_set 1 1
	stop_kntsd
	preset 0 0 >/dev/null
	dial 0 rx_filters 1
	ok "kntsd starts with a driver that stamps nothing received" start_kntsd
	ok "it takes what there is" is_set 1 0
	ok "and tells" devices "$has_line and 'makes none of NTP' in d['hwsim0']['limit']"
	dial 0 rx_filters $((0x9003))
}

# All of it together: what clients get is true, by the line that kntsd feeds.
serving_tests()
{
	dial 0 phc_freq_ppb 50000 phc_drift_ppb_s 20
	ok "kntsd starts where packets wait long for their interrupt" restart_kntsd \
		'hardware-timestamps "hwsim0" { sample-interval-ms = 100 delay-max-ns = 100000000 }'
	ok "a line comes" devices "$has_line and d['hwsim0']['samples'] > 20"
	echo 0 >"$sim/truth"
	ok "requests are answered" answered "$tools/stream" \
		--count 3000 --clients 16 --interleaved 10.77.1.1
	ok "by true times" judged --frame-end --bound 30 --late 50 --least 3000
	sed 's/^/# /' "$tmp/table"
	# A packet that the emulated machine leaves lying for longer is distrusted.
	ok "clock: they were the hardware's" has "^receive stamps   hardware \(29\|30\)[0-9]*, " \
		"${on[@]}" "$kntsctl" clock
	ok "clock: the departure delay is known" has "^  departure      [0-9.]* [num]s late" \
		"${on[@]}" "$kntsctl" clock
	ok "status: all stamps" has "requests so far: \(100\|9[7-9]\)[.][0-9] % hardware, " \
		"${on[@]}" "$kntsctl" status
	dial 0 phc_drift_ppb_s 0
}

# upper_tests KIND: a device above hwsim0 stands for it.
upper_tests()
{
	ok "kntsd starts with a $1" restart_kntsd \
		"hardware-timestamps \"upper0\" { sample-interval-ms = 100 }"
	ok "the device below the $1 has the line" devices \
		"$has_line and d['hwsim0']['section'] == 'upper0' and 'upper0' not in d"
	ok "nothing is wrong with the $1" devices "o['devices'][0].get('problem') is None"
	ip -n server link delete upper0
	ok "a $1 that is gone is told" devices \
		"d['upper0']['problem'] == 'network device upper0 does not exist' and \
'hwsim0' not in d"
}

stacked_tests()
{
	ip -n server link add link hwsim0 name upper0 type vlan id 5
	upper_tests VLAN
	ip -n server link set hwsim0 down
	ip -n server link add upper0 type bond mode active-backup
	ip -n server link set hwsim0 master upper0
	ip -n server link set upper0 up
	upper_tests bond
	ip -n server link set hwsim0 nomaster
	ip -n server link add upper0 type bridge
	ip -n server link add veth0 type veth peer name veth1
	ip -n server link set veth0 master upper0
	ip -n server link set hwsim0 master upper0
	ip -n server link set hwsim0 up
	upper_tests bridge
	ip -n server link delete veth0
}

death_tests()
{
	restart_kntsd 'hardware-timestamps "hwsim0" { sample-interval-ms = 100 line-lifetime-ms = 2000 }'
	ok "there is a line again" devices "$has_line"
	stop_kntsd -KILL
	ok "kntsd is killed: the line lives on" has "^stamps    hardware on hwsim0 " \
		"${on[@]}" "$kntsctl" status
	ok "until its lifetime is over" wait_for \
		"\"\${on[@]}\" $kntsctl status | grep '^stamps    software' >/dev/null" 10
	write_config
	ok "the next kntsd does not want it" start_kntsd
	ok "and takes it away" devices "d == {}"
}

ok "the modules load" sim_load
modprobe knts
setting_up_tests
truth_tests
clock_tests
reload_tests
reading_tests 1 "CLOCK_" 2000
reading_tests 2 "an old driver" 4000
moving_tests
driver_tests
serving_tests
keeping_tests
stacked_tests
death_tests
stop_kntsd
ok "the module unloads" modprobe -r knts
ok "the simulation unloads" sim_unload
done_testing
