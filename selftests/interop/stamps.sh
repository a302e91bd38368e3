# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# knts and a chronyd that stamps in hardware, side by side on one device, asked by
# chronyd over another: what offset does a client measure? All clocks are one, so
# the truth is 0. Sourced by tests in a guest.

# shellcheck source=selftests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lab.sh"

stamps_table=$(dirname "${BASH_SOURCE[0]}")/stamps_table
stamps_clients=(knts-interleaved chronyd-interleaved knts-basic chronyd-basic)
stamps_before=80
stamps_samples=200

# stamps_server DEVICE RX-FILTER: chronyd, on ports of its own, with NTS as knts has it.
stamps_server()
{
	mkdir -m 700 "$lab/server"
	cat >"$lab/server/chrony.conf" <<-CONF
		local stratum 1
		allow all
		port 1123
		ntsport 4461
		ntsservercert $lab/ca/$LAB_NAME.chain.pem
		ntsserverkey $lab/ca/$LAB_NAME.key
		hwtimestamp $1 rxfilter $2
		cmdport 0
		bindcmdaddress $lab/server/chronyd.sock
		pidfile $lab/server/chronyd.pid
	CONF
	chronyd -x -u root -f "$lab/server/chrony.conf"
}

# stamps_client NAMESPACE DEVICE RX-FILTER NAME: NAME says which server it asks, and
# how. It follows neither source, so that it measures by the clock that the servers read.
stamps_client()
{
	local namespace=$1 device=$2 filter=$3 name=$4
	local options="nts noselect minpoll -4 maxpoll -4"

	[[ $name != *-interleaved ]] || options+=" xleave"
	[[ $name != chronyd-* ]] || options+=" port 1123 ntsport 4461"
	mkdir -m 700 "$lab/$name"
	cat >"$lab/$name/chrony.conf" <<-CONF
		server v4.$LAB_NAME $options
		server v6.$LAB_NAME $options
		ntstrustedcerts $lab/ca/ca.pem
		hwtimestamp $device rxfilter $filter
		log rawmeasurements
		logdir $lab/$name
		port 0
		cmdport 0
		bindcmdaddress $lab/$name/chronyd.sock
		pidfile $lab/$name/chronyd.pid
	CONF
	ip netns exec "$namespace" chronyd -x -u root -f "$lab/$name/chrony.conf"
}

# stamps_ntpdata NAME ADDRESS FIELD: what that client says of that server.
stamps_ntpdata()
{
	lab_chronyc "$1" ntpdata "$2" |
		sed -n "s/^$3 *: *\([^ ]*\).*/\1/p"
}

# stamps_replies NAME N: that client has had so many over IPv4 and over IPv6.
stamps_replies()
{
	local address

	for address in $LAB_IPV4 $LAB_IPV6; do
		[ "$(stamps_ntpdata "$1" "$address" 'Total valid RX')" -ge "$2" ] || return
	done
}

# stamps_counter NAME: a counter of the kernel's.
stamps_counter()
{
	lab_ctl stats --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["counters"][sys.argv[1]])' "$1"
}

# stamps_counted NAME AT-LEAST
stamps_counted()
{
	[ "$(stamps_counter "$1")" -ge "$2" ]
}

# stamps_setup SERVER-DEVICE CLIENT-DEVICE RX-FILTER: knts and the chronyd beside it.
stamps_setup()
{
	lab_setup "$tmp/lab" "$1" && lab_certificates && lab_feed && lab_kntsd_conf &&
		echo "hardware-timestamps $1 { }" >>"$lab/kntsd.conf" &&
		lab_namespace client "$2" && modprobe knts && lab_kntsd &&
		lab_wait 20 grep -q 1 "/sys/class/net/$1/carrier" && stamps_server "$1" "$3"
}

# stamps_begin DEVICE RX-FILTER NAME: a client, for so long that it and the server
# have learnt what they need; what it measured until then is put aside.
stamps_begin()
{
	local name=$3

	stamps_client client "$@" &&
		lab_wait 60 stamps_replies "$name" $stamps_before &&
		mv "$lab/$name/measurements.log" "$lab/$name/before.log" &&
		lab_chronyc "$name" cyclelogs
}

# stamps_compare SERVER-DEVICE CLIENT-DEVICE RX-FILTER: the whole test, but for the
# devices' own module. RX-FILTER is what the devices stamp of what comes, none or all.
# The clients come one after the other, so that they are not in each other's way.
stamps_compare()
{
	local stamped=HK slack_ns=500
	local -a logs=()
	local name address

	# All in hardware, only the clocks' own error is left.
	if [ "$3" = all ]; then
		stamped=HH
		slack_ns=100
	fi
	ok "the service starts, and chronyd beside it" stamps_setup "$@"
	for name in "${stamps_clients[@]}"; do
		ok "$name: replies over IPv4 and IPv6" stamps_begin "$2" "$3" "$name"
		ok "$name: $stamps_samples more" lab_wait 60 stamps_replies "$name" \
			$((stamps_before + stamps_samples * 11 / 10))
		for address in $LAB_IPV4 $LAB_IPV6; do
			ok "$name: ntpdata $address says which mode" equal \
				"$(stamps_ntpdata "$name" "$address" Interleaved)" \
				"$([[ $name == *-basic ]] && echo No || echo Yes)"
			ok "$name: ntpdata $address says authenticated" equal \
				"$(stamps_ntpdata "$name" "$address" Authenticated)" Yes
		done
		ok "$name: it ends" lab_quit_client "$name"
		logs+=("$lab/$name")
	done
	"$stamps_table" --stamped $stamped "${logs[@]}"
	ok "each offset is at most half its delay from the truth" \
		"$stamps_table" --stamped $stamped --check $((stamps_samples / 2)) \
		--slack-ns $slack_ns "${logs[@]}"
	ok "mean and deviation are no worse than chronyd's, where there was least delay" \
		"$stamps_table" --stamped $stamped --compare \
		--slack-ns $slack_ns "${logs[@]}"
	ok "the kernel was told when packets left" stamps_counted transmit-used 100
	ok "everything stops" lab_teardown
	ok "the module unloads" modprobe -r knts
}
