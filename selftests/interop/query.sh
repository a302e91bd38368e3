# shellcheck shell=bash disable=SC2154 # names of tap.sh and lab.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests of kntsctl query, sourced by them after tap.sh and scripts/lab.sh: it asks
# from the namespace "client", and its JSON is held to its schema each time.

query_schema=$lab_tree/helper/kntsctl/schema/query.json

# ask_query CODE HOST [OPTION]...: it ends with CODE; its JSON is in $tmp/query.json.
ask_query()
{
	local code=$1 rc=0
	local -a trust=(--ca "$lab/ca/ca.pem")

	shift
	[[ " $* " != *" --plain "* && " $* " != *" --ca "* ]] || trust=()
	ip netns exec client "$lab_bin/kntsctl" query "${trust[@]}" --interval 0 \
		--timeout 5 --json "$@" >"$tmp/query.json" 2>"$tmp/query.err" || rc=$?
	if [ "$rc" != "$code" ]; then
		echo "exit code $rc instead of $code"
		cat "$tmp/query.json" "$tmp/query.err"
		return 1
	fi
	python3 -c 'import json, sys, jsonschema
schema, value = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.Draft202012Validator(schema).validate(value)' "$query_schema" "$tmp/query.json"
}

# json_of CONDITION: so is python's view of the last JSON, o.
json_of()
{
	python3 -c "import json; o = json.load(open('$tmp/query.json')); assert $1, o"
}

# good HOST CONDITION [OPTION]...: nothing is wrong, and the condition holds.
good()
{
	local host=$1 condition=$2

	shift 2
	ask_query 0 "$host" "$@" &&
		json_of "o['good'] and o['stage'] == 'none' and o['problem'] is None and ($condition)"
}

# wrong STAGE WORDS HOST [OPTION]...: the problem begins with these words.
wrong()
{
	local stage=$1 words=$2

	shift 2
	ask_query 1 "$@" && STAGE=$stage WORDS=$words json_of \
		"not o['good'] and o['stage'] == __import__('os').environ['STAGE'] and \
o['problem'].startswith(__import__('os').environ['WORDS'])"
}

# ends CODE LINE HOST [OPTION]...: so does the text for people.
ends()
{
	local code=$1 line=$2 said rc=0

	shift 2
	said=$(ip netns exec client "$lab_bin/kntsctl" query --ca "$lab/ca/ca.pem" "$@") || rc=$?
	echo "$said"
	equal "$rc: ${said##*$'\n'}" "$code: $line"
}
