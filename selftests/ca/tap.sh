# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TAP for the CA's tests: sourced, not run.

export LC_ALL=C.UTF-8
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # read by those who source this
knts_ca=$here/../../scripts/knts-ca
tmp=$(mktemp -d) || exit 1
trap 'rm -rf -- "$tmp"' EXIT

tap_count=0
tap_failed=0

# ok NAME COMMAND...: the command succeeds. What it says is shown if it fails.
ok() {
	local name=$1

	shift
	((tap_count += 1))
	if "$@" >"$tmp/output" 2>&1 </dev/null; then
		echo "ok $tap_count - $name"
		return
	fi
	((tap_failed += 1))
	echo "not ok $tap_count - $name"
	echo "# failed: $*"
	sed 's/^/# /' "$tmp/output"
}

# skip NAME REASON
skip() {
	((tap_count += 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# done_testing: the plan, and an exit code that says whether all went well.
done_testing() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}

# equal GOT EXPECTED
equal() {
	[[ $1 == "$2" ]] && return
	printf 'got:      %s\nexpected: %s\n' "$1" "$2"
	return 1
}

# fails CODE SENTENCE COMMAND...: exits with CODE and says just that SENTENCE.
fails() {
	local code=$1 sentence=$2 said rc=0

	shift 2
	said=$("$@" 2>&1 </dev/null) || rc=$?
	equal "$rc: $said" "$code: knts-ca: $sentence"
}

# refuses COMMAND...: it exits with a code that is not 0, nor a shell's 126 and
# above.
refuses() {
	local rc=0

	"$@" || rc=$?
	((rc > 0 && rc < 126))
}
