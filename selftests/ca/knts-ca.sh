#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What knts-ca makes: keys, certificates, modes, renewal, passwords.
#
# Functions and quoted scripts are run by ok, which shellcheck cannot see.
# shellcheck disable=SC2016,SC2034,SC2317

set -u -o pipefail
# shellcheck source=selftests/ca/tap.sh
. "$(dirname -- "$0")/tap.sh"
unset KNTS_CA_DIR KNTS_CA_PASSWORD
cd "$tmp" || exit 1

readonly ALL_NAMES=(ntp.example.org '*.pool.example.org' 192.0.2.7 2001:db8::7)

files_in() {
	(cd "$1" && find . -mindepth 1 -printf '%P\n' | sort | tr '\n' ' ')
}

modes_in() {
	(cd "$1" && find . -printf '%m %P\n' | sort -k 2 | tr '\n' ';')
}

public_key_of_chain() {
	openssl x509 -in "$1" -noout -pubkey
}

# pair_matches STEM: the key is that of the chain's first certificate.
pair_matches() {
	equal "$(openssl pkey -in "$1.key" -pubout)" \
		"$(public_key_of_chain "$1.chain.pem")"
}

# extension FILE NAME: its line "critical or not" and its value.
extension() {
	openssl x509 -in "$1" -noout -ext "$2" | sed 's/^ *//; s/ *$//' |
		tr '\n' '|'
}

verify() {
	openssl verify -x509_strict -purpose sslserver "$@"
}

serial() {
	openssl x509 -in "$1" -noout -serial
}

# --- each kind of key --------------------------------------------------------

root_is_sound() {
	equal "$(extension "$1" basicConstraints)" \
		"X509v3 Basic Constraints: critical|CA:TRUE, pathlen:0|" &&
		equal "$(extension "$1" keyUsage)" \
			"X509v3 Key Usage: critical|Certificate Sign, CRL Sign|" &&
		extension "$1" subjectKeyIdentifier | grep . &&
		openssl verify -x509_strict -CAfile "$1" "$1"
}

server_is_sound() {
	local usage='Digital Signature'

	[[ $2 != rsa* ]] || usage+=', Key Encipherment'
	openssl x509 -in "$1" -noout -text | grep 'Version: 3 (0x2)' >/dev/null &&
		equal "$(extension "$1" basicConstraints)" \
			"X509v3 Basic Constraints: critical|CA:FALSE|" &&
		equal "$(extension "$1" keyUsage)" \
			"X509v3 Key Usage: critical|$usage|" &&
		equal "$(extension "$1" extendedKeyUsage)" \
			"X509v3 Extended Key Usage:|TLS Web Server Authentication|" &&
		extension "$1" subjectKeyIdentifier | grep . &&
		equal "$(extension "$1" authorityKeyIdentifier | cut -d '|' -f 2)" \
			"$(extension ca.pem subjectKeyIdentifier | cut -d '|' -f 2)"
}

is_of_kind() {
	openssl pkey -in "$1" -noout -text | sed -n 1,3p | tr '\n' ' ' | case $2 in
	rsa*) grep "Private-Key: (${2#rsa} bit" ;;
	p*) grep "Private-Key: (${2#p} bit)" ;;
	ed25519) grep "ED25519 Private-Key" ;;
	esac
}

chain_is_in_order() {
	equal "$(openssl crl2pkcs7 -nocrl -certfile "$1" |
		openssl pkcs7 -print_certs -noout | sed -n 's/ = /=/; s/^subject=//p')" \
		"CN=ntp.example.org"$'\n'"CN=Test CA"
}

for_every_name() {
	verify -CAfile ca.pem -verify_hostname ntp.example.org "$1" &&
		verify -CAfile ca.pem -verify_hostname a.pool.example.org "$1" &&
		verify -CAfile ca.pem -verify_ip 192.0.2.7 "$1" &&
		verify -CAfile ca.pem -verify_ip 2001:db8::7 "$1"
}

for_no_other_name() {
	refuses verify -CAfile ca.pem -verify_hostname www.example.org "$1" &&
		refuses verify -CAfile ca.pem -verify_ip 192.0.2.8 "$1" &&
		refuses verify -CAfile ca.pem -verify_ip 2001:db8::8 "$1"
}

test_kind() {
	local kind=$1 chain=ntp.example.org.chain.pem

	# The caller's umask must not matter.
	umask 0
	ok "$kind: init" "$knts_ca" init --dir "$tmp/$kind" --no-password \
		--key "$kind" --name 'Test CA'
	ok "$kind: issue" "$knts_ca" issue --dir "$tmp/$kind" --key "$kind" \
		"${ALL_NAMES[@]}"
	umask 022
	cd "$tmp/$kind" || return
	ok "$kind: modes" equal "$(modes_in .)" \
		"700 ;600 ca.key;644 ca.pem;644 $chain;600 ntp.example.org.key;"
	ok "$kind: both keys are of that kind" eval \
		"is_of_kind ca.key $kind && is_of_kind ntp.example.org.key $kind"
	ok "$kind: root certificate" root_is_sound ca.pem
	ok "$kind: server certificate" server_is_sound "$chain" "$kind"
	ok "$kind: key and certificate match" pair_matches ntp.example.org
	ok "$kind: the chain is server, then CA" chain_is_in_order "$chain"
	ok "$kind: valid for every name, strictly" for_every_name "$chain"
	ok "$kind: valid for no other name" for_no_other_name "$chain"
	cd "$tmp" || return
}

