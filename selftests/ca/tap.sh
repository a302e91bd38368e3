# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the CA's tests, sourced by them: TAP, and what they have in common.

# shellcheck source=selftests/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../tap.sh"
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # read by those who source this
knts_ca=$here/../../scripts/knts-ca

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
