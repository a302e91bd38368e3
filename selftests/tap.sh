# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TAP for tests in shell, which source this: results, a plan, and a folder that
# goes when the test ends.

tmp=$(mktemp -d) || exit 1
trap 'rm -rf -- "$tmp"' EXIT

tap_count=0
tap_failed=0

# ok NAME COMMAND...: the command succeeds. What it says is shown if it fails.
ok()
{
	local name=$1

	shift
	((tap_count += 1))
	if "$@" >"$tmp/output" 2>&1; then
		echo "ok $tap_count - $name"
		return
	fi
	((tap_failed += 1))
	echo "not ok $tap_count - $name"
	echo "# failed: $*"
	sed 's/^/# /' "$tmp/output"
}

# skip NAME REASON
skip()
{
	((tap_count += 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# skip_all REASON: the whole test cannot run here.
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

# done_testing: the plan, and an exit code that says whether all went well.
done_testing()
{
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}

# equal GOT EXPECTED
equal()
{
	[[ $1 == "$2" ]] && return
	printf 'got:      %s\nexpected: %s\n' "$1" "$2"
	return 1
}
