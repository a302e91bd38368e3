#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Requests that arrive on a CPU in the midst of somebody else's vector registers: up
# to Linux 6.14 the kernel's library has to serve them then. Each reply is verified.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"
# shellcheck source=selftests/interop/counts.sh
. "$here/counts.sh"

count=${1:-4000}

# ask: the client is on the last CPU, and what it sends is taken care of by the first.
ask()
{
	ip netns exec client taskset -c 1 "$lab_bin/selftests/bench/roundtrip" --ke 4460 \
		--count "$count" "$@" "$LAB_IPV4" >"$tmp/asked"
}

ask_while_busy()
{
	local busy err

	taskset -c 0 "$here/fpu.py" >"$tmp/busy" 2>&1 &
	busy=$!
	lab_wait 10 grep -q busy "$tmp/busy" && ask "$@"
	err=$?
	kill "$busy"
	wait "$busy" 2>/dev/null
	return "$err"
}

# steer: packets that come from the client are worked on by CPU 0.
steer()
{
	echo 1 >/sys/class/net/client/queues/rx-0/rps_cpus
	echo 1 >/sys/class/net/lab0/queues/rx-0/rps_cpus
}

set_up()
{
	modprobe -a algif_skcipher aesni_intel && lab_setup "$tmp/lab" && lab_certificates &&
		lab_namespace client && lab_feed && lab_kntsd_conf && modprobe knts &&
		lab_kntsd && steer
}

library_served()
{
	local library

	library=$(counter aes-library)
	echo "of $((2 * count)) requests, the library served $library"
	((library > 0 && library < 2 * count))
}

[ "$(nproc)" -gt 1 ] || skip_all "this takes two CPUs"
chmod 755 "$tmp"
ok "kntsd, chronyd and the module serve" set_up
ok "while nobody else uses them: every reply is right" ask
ok "and the CPU's instructions served all" equal "$(counter aes-library)" 0
ok "on a CPU busy with them: every reply is right" ask_while_busy
ok "with AES-GCM-SIV, too" ask_while_busy --aead 30
ok "the library served some, and was counted" library_served
ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
