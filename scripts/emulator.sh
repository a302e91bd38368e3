# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How a guest runs in QEMU, whatever its root: source this file in a script that
# defines boot(), which calls start_guest, and the variables named there.
#
# In the folder $results a guest leaves output, kernel.log and guest/status, the exit
# code of its command; "knts-guest: command begins" in the log says that it is up.
# shellcheck disable=SC2034,SC2154 # what the script has: tree, command, mem, image ...

cache=${XDG_CACHE_HOME:-$HOME/.cache}/knts
PATH=$PATH:/usr/sbin:/sbin

accel=
qemu=
threads=multi
qemu_pid=
tail_pid=

say()
{
	echo "${0##*/}: $*" >&2
}

die()
{
	say "$*"
	exit 125
}

usage_error()
{
	say "$*"
	say "'scripts/${0##*/} --help' lists the options"
	exit 2
}

# need_tools TOOL...
need_tools()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed: make deps installs it"
	done
}

# Before 8.1 an emulator may run code that another of its CPUs has just patched: a
# kernel that switches a static key then dies of its own breakpoint ("Oops: int3").
# There the CPUs take turns.
find_qemu()
{
	qemu=$("$tree/scripts/qemu") && return
	qemu='qemu-system-x86_64'
	threads=single
	say "with this QEMU the guest's CPUs take turns"
}

# make_results FOLDER: a folder that one guest writes to, and one for what is gone
# when it ends.
make_results()
{
	work=$(mktemp -d "${TMPDIR:-/tmp}/knts-${0##*/}.XXXXXX")
	chmod 755 "$work"
	trap 'stop_guest; rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM
	mkdir -p "$1/guest"
	results=$(cd "$1" && pwd)
	exec 7>"$results/guest/lock"
	flock -n 7 || die "another guest writes to $results: give --results another folder"
}

# write_command [NAME=VALUE]...: what the guest runs, in the present folder.
write_command()
{
	{
		[ $# = 0 ] || printf 'export %q\n' "$@"
		printf 'cd %q || exit 125\n' "$PWD"
		printf 'exec'
		printf ' %q' "${command[@]}"
		echo
	} >"$results/guest/command"
}

# Start QEMU in the background with the arguments given: $mem MiB, kernel $image,
# $initrd, its kernel log in $1.
start_qemu()
{
	local log=$1

	shift
	setpriv --pdeathsig KILL "$qemu" \
		-nodefaults -no-user-config -display none -no-reboot \
		-machine q35 -m "$mem" -kernel "$image" -initrd "$initrd" \
		-chardev "file,id=log,path=$log" -serial chardev:log \
		"$@" </dev/null 2>"$work/qemu.err" &
	qemu_pid=$!
}

# Where instructions are counted, string instructions should not be of single octets:
# each step counts as one.
counted_cpu=erms=off,fsrm=off

# Page tables of five levels cost an emulator a sixth of its speed. An emulated
# TSC is in step on all CPUs, but the kernel does not know and would use the HPET.
emulated_cpu=max,la57=off
kernel_options="console=ttyS0 loglevel=7 panic=-1 printk.devkmsg=on tsc=reliable"

# /dev/kvm may be there and hang, so the first program of a guest must be reached
# within seconds. The answer holds until the machine is booted anew.
probe_accel()
{
	local boot answer
	local deadline=$((SECONDS + 10))

	boot=$(cat /proc/sys/kernel/random/boot_id)
	if answer=$(cat "$cache/accel-$boot" 2>/dev/null); then
		accel=$answer
		return
	fi
	accel=tcg
	if [ -w /dev/kvm ]; then
		start_qemu "$work/probe.log" -accel kvm -cpu host -append "$kernel_options"
		disown "$qemu_pid"
		while [ $SECONDS -lt $deadline ] && kill -0 "$qemu_pid" 2>/dev/null &&
			[ $accel = tcg ]; do
			sleep 0.1
			! grep -q "Run /init as init process" "$work/probe.log" || accel=kvm
		done
		kill -KILL "$qemu_pid" 2>/dev/null || true
		qemu_pid=
	fi
	say "KVM probed: guests run under $accel"
	rm -f "$cache"/accel-*
	echo "$accel" >"$cache/accel-$boot"
}

# Two guests at once on one machine; the lock lives as long as QEMU.
take_slot()
{
	local waited=

	while :; do
		for slot in 1 2; do
			exec 8>"$cache/guest-slot-$slot"
			! flock -n 8 || return 0
		done
		[ -n "$waited" ] || say "two guests run already: waiting for one of them to end"
		waited=yes
		sleep 0.5
	done
}

# start_guest OPTION...: QEMU with these options and the share "results"; what the
# guest puts out is shown.
start_guest()
{
	rm -f "$results/guest/status"
	: >"$results/output"
	: >"$results/kernel.log"
	start_qemu "$results/kernel.log" "$@" -device virtio-rng-pci \
		-virtfs "$share,mount_tag=results,path=$results"
	tail -c +1 -f -s 0.2 --pid "$qemu_pid" "$results/output" 2>/dev/null &
	tail_pid=$!
}

# How a folder of the host becomes a guest's.
share=local,security_model=none,multidevs=remap

# accel_options: QEMU's options for $accel, one line each.
accel_options()
{
	case $accel in
	tcg) printf '%s\n' -accel "tcg,thread=$threads" -cpu "$emulated_cpu" ;;
	kvm) printf '%s\n' -accel kvm -cpu host ;;
	esac
}

