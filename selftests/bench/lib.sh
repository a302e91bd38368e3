# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the parts of the benchmark have in common. Source this file. $BENCH_OUT is
# the folder of tables, plots and logs.

bench_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bench_tree=$(cd "$bench_here/../.." && pwd)
# shellcheck disable=SC2034 # for who sources this
bench_bin=$bench_tree/build/selftests/bench
BENCH_OUT=${BENCH_OUT:-$bench_tree/build/bench}
PATH=$PATH:/usr/sbin:/sbin

say()
{
	echo "${0##*/}: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# bench_table NAME COLUMN...: begin NAME.tsv.
bench_table()
{
	bench_tsv=$BENCH_OUT/$1.tsv
	shift
	mkdir -p "$BENCH_OUT"
	bench_line "$@" >"$bench_tsv"
}

# bench_line FIELD...: with tabs between.
bench_line()
{
	local IFS=$'\t'

	echo "$*"
}

# bench_row FIELD...: one more line of it.
bench_row()
{
	bench_line "$@" >>"$bench_tsv"
}

# bench_wait SECONDS COMMAND...: until COMMAND succeeds; fails when time is up.
bench_wait()
{
	local deadline=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}
