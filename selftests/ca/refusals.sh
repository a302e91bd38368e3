#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What knts-ca refuses: each time one sentence, and nothing changed.
#
# Functions and quoted scripts are run by ok, which shellcheck cannot see.
# shellcheck disable=SC2016,SC2317

set -u -o pipefail
# shellcheck source=selftests/ca/tap.sh
. "$(dirname -- "$0")/tap.sh"
unset KNTS_CA_DIR KNTS_CA_PASSWORD
cd "$tmp" || exit 1

"$knts_ca" init --dir lab --no-password >/dev/null || exit 1
sums=$(cd lab && sha256sum ./*)

# bad_name NAME SENTENCE: what follows NAME in the sentence.
bad_name() {
	ok "name ${1@Q}" fails 2 "${1@Q}$2" "$knts_ca" issue --dir lab -- "$1"
}

# bad_usage SENTENCE ARGUMENT...
bad_usage() {
	local sentence=$1

	shift
	ok "usage: ${*@Q}" fails 2 "$sentence" "$knts_ca" "$@"
}

# bad_state NAME SENTENCE ARGUMENT...
bad_state() {
	local name=$1 sentence=$2

	shift 2
	ok "$name" fails 1 "$sentence" "$knts_ca" "$@"
}

label() {
	echo " has the label '$1': a label is 1 to 63 letters, digits and hyphens, with no hyphen at either end"
}

readonly NO_IPV4=" ends in a number and is no IPv4 address: an address is like 192.0.2.1, a name like ntp.example.org"
readonly NO_IPV6=" is no IPv6 address: it must be like 2001:db8::1, with no port and no brackets"
readonly LEFTMOST=": a wildcard is the whole leftmost label, like *.example.org"
readonly NO_SPACE=" has a space or a control character: give each name as an argument of its own, like ntp.example.org 192.0.2.1"
readonly NO_SLASH=" has a '/': give one address, like 192.0.2.1, not a network, a path or a URL"

test_names() {
	local name

	for name in 192.0.2.256 192.0.2 010.0.0.1 192.0.2.1.5; do
		bad_name "$name" "$NO_IPV4"
	done
	for name in 2001:db8:1 1::2::3 12345::1 ::ffff:192.0.2.256 1:::2 \
		1:2:3:4:5:6:7::8 1:2:3:4:5:6:7:8: :1:2:3:4:5:6:7:8 2001:db8::g \
		'[2001:db8::1]' ntp.example.org:4460; do
		bad_name "$name" "$NO_IPV6"
	done
	for name in '*' 'ntp*.example.org' 'a.*.example.org' '*.*.example.org'; do
		bad_name "$name" "$LEFTMOST"
	done
	for name in 'ntp example' $'a.example\ndns.9 = b' $'::1\ndns.9 = b' ' '; do
		bad_name "$name" "$NO_SPACE"
	done
	for name in 192.0.2.0/24 https://ntp.example.org ../ca; do
		bad_name "$name" "$NO_SLASH"
	done
	bad_name a..example "$(label '')"
	bad_name .example "$(label '')"
	bad_name -a.example "$(label -a)"
	bad_name a-.example "$(label a-)"
	bad_name a_b.example "$(label a_b)"
	name=$(printf 'a%.0s' {1..64})
	bad_name "$name" "$(label "$name")"
	name=$(printf 'a.%.0s' {1..127})
	bad_name "${name}" " has 254 characters: a DNS name has at most 253"
	bad_name '*.org' ": a wildcard needs two labels to its right, like *.example.org"
	bad_name ntp.example.org. " ends in a dot: give the name without it, like ntp.example.org"
	bad_name bücher.example " has characters outside ASCII: give the name as its A-label, like xn--bcher-kva.example"
	bad_name fe80::1%eth0 " has a zone: an address in a certificate has none, like fe80::1"
	bad_name '' " is no name: it must be like ntp.example.org, 192.0.2.1 or 2001:db8::1"
	bad_name ca " would take the root key's file name: give another name first"
	ok "one bad name among good ones" fails 2 "'a_b'$(label a_b)" \
		"$knts_ca" issue --dir lab good.example a_b 192.0.2.1
}

test_usage() {
	bad_usage "unknown command 'renew': it must be init or issue" renew
	bad_usage "unknown option '--force': knts-ca --help lists them" \
		issue --dir lab --force n.example
	bad_usage "--days needs a value" issue --days
	bad_usage "--days needs a value that is not empty" issue --days= n.example
	bad_usage "--days '0': it must be a number from 1 to 36500" \
		issue --dir lab --days 0 n.example
	bad_usage "--days '36501': it must be a number from 1 to 36500" \
		issue --dir lab --days 36501 n.example
	bad_usage "--key 'rsa1024': it must be rsa2048, rsa3072, p256, p384 or ed25519" \
		issue --dir lab --key rsa1024 n.example
	bad_usage "--name 'a/CN=b': it must be 1 to 64 letters, digits, spaces and .:()_-, with a letter or digit first" \
		init --dir new --name a/CN=b
	bad_usage "issue needs at least one name, like ntp.example.org, 192.0.2.1 or 2001:db8::1" \
		issue --dir lab
	bad_usage "init takes no name, but got 'n.example': names belong to knts-ca issue" \
		init --dir new n.example
	bad_usage "--no-password and --password-file exclude each other" \
		init --dir new --no-password --password-file x
	bad_usage "--out belongs to issue: init writes to --dir" init --dir new --out x
	bad_usage "--name belongs to init" issue --dir lab --name x n.example
	bad_usage "--no-password belongs to init: server keys never have one" \
		issue --dir lab --no-password n.example
	ok "usage: none at all is told, with code 2" eval \
		'"$knts_ca" 2>told; (($? == 2)) && grep "^Usage: knts-ca init" told'
	ok "usage: --help is told, with code 0" eval \
		'"$knts_ca" --help >help && grep "^Usage: knts-ca init" help &&
		"$knts_ca" issue --help | cmp - help'
}

test_state() {
	local never="is there already and is never overwritten: choose another --dir, or move it away"

	bad_state "init over a CA" "lab/ca.key $never" init --dir lab --no-password
	mkdir half && cp lab/ca.pem half
	bad_state "init over a root certificate" "half/ca.pem $never" \
		init --dir half --no-password
	bad_state "issue without a CA" \
		"no CA that can be read in half: knts-ca init makes one, --dir names another" \
		issue --dir half n.example
	"$knts_ca" init --dir other --no-password >/dev/null
	cp other/ca.key half
	bad_state "issue with the key of another CA" \
		"cannot sign the certificate: $tmp/half/ca.key is not the key of $tmp/half/ca.pem" \
		issue --dir half n.example
	echo rubbish >half/ca.pem
	bad_state "issue with rubbish for a root certificate" \
		"$tmp/half/ca.pem is no certificate: it must be the CA's root certificate in PEM" \
		issue --dir half n.example
	mkdir lab/d.example.key
	ok "issue over a directory" refuses "$knts_ca" issue --dir lab d.example
	rmdir lab/d.example.key
	ok "refusals leave nothing half-written" equal \
		"$(find half new -mindepth 1 2>/dev/null | sort | tr '\n' ' ')" \
		"half/ca.key half/ca.pem "
}

test_names
test_usage
test_state
ok "refusals change nothing" equal "$(cd lab && sha256sum ./*)" "$sums"
ok "refusals leave no working files" eval '! ls -d {lab,half}/.knts-ca.*'
done_testing