stop_guest()
{
	[ -z "$qemu_pid" ] || kill -KILL "$qemu_pid" 2>/dev/null || true
	[ -z "$tail_pid" ] || wait "$tail_pid" 2>/dev/null || true
	qemu_pid=
	tail_pid=
}

command_began()
{
	grep -q "knts-guest: command begins" "$results/kernel.log"
}

# Wait until the guest ends. Returns 1 if it dies or stays silent for 60 s before the
# command begins: about 1 boot in 130 under emulation never comes up.
watch()
{
	local deadline=$((SECONDS + timeout))
	local silent_since=$SECONDS
	local size=0 new began=

	while kill -0 "$qemu_pid" 2>/dev/null; do
		sleep 0.1
		if [ $SECONDS -ge $deadline ]; then
			stop_guest
			say "the $timeout s of --timeout are over: guest ended"
			check_kernel_log || true
			exit 124
		fi
		[ -z "$began" ] || continue
		if command_began; then
			began=yes
			continue
		fi
		new=$(stat -c %s "$results/kernel.log")
		[ "$new" = "$size" ] || silent_since=$SECONDS
		size=$new
		[ $((SECONDS - silent_since)) -lt 60 ] || return 1
	done
	[ -n "$began" ] || command_began || return 1
	wait "$tail_pid" || true
	tail_pid=
	qemu_pid=
}

# What no test may leave in the kernel log once the command has begun.
complaints='WARNING:|BUG:|BUG |Oops|Kernel panic|general protection fault|Call Trace:'
complaints+='|possible recursive locking|possible circular locking|inconsistent lock state'
complaints+='|suspicious RCU usage|INFO: task .* blocked|INFO: .*lock held|rcu.*(stall|starved)'
complaints+='|unregister_netdevice: waiting|refcount_t:|ref_tracker|leaked reference'
complaints+='|KASAN|KCSAN|UBSAN|kmemleak|soft lockup|hard LOCKUP|scheduling while atomic'
complaints+='|Objects remaining|sleeping function called'

check_kernel_log()
{
	local found

	found=$(sed '1,/knts-guest: command begins/d' "$results/kernel.log" |
		grep -anE "$complaints" | head -n 20) || true
	[ -n "$found" ] || return 0
	say "the kernel log complains ($results/kernel.log):"
	echo "$found" >&2
	return 1
}

# Boot, wait, and exit with the command's exit code; 1 also if the log complains.
run_guest()
{
	local status

	take_slot
	[ -n "$accel" ] || probe_accel
	boot
	if ! watch; then
		stop_guest
		cat "$work/qemu.err" >&2
		say "the guest did not come up: it is started once more"
		boot
		watch || true
	fi
	if [ ! -s "$results/guest/status" ]; then
		stop_guest
		check_kernel_log || true
		cat "$work/qemu.err" >&2
		tail -n 15 "$results/kernel.log" >&2
		die "the guest died without a result: $results/kernel.log"
	fi
	status=$(cat "$results/guest/status")
	if ! check_kernel_log && [ "$status" = 0 ]; then
		status=1
	fi
	exit "$status"
}
