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
stamps_samples=200

# stamps_server DEVICE: chronyd, on ports of its own, with NTS as knts has it.
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
		hwtimestamp $1
		cmdport 0
		bindcmdaddress $lab/server/chronyd.sock
		pidfile $lab/server/chronyd.pid
	CONF
	chronyd -x -u root -f "$lab/server/chrony.conf"
}

# stamps_client NAMESPACE DEVICE NAME: NAME says which server it asks, and how. It
# follows neither source, so that it measures by the clock that the servers read.
stamps_client()
{
	local namespace=$1 device=$2 name=$3
	local options="nts noselect minpoll -3 maxpoll -3"

	[[ $name != *-interleaved ]] || options+=" xleave"
	[[ $name != chronyd-* ]] || options+=" port 1123 ntsport 4461"
	mkdir -m 700 "$lab/$name"
	cat >"$lab/$name/chrony.conf" <<-CONF
		server v4.$LAB_NAME $options
		server v6.$LAB_NAME $options
		ntstrustedcerts $lab/ca/ca.pem
		hwtimestamp $device
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

# stamps_replies N: every client has had so many, over IPv4 and over IPv6.
stamps_replies()
{
	local name address

	for name in "${stamps_clients[@]}"; do
		for address in $LAB_IPV4 $LAB_IPV6; do
			[ "$(stamps_ntpdata "$name" "$address" 'Total valid RX')" -ge "$1" ] ||
				return
		done
	done
}

# stamps_counter NAME: a counter of the kernel's.
stamps_counter()
{
	lab_ctl --json stats |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["counters"][sys.argv[1]])' "$1"
}

# stamps_counted NAME AT-LEAST
stamps_counted()
{
	[ "$(stamps_counter "$1")" -ge "$2" ]
}

# stamps_setup SERVER-DEVICE CLIENT-DEVICE: knts with the PHC's line and its delay
# learnt, the chronyd beside it, and nobody asking.
stamps_setup()
{
	lab_setup "$tmp/lab" "$1" && lab_certificates && lab_feed && lab_kntsd_conf &&
		echo "hardware-timestamps $1 { }" >>"$lab/kntsd.conf" &&
		lab_namespace client "$2" && modprobe knts && lab_kntsd &&
		lab_wait 20 grep -q up "/sys/class/net/$1/operstate" && stamps_server "$1"
}

# stamps_start DEVICE: all clients, each for a while so that all have learnt what
# they need; what they measured until then is forgotten.
stamps_start()
{
	local name

	for name in "${stamps_clients[@]}"; do
		stamps_client client "$1" "$name" || return
	done
	lab_wait 120 stamps_replies 80 || return
	for name in "${stamps_clients[@]}"; do
		mv "$lab/$name/measurements.log" "$lab/$name/before.log"
		lab_chronyc "$name" cyclelogs || return
	done
}

# stamps_compare SERVER-DEVICE CLIENT-DEVICE STAMPED: the whole test, but for the
# devices' own module. STAMPED is who stamps the client's packets (stamps_table).
stamps_compare()
{
	local -a logs
	local name address

	ok "the service starts, and chronyd beside it" stamps_setup "$1" "$2"
	ok "every client has replies over IPv4 and IPv6" stamps_start "$2"
	logs=("${stamps_clients[@]/#/$lab/}")
	ok "every client has $stamps_samples more" \
		lab_wait 300 stamps_replies $((80 + stamps_samples * 11 / 10))
	for name in "${stamps_clients[@]}"; do
		for address in $LAB_IPV4 $LAB_IPV6; do
			ok "$name $address: ntpdata says which mode" equal \
				"$(stamps_ntpdata "$name" "$address" Interleaved)" \
				"$([[ $name == *-basic ]] && echo No || echo Yes)"
			ok "$name $address: ntpdata says authenticated" equal \
				"$(stamps_ntpdata "$name" "$address" Authenticated)" Yes
		done
	done
	"$stamps_table" --stamped "$3" "${logs[@]}"
	ok "each offset is at most half its delay from the truth" \
		"$stamps_table" --stamped "$3" --check $stamps_samples "${logs[@]}"
	ok "the kernel was told when packets left" stamps_counted transmit-used 100
	ok "everything stops" lab_teardown
	ok "the module unloads" modprobe -r knts
}