for kind in rsa2048 rsa3072 p256 p384 ed25519; do
	test_kind "$kind"
done

# --- names and files ---------------------------------------------------------

long=$(printf 'a%.0s' {1..60}).$(printf 'b%.0s' {1..60}).example
"$knts_ca" init --dir lab --no-password >/dev/null || exit 1

test_files() {
	ok "names: a wildcard's and an IPv6 address's file names" eval \
		'"$knts_ca" issue --dir lab "*.Example.org" &&
		"$knts_ca" issue --dir lab ::1 && pair_matches lab/_.example.org &&
		pair_matches lab/__1'
	ok "names: one too long for a common name" eval \
		'"$knts_ca" issue --dir lab $long &&
		verify -CAfile lab/ca.pem -verify_hostname $long lab/$long.chain.pem'
	ok "out: a directory that is made, and told to the operator" eval \
		'"$knts_ca" issue --dir lab --out etc/tls out.example >told &&
		grep -F "certificate-chain-path = \"$tmp/etc/tls/out.example.chain.pem\"" told &&
		grep -F "private-key-path = \"$tmp/etc/tls/out.example.key\"" told &&
		grep -F "ntstrustedcerts" told && grep -F "certificate-authority" told'
	ok "out: modes" equal "$(modes_in etc)" \
		"755 ;700 tls;644 tls/out.example.chain.pem;600 tls/out.example.key;"
	ok "dir: from KNTS_CA_DIR" env KNTS_CA_DIR=lab "$knts_ca" issue env.example
	ok "dir: the mode of one that was there stays" eval \
		'mkdir -m 755 old && "$knts_ca" init --no-password --dir old &&
		equal "$(modes_in old)" "755 ;600 ca.key;644 ca.pem;"'
	ok "serial numbers differ and are long" eval \
		'(serial lab/ca.pem; serial lab/__1.chain.pem
		serial lab/env.example.chain.pem) | sort -u | grep -cE "=.{28,40}$" |
		grep -x 3'
}
test_files

# --- validity ----------------------------------------------------------------

lasts() {
	local start end

	start=$(openssl x509 -in "$1" -noout -startdate) &&
		end=$(openssl x509 -in "$1" -noout -enddate) &&
		equal $((($(date -d "${end#*=}" +%s) - \
			$(date -d "${start#*=}" +%s)) / 86400)) "$2"
}

test_days() {
	ok "days: defaults" eval \
		'lasts lab/ca.pem 3650 && lasts lab/__1.chain.pem 1825'
	"$knts_ca" init --dir short --no-password --days 30 >/dev/null
	ok "days: of the root" lasts short/ca.pem 30
	ok "days: the default ends with the root" eval \
		'"$knts_ca" issue --dir short n.example &&
		lasts short/n.example.chain.pem 29'
	ok "days: of the server" eval \
		'"$knts_ca" issue --dir short --days 7 n.example &&
		lasts short/n.example.chain.pem 7'
	ok "days: beyond the root is refused" fails 2 \
		"--days 31 goes beyond the root certificate: it must be at most 29" \
		"$knts_ca" issue --dir short --days 31 n.example
}
test_days

# --- renewal -----------------------------------------------------------------

test_renewal() {
	local old_serial old_key old_chain opened

	"$knts_ca" issue --dir lab r.example >/dev/null
	old_serial=$(serial lab/r.example.chain.pem)
	old_key=$(cat lab/r.example.key)
	old_chain=$(cat lab/r.example.chain.pem)
	exec {opened}<lab/r.example.chain.pem
	((EUID != 0)) || chown nobody lab/r.example.key
	ok "renewal: says so" eval \
		'"$knts_ca" issue --dir lab r.example | grep "^Renewed .* r.example"'
	ok "renewal: new key, new serial number" eval \
		"[[ '$old_serial' != \$(serial lab/r.example.chain.pem) ]] &&
		[[ '$old_key' != \$(cat lab/r.example.key) ]]"
	ok "renewal: the new pair matches" pair_matches lab/r.example
	ok "renewal: who has the old chain open still reads all of it" equal \
		"$(cat <&"$opened")" "$old_chain"
	exec {opened}<&-
	if ((EUID == 0)); then
		ok "renewal: the key keeps its owner and is for him alone" equal \
			"$(stat -c '%U %a' lab/r.example.key)" "nobody 600"
	else
		skip "renewal: the key keeps its owner and is for him alone" \
			"only root can give a file away"
	fi
	for _ in 1 2 3 4; do
		"$knts_ca" issue --dir lab r.example >/dev/null &
	done
	wait
	ok "renewal: of several at a time, one pair remains" pair_matches \
		lab/r.example
	ok "renewal: leaves no working files" eval '! ls -d lab/.knts-ca.*'
}
test_renewal

