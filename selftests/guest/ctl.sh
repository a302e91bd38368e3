# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests of kntsctl, sourced by them after lib.sh: what a command says.

# shellcheck disable=SC2034,SC2154 # build and tmp come from lib.sh
kntsctl=$build/kntsctl
ctl_schema=$(dirname "${BASH_SOURCE[0]}")/schema.py

# says CODE TEXT COMMAND...: it exits with CODE and prints exactly TEXT.
says()
{
	local code=$1 text=$2 said rc=0

	shift 2
	said=$("$@" 2>&1 </dev/null) || rc=$?
	[ "$rc: $said" = "$code: $text" ] && return
	printf 'got:      %s\nexpected: %s\n' "$rc: $said" "$code: $text"
	return 1
}

# has PATTERN COMMAND...: a line of its output matches; its exit code is shown.
has()
{
	local pattern=$1 said

	shift
	said=$("$@" 2>&1 </dev/null) || echo "exit code $?"
	grep -q -- "$pattern" <<<"$said" && return
	printf 'no line has: %s\n%s\n' "$pattern" "$said"
	return 1
}

# json CONDITION COMMAND...: its output is JSON, and python's view of it, o, is so.
json()
{
	ends_json 0 "$@"
}

# ends_json CODE CONDITION COMMAND...: the same, and it exits with CODE.
ends_json()
{
	local code=$1 condition=$2 rc=0

	shift 2
	"$@" >"$tmp/json" || rc=$?
	[ "$rc" = "$code" ] || echo "exit code $rc instead of $code"
	[ "$rc" = "$code" ] &&
		python3 -c "import json; o = json.load(open('$tmp/json')); assert $condition, o"
}

# schema NAME COMMAND...: what it prints is as helper/kntsctl/schema/NAME.json says.
schema()
{
	local name=$1

	shift
	"$@" >"$tmp/schema"
	"$ctl_schema" "$name" <"$tmp/schema"
}

# refused WORDS COMMAND...: exit code 1 and one line with these words.
refused()
{
	local words=$1 said rc=0

	shift
	said=$("$@" 2>&1 </dev/null) || rc=$?
	[ "$rc" = 1 ] && [[ $said == "kntsctl: "*"$words"* ]] &&
		[ "$(wc -l <<<"$said")" = 1 ] && echo "$said" && return
	printf 'exit code %s, without "%s": %s\n' "$rc" "$words" "$said"
	return 1
}

# lacks WORD COMMAND...: it succeeds, and its output has no such word.
lacks()
{
	local word=$1

	shift
	"$@" >"$tmp/lacks" && ! grep -- "$word" "$tmp/lacks"
}
