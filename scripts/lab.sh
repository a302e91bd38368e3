# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A whole time service inside one machine, for the demo and for the tests:
# chronyd keeps the clock, kntsd exchanges keys, knts.ko answers, and stock
# clients ask from network namespaces of their own. Source this file, as root,
# where modules can be loaded and /etc/hosts may be changed: in scripts/guest.

LAB_NAME=time.lab.test
LAB_IPV4=10.77.0.1
LAB_IPV6=fd77::1

lab_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab_bin=$lab_tree/build
PATH=$PATH:/usr/sbin:/sbin

# lab_setup DIR [DEVICE]: names for the server, in DIR the rest. The server is on
# DEVICE, or on a bridge that is made for the clients. The bridge's address is its
# own: else it takes the lowest of its ports', and what clients send to the one before
# is lost.
lab_setup()
{
	lab=$1
	lab_device=${2:-lab0}
	lab_clients=0
	mkdir -p "$lab"
	[ $# -gt 1 ] || ip link add lab0 address 02:00:0a:4d:00:01 type bridge
	ip address add $LAB_IPV4/24 dev "$lab_device"
	ip address add $LAB_IPV6/64 dev "$lab_device" nodad
	ip link set "$lab_device" up
	echo "$LAB_IPV4 $LAB_NAME v4.$LAB_NAME" >>/etc/hosts
	echo "$LAB_IPV6 v6.$LAB_NAME" >>/etc/hosts
}

# lab_namespace NAME [DEVICE]: a client's network namespace, wired to the server, by
# DEVICE or by a port of the bridge.
lab_namespace()
{
	local name=$1 device=${2:-eth0}

	lab_clients=$((lab_clients + 1))
	ip netns add "$name"
	if [ $# -gt 1 ]; then
		ip link set "$device" netns "$name"
	else
		ip link add "$name" master lab0 type veth peer name eth0 netns "$name"
		ip link set "$name" up
	fi
	ip -n "$name" link set lo up
	ip -n "$name" address add "10.77.0.$((lab_clients + 1))/24" dev "$device"
	ip -n "$name" address add "fd77::$((lab_clients + 1))/64" dev "$device" nodad
	ip -n "$name" link set "$device" up
}

# lab_certificates: a CA and a certificate for every name of the server.
lab_certificates()
{
	"$lab_tree/scripts/knts-ca" init --dir "$lab/ca" --no-password
	"$lab_tree/scripts/knts-ca" issue --dir "$lab/ca" \
		$LAB_NAME v4.$LAB_NAME v6.$LAB_NAME $LAB_IPV4 $LAB_IPV6
}

# lab_feed: the chronyd that keeps the server's clock and serves nobody.
lab_feed()
{
	mkdir -m 700 "$lab/feed"
	cat >"$lab/feed/chrony.conf" <<-CONF
		local stratum 1
		port 0
		cmdport 0
		bindcmdaddress $lab/feed/chronyd.sock
		pidfile $lab/feed/chronyd.pid
	CONF
	chronyd -x -u root -f "$lab/feed/chrony.conf"
}

# lab_kntsd_conf [LINE]...: write kntsd.conf; the lines are added to section clock.
# A first handshake takes an emulator more than a second, and a chronyd that is
# turned away then tries again after a quarter of an hour.
lab_kntsd_conf()
{
	cat >"$lab/kntsd.conf" <<-CONF
		ntp-server { listen = {"0.0.0.0:123", "[::]:123"} }
		nts-ke-server {
		    listen = {"0.0.0.0:4460", "[::]:4460"}
		    certificate-chain-path = "$lab/ca/$LAB_NAME.chain.pem"
		    private-key-path = "$lab/ca/$LAB_NAME.key"
		    key-exchange-timeout-ms = 10000
		}
		keyset { key-storage-path = "$lab/keys" }
		clock {
		    source = chronyd
		    socket = "$lab/feed/chronyd.sock"
		    $(printf '%s\n' "$@")
		}
		control-path = "$lab/control"
	CONF
}

# lab_kntsd: start kntsd and wait until it serves.
lab_kntsd()
{
	"$lab_bin/kntsd" -c "$lab/kntsd.conf" >>"$lab/kntsd.log" 2>&1 &
	lab_kntsd_pid=$!
	lab_wait 20 lab_serving
}

# lab_listens PORT: somebody does, by TCP.
lab_listens()
{
	ss -Htln "sport = :$1" | grep . >/dev/null
}

lab_serving()
{
	lab_ctl clock --json | grep '"synchronised": true' >/dev/null && lab_listens 4460
}

lab_ctl()
{
	KNTS_CONTROL=$lab/control "$lab_bin/kntsctl" "$@"
}

# lab_client NAMESPACE SERVER [OPTION]...: a stock chronyd that asks SERVER by NTS;
# lines in $lab_client_conf are added to its configuration.
# An emulator's delays vary so much that chronyd would call some replies too late
# to be good; these are counted here, so it is told to take them.
lab_client()
{
	local name=$1 server=$2

	shift 2
	mkdir -m 700 "$lab/$name"
	cat >"$lab/$name/chrony.conf" <<-CONF
		server $server nts iburst maxdelayratio 1e6 maxdelaydevratio 1e6 $*
		ntstrustedcerts $lab/ca/ca.pem
		port 0
		cmdport 0
		bindcmdaddress $lab/$name/chronyd.sock
		pidfile $lab/$name/chronyd.pid
		${lab_client_conf:-}
	CONF
	ip netns exec "$name" chronyd -x -u root -f "$lab/$name/chrony.conf"
}

# lab_chronyc NAMESPACE COMMAND...: ask that client's chronyd.
lab_chronyc()
{
	local name=$1

	shift
	chronyc -h "$lab/$name/chronyd.sock" -n "$@"
}

# lab_ntpdata NAMESPACE FIELD: one value of the client's ntpdata.
lab_ntpdata()
{
	lab_chronyc "$1" ntpdata |
		sed -n "s/^$2 *: *\([^ ]*\).*/\1/p"
}

# lab_authdata NAMESPACE COLUMN: one value of authdata: 2 mode, 3 key id, 4 type,
# 5 key length, 6 last, 7 attempts, 8 NAKs, 9 cookies, 10 cookie length.
lab_authdata()
{
	lab_chronyc "$1" authdata | awk -v column="$2" 'NR == 3 { print $column }'
}

lab_quit_client()
{
	kill "$(cat "$lab/$1/chronyd.pid")"
}

# lab_has_good NAMESPACE COUNT: that client has had so many good replies.
lab_has_good()
{
	[ "$(lab_ntpdata "$1" 'Total good RX')" -ge "$2" ]
}

lab_has_cookies()
{
	[ "$(lab_authdata "$1" 9)" = "$2" ]
}

# lab_full_jar NAMESPACE: that client has 8 cookies. One is in flight between a
# request and its reply, so look more than once.
lab_full_jar()
{
	lab_wait 5 lab_has_cookies "$1" 8
}

# lab_peer NAME: have another project's programs come first; if there are none,
# $lab_reason says why. A guest has no way to an archive: selftests/guest/all fetches
# what the tests name.
lab_peer()
{
	local said

	if said=$("$lab_tree/scripts/peer" "$1" 2>&1); then
		PATH=${said##*$'\n'}:$PATH
		return
	fi
	# shellcheck disable=SC2034 # read by those who source this
	lab_reason=${said##*$'\n'}
	return 1
}

# lab_ntpd_rs NAMESPACE SERVER: ntpd-rs that asks SERVER by NTS, once a second. It
# steers the machine's clock, which is the server's own; lab_teardown takes that back.
lab_ntpd_rs()
{
	local name=$1 server=$2

	mkdir -m 700 "$lab/$name"
	cat >"$lab/$name/ntp.toml" <<-CONF
		[observability]
		ansi-colors = false
		observation-path = "$lab/$name/observe"

		[[source]]
		mode = "nts"
		address = "$server"
		certificate-authority = "$lab/ca/ca.pem"

		[source-defaults]
		poll-interval-limits = { min = 0, max = 0 }
		initial-poll-interval = 0

		[synchronization]
		minimum-agreeing-sources = 1
	CONF
	ip netns exec "$name" ntp-daemon -c "$lab/$name/ntp.toml" >"$lab/$name/log" 2>&1 &
	echo $! >"$lab/$name/ntp-daemon.pid"
}

# lab_ntp_ctl NAMESPACE: what that client's ntpd-rs says of itself.
lab_ntp_ctl()
{
	ntp-ctl status -c "$lab/$1/ntp.toml"
}

# lab_ntpsec NAMESPACE SERVER: ntpsec's ntpd that asks SERVER by NTS, once a second. It
# asks from port 123, and answers ntpq only where "restrict" lets it.
lab_ntpsec()
{
	local name=$1 server=$2

	mkdir -m 700 "$lab/$name"
	cat >"$lab/$name/ntp.conf" <<-CONF
		disable ntp
		restrict default kod nomodify limited
		restrict 127.0.0.1
		restrict ::1
		nts ca $lab/ca/ca.pem
		server $server nts iburst minpoll 0 maxpoll 0
	CONF
	ip netns exec "$name" ntpd -n -N -c "$lab/$name/ntp.conf" >"$lab/$name/log" 2>&1 &
	echo $! >"$lab/$name/ntpd.pid"
}

# lab_ntpq NAMESPACE COMMAND: ask that client's ntpd.
lab_ntpq()
{
	ip netns exec "$1" ntpq -n -c "$2"
}

# lab_wait SECONDS COMMAND...: until COMMAND succeeds; fails when time is up.
lab_wait()
{
	local deadline=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.2
	done
}

# lab_teardown: stop everything that lab_setup and the rest began.
lab_teardown()
{
	local pidfile name

	for pidfile in "$lab"/*/*.pid; do
		[ ! -e "$pidfile" ] || kill "$(cat "$pidfile")" || true
		[ "${pidfile##*/}" != ntp-daemon.pid ] || busybox adjtimex -q -f 0 || true
	done
	[ -z "${lab_kntsd_pid:-}" ] || kill "$lab_kntsd_pid" 2>/dev/null || true
	wait
	for name in $(ip netns list | awk '{ print $1 }'); do
		ip netns delete "$name"
	done
	if [ "$lab_device" = lab0 ]; then
		ip link delete lab0
	else
		ip address flush dev "$lab_device"
		ip link set "$lab_device" down
	fi
	sed -i "/$LAB_NAME/d" /etc/hosts
}
