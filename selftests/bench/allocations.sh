# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the kernel allocates again and again while programs of one name run, and in
# softirqs that come in between: octets, by the tracepoints of slab and page
# allocator. Source this file.

allocations_events=/sys/kernel/tracing/events/kmem

# allocations_trigger SIGN NAME: set ('') or take back ('!') the histograms.
allocations_trigger()
{
	local event

	for event in kmalloc kmem_cache_alloc; do
		echo "$1hist:keys=call_site:vals=bytes_alloc if comm == \"$2\"" \
			>"$allocations_events/$event/trigger"
	done
	# Movable pages are userspace's.
	echo "$1hist:keys=order if comm == \"$2\" && !(gfp_flags & 8)" \
		>"$allocations_events/mm_page_alloc/trigger"
}

# allocations_begin NAME
allocations_begin()
{
	mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
	allocations_trigger '' "$1"
}

# allocations_end NAME COUNT: print the octets for each of COUNT requests. Places that
# allocated for fewer than a quarter of them are those of a program's start and end.
allocations_end()
{
	cat "$allocations_events"/{kmalloc,kmem_cache_alloc,mm_page_alloc}/hist |
		tr -d '{},' | awk -v count="$2" '
		function after(name) {
			match($0, name ": *[0-9]+")
			return substr($0, RSTART + length(name) + 1, RLENGTH) + 0
		}
		!/hitcount:/ || after("hitcount") * 4 < count { next }
		/bytes_alloc:/ { octets += after("bytes_alloc"); next }
		{ octets += after("hitcount") * 4096 * 2 ^ after("order") }
		END { printf "%d\n", octets / count }'
	allocations_trigger '!' "$1"
}