# --- passwords ---------------------------------------------------------------

locked() {
	grep -x -e '-----BEGIN ENCRYPTED PRIVATE KEY-----' "$1/ca.key" &&
		refuses openssl pkey -in "$1/ca.key" -noout -passin pass:wrong &&
		openssl pkey -in "$1/ca.key" -noout -passin 'pass:right horse'
}

# at_prompt COMMAND...: runs it in the background on a terminal of its own,
# whose keyboard is the file descriptor $keys.
at_prompt() {
	rm -f keyboard
	mkfifo keyboard
	# What the shell puts in the background is deaf to Ctrl-C otherwise.
	timeout 30 env --default-signal=INT script -qec "$*" /dev/null \
		<keyboard >screen 2>&1 &
	pid=$!
	exec {keys}>keyboard
}

# appears PATTERN: waits for a file of that name.
appears() {
	for _ in {1..200}; do
		compgen -G "$1" >/dev/null && return
		sleep 0.05
	done
	return 1
}

test_passwords() {
	printf 'right horse\nsecond line\n' >right
	echo wrong >wrong
	ok "password: init from a file" "$knts_ca" init --dir pw --password-file right
	ok "password: opens the root key, another doesn't" locked pw
	ok "password: issue from a file" \
		"$knts_ca" issue --dir pw --password-file right n.example
	ok "password: issue from a pipe" eval \
		'"$knts_ca" issue --dir pw --password-file <(cat right) n.example'
	ok "password: init and issue from the environment" eval \
		'export KNTS_CA_PASSWORD="right horse"
		"$knts_ca" init --dir pwenv && locked pwenv &&
		"$knts_ca" issue --dir pwenv n.example; rc=$?
		unset KNTS_CA_PASSWORD; ((rc == 0))'
	ok "password: a wrong one is one sentence" fails 1 \
		"cannot sign the certificate: the password does not open $tmp/pw/ca.key" \
		"$knts_ca" issue --dir pw --password-file wrong other.example
	ok "password: no terminal to ask on" fails 1 \
		"no terminal to ask for the root key's password on: give --password-file FILE or set KNTS_CA_PASSWORD" \
		setsid -w "$knts_ca" issue --dir pw other.example
	ok "password: a wrong one or none leaves nothing half-written" equal \
		"$(files_in pw)" "ca.key ca.pem n.example.chain.pem n.example.key "
	ok "password: too short" fails 1 \
		"the root key's password has 3 characters: it must have at least 4" \
		"$knts_ca" init --dir nopw --password-file <(echo abc)
	ok "password: empty" fails 1 \
		"the first line of /dev/null is empty: it must be the root key's password" \
		"$knts_ca" init --dir nopw --password-file /dev/null
	ok "password: a refused one makes no directory" test ! -e nopw
	ok "password: init asks for it" eval \
		'at_prompt "$knts_ca" init --dir asked
		printf "%s\n%s\n%s\n" "right horse" "right horse" "right horse" >&$keys
		wait $pid; rc=$?; exec {keys}>&-; cat screen; ((rc == 0)) && locked asked'
}

test_at_prompt() {
	local before

	before=$(cat pw/n.example.key pw/n.example.chain.pem)
	at_prompt "umask 0; '$knts_ca' issue --dir pw n.example"
	appears 'pw/.knts-ca.*/csr'
	ok "prompt: unfinished files are for their owner alone" equal \
		"$(stat -c %a pw/.knts-ca.* pw/.knts-ca.*/key | tr '\n' ' ')" "700 600 "
	ok "prompt: the old pair is in place meanwhile" equal "$before" \
		"$(cat pw/n.example.key pw/n.example.chain.pem)"
	# openssl may ask once more after the first Ctrl-C.
	while kill -0 "$pid" 2>/dev/null; do
		printf '\003' >&"$keys"
		sleep 0.2
	done
	wait "$pid"
	exec {keys}>&-
	ok "prompt: interrupted, it leaves the old pair and nothing else" equal \
		"$(files_in pw)$(cat pw/n.example.key pw/n.example.chain.pem)" \
		"ca.key ca.pem n.example.chain.pem n.example.key $before"

	mkdir -m 700 pw/.knts-ca.killed
	cp pw/n.example.key pw/.knts-ca.killed/key
	ok "prompt: what a killed run left is cleaned up by the next" eval \
		'"$knts_ca" issue --dir pw --password-file right n.example &&
		[[ ! -e pw/.knts-ca.killed ]]'
}

test_passwords
if [[ -n $(type -P script) ]]; then
	test_at_prompt
else
	skip "prompt: what can be seen while it asks" "script is not installed"
fi

done_testing
