#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Namespaces and life: loading opens nothing; two namespaces have nothing of each
# other's; servers, keys, devices, namespaces and the module go while requests
# pour in, and leave neither a message nor a reference.
#
# shellcheck disable=SC2317 # some functions are called through "ok"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

# listeners: UDP sockets, here and in the server's namespace.
listeners()
{
	ss -uanH
	ip netns exec server ss -uanH
}

unreferenced()
{
	equal "$(cat /sys/module/knts/refcnt)" 0
}

# run PROGRAM NAMES: its own results, and what it must not leave.
run()
{
	log_mark
	"$build/selftests/guest/$1" || ((tap_failed += 1))
	ok "$2: the kernel log is silent" log_silent
}

ns_pair server client second
ns_pair other otherclient
doomed=()
for n in 1 2 3; do
	ns_pair "doomed$n" "hunter$n"
	doomed+=("hunter$n")
done

before=$(listeners)
ok "the module loads" modprobe knts
ok "and opens nothing" equal "$(listeners)" "$before"
run apart "two namespaces"
ns_delete other otherclient
ok "a namespace with servers goes: no reference" unreferenced
run nonces "malformed requests"
run under_load "control under load"
ok "control under load: no reference" unreferenced
run ending "namespaces and the module end"
rmdir /sys/fs/cgroup/knts-usage
ok "the module is unloaded" test ! -d /sys/module/knts
ok "nothing is open" equal "$(listeners)" "$before"
ns_delete server client second "${doomed[@]}"
done_testing
