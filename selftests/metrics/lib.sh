# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# knts with kntsctl exporter and a Prometheus, on a simulated NIC that stamps in
# hardware, with an interleaved chronyd as client. Source this file, in a guest.

# shellcheck source=scripts/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lab.sh"

metrics_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
metrics_grafana=$metrics_here/../../helper/grafana
metrics_exporter=127.0.0.1:10123
metrics_url=http://127.0.0.1:9090

# metrics_service DIR
metrics_service()
{
	lab_setup "$1" hwsim0 && lab_certificates && lab_feed && lab_kntsd_conf &&
		echo "hardware-timestamps hwsim0 { }" >>"$lab/kntsd.conf" &&
		lab_namespace client hwsim1 && modprobe knts &&
		{ lab_kntsd || lab_wait 40 lab_serving; } &&
		lab_wait 20 grep -q 1 /sys/class/net/hwsim0/carrier &&
		lab_client client "v4.$LAB_NAME" xleave minpoll -4 maxpoll -4
}

# metrics_export DIR [LISTEN]: start an exporter, with no privilege if $as_nobody is set;
# its process is $metrics_pid.
metrics_export()
{
	local -a unprivileged=(setpriv --reuid 65534 --regid 65534 --clear-groups)

	: >"$1/exporter.log"
	KNTS_CONTROL=${lab:-$1}/control ${as_nobody:+"${unprivileged[@]}"} \
		"$lab_bin/kntsctl" exporter --listen "${2:-$metrics_exporter}" 2>"$1/exporter.log" &
	# shellcheck disable=SC2034 # read by those who source this
	metrics_pid=$!
	lab_wait 10 grep -q serving "$1/exporter.log"
}

# metrics_get URL: print what is there.
metrics_get()
{
	python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1], None, 10).read().decode(), end="")' "$1"
}

# metrics_prometheus FOLDER DIR: start the one whose programs are in FOLDER; its
# process is $metrics_pid.
metrics_prometheus()
{
	cat >"$2/prometheus.yml" <<-CONF
		global: { scrape_interval: 1s, evaluation_interval: 1s }
		rule_files: [ "$(cd "$metrics_grafana" && pwd)/alerts.yml" ]
		scrape_configs:
		  - job_name: knts
		    static_configs: [ { targets: [ "$metrics_exporter" ] } ]
	CONF
	"$1/prometheus" --config.file "$2/prometheus.yml" --storage.tsdb.path "$2/tsdb" \
		--web.listen-address "${metrics_url#http://}" >"$2/prometheus.log" 2>&1 &
	# shellcheck disable=SC2034 # read by those who source this
	metrics_pid=$!
	lab_wait 60 metrics_get "$metrics_url/-/ready"
}

# metrics_exchanges SECONDS: one key exchange after the other, with pauses.
metrics_exchanges()
{
	local deadline=$((SECONDS + $1))

	while [ $SECONDS -lt $deadline ]; do
		ip netns exec client "$lab_bin/selftests/bench/ke-load" \
			"$LAB_IPV4" 4460 1 0.1 || true
		sleep 0.5
	done
}

# metrics_load SECONDS RATE: NTS requests at that rate, half as many without NTS, key
# exchanges, and what strays to a server.
metrics_load()
(
	client=(ip netns exec client)
	load=("${client[@]}" "$lab_bin/selftests/bench/load" --seconds "$1")
	"${load[@]}" --label plain --rate $(($2 / 2)) "$LAB_IPV4" &
	"${load[@]}" --label NTS --rate "$2" --ke 4460 "$LAB_IPV4" &
	"${client[@]}" "$metrics_here/stray" "$LAB_IPV4" "$1" &
	metrics_exchanges "$1" &
	wait
)

# metrics_end PID: it ends well when it is told to.
metrics_end()
{
	kill "$1" && wait "$1"
}
