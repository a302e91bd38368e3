# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The servers that are measured in a guest, one at a time on port 123 of one device,
# and the client's namespace at its other end. Source this file in a guest.

# shellcheck source=scripts/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lab.sh"
# shellcheck source=selftests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# servers_setup: a veth pair, the client's end in the namespace "client".
servers_setup()
{
	ip link add bench0 type veth peer name bench1
	lab_setup "$(mktemp -d /run/knts-bench.XXXXXX)" bench0
	chmod 755 "$lab"
	lab_certificates >/dev/null
	lab_namespace client bench1
	lab_feed
}

# client COMMAND...: of the benchmark's own programs, in the client's namespace.
client()
{
	local program=$1

	shift
	ip netns exec client "$bench_bin/$program" "$@"
}

chronyd_serves()
{
	ss -Htln 'sport = :4460' | grep -q . && ss -Huln 'sport = :123' | grep -q .
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
	tc qdisc add dev bench0 clsact
	tc filter add dev bench0 ingress bpf direct-action object-file \
		"$bench_bin/reflect.o" section tc
}

stop_reflector()
{
	tc qdisc del dev bench0 clsact
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
	# The pair would go with the namespace, before its addresses are flushed.
	ip -n client link set bench1 netns 1
	lab_teardown
	ip link delete bench0
}
