# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The servers that are measured in a guest, one at a time on port 123 of one device,
# and the client's namespace at its other end. Source this file in a guest.

# shellcheck source=scripts/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lab.sh"
# shellcheck source=selftests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# servers_setup [DEVICE CLIENT-DEVICE]: the latter goes to the namespace "client"; if
# none are given they are a veth pair.
servers_setup()
{
	servers_devices=("${@:-bench0}")
	if [ $# = 0 ]; then
		servers_devices+=(bench1)
		ip link add bench0 type veth peer name bench1
	fi
	lab_setup "$(mktemp -d /run/knts-bench.XXXXXX)" "${servers_devices[0]}"
	chmod 755 "$lab"
	lab_certificates >/dev/null
	lab_namespace client "${servers_devices[1]}"
	lab_feed
}

# client COMMAND...: of the benchmark's own programs, in the client's namespace.
client()
{
	local program=$1

	shift
	ip netns exec client "$bench_bin/$program" "$@"
}

# servers_kinds SERVER: what it is asked, as lines "FAMILY KIND OPTION...". What sends
# requests back is asked as the others are.
servers_kinds()
{
	local mirror='' v4 v6

	[[ ! $1 =~ ^(echo|reflector)$ ]] || mirror=--mirror
	v4="$mirror $LAB_IPV4"
	v6="$mirror $LAB_IPV6"
	echo "v4 plain $v4"
	echo "v4 NTS --ke 4460 $v4"
	echo "v4 NTS,7-placeholders --ke 4460 --placeholders 7 $v4"
	echo "v6 plain $v6"
	echo "v6 NTS --ke 4460 $v6"
	if [ -z "$mirror" ]; then
		echo "v4 interleaved --interleaved $v4"
		echo "v4 NTS,interleaved --ke 4460 --interleaved $v4"
	fi
	[[ $1 =~ ^(knts|reflector)$ ]] || return 0
	echo "v4 NTS,AEAD-17 --ke 4460 --aead 17 $v4"
	echo "v4 NTS,AEAD-30 --ke 4460 --aead 30 $v4"
	echo "v4 NTS,AEAD-30,7-placeholders --ke 4460 --aead 30 --placeholders 7 $v4"
}

chronyd_serves()
{
	lab_listens 4460 && ss -Huln 'sport = :123' | grep . >/dev/null
}

start_chronyd()
{
	mkdir -m 700 "$lab/chronyd"
	cat >"$lab/chronyd/chrony.conf" <<-CONF
		local stratum 1
		allow
		cmdport 0
		bindcmdaddress $lab/chronyd/chronyd.sock
		pidfile $lab/chronyd/chronyd.pid
		ntsserverkey $lab/ca/$LAB_NAME.key
		ntsservercert $lab/ca/$LAB_NAME.chain.pem
		ntsprocesses 1
		clientloglimit 100000000
	CONF
	chronyd -x -u root -f "$lab/chronyd/chrony.conf"
	lab_wait 20 chronyd_serves
	server_pid=$(cat "$lab/chronyd/chronyd.pid")
}

stop_chronyd()
{
	kill "$server_pid"
	lab_wait 10 test ! -e "$lab/chronyd/chronyd.pid"
	rm -r "$lab/chronyd"
}

start_echo()
{
	"$bench_bin/echo" 123 &
	server_pid=$!
	lab_wait 10 ss -Huln 'sport = :123'
}

stop_echo()
{
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || true
}

# The reflector is no server: it costs what the client and the wire cost.
start_reflector()
{
	tc qdisc add dev "${servers_devices[0]}" clsact
	tc filter add dev "${servers_devices[0]}" ingress bpf direct-action object-file \
		"$bench_bin/reflect.o" section tc
}

stop_reflector()
{
	tc qdisc del dev "${servers_devices[0]}" clsact
}

start_knts()
{
	modprobe knts
	# shellcheck disable=SC2119 # no lines of one's own
	lab_kntsd_conf
	lab_kntsd
	server_pid=$lab_kntsd_pid
}

stop_knts()
{
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || true
	lab_kntsd_pid=
	modprobe -r knts
}

servers_teardown()
{
	# A veth pair would go with the namespace, before its addresses are flushed.
	ip -n client link set "${servers_devices[1]}" netns 1
	lab_teardown
	[ "${servers_devices[0]}" != bench0 ] || ip link delete bench0
}
