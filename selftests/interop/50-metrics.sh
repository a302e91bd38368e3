#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# time limit: 1500 s
#
# A real Prometheus scrapes kntsctl exporter, while chronyd, a load of NTP requests
# and of key exchanges, and stray packets keep knts and kntsd busy, on a NIC that
# stamps in hardware: every query of the dashboard has data that is plausible, and
# no alert fires. Then nothing happens, and all numbers agree with kntsctl's.
#
# shellcheck disable=SC2317 # most functions are called through "ok"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=selftests/metrics/lib.sh
. "$here/../metrics/lib.sh"

prometheus=$("$here/../../scripts/prometheus" 2>/dev/null) ||
	skip_all "no Prometheus can be had"

# One more load, and near its end the queries.
queries()
{
	local load wrong=0

	metrics_load 45 50 >"$tmp/load" 2>&1 &
	load=$!
	sleep 40
	ask_queries || wrong=1
	wait "$load"
	return "$wrong"
}

ask_queries()
{
	"$metrics_here/queries" --prometheus "$metrics_url" "$metrics_grafana/knts.json" \
		"$metrics_grafana/alerts.yml" >"$tmp/queries"
}

scrape()
{
	metrics_get "http://${1:-$metrics_exporter}/metrics" >"$tmp/metrics"
}

# Nothing happens any more: the same numbers twice.
numbers_agree()
{
	lab_quit_client client
	sleep 3
	lab_ctl stats --json >"$tmp/stats" &&
		lab_ctl stats --histogram --json >"$tmp/histograms" &&
		lab_ctl status --json >"$tmp/status" && scrape &&
		"$metrics_here/agree" "$tmp/metrics" "$tmp/stats" "$tmp/histograms" "$tmp/status"
}

has()
{
	scrape "${@:2}" && grep -qxF "$1" "$tmp/metrics" && return
	cat "$tmp/metrics"
	return 1
}

check_metrics()
{
	scrape && [ -z "$("$prometheus/promtool" check metrics <"$tmp/metrics" 2>&1)" ]
}

serves_ipv6()
{
	mkdir "$tmp/six" && metrics_export "$tmp/six" '[::1]:10124' &&
		has "knts_up 1" '[::1]:10124' && metrics_end "$metrics_pid"
}

refuses()
{
	local said

	said=$(timeout 5 "$lab_bin/kntsctl" exporter --listen "$1" 2>&1)
	equal "$?: $said" "$2: kntsctl: $3"
}

refused_by_kernel()
{
	mkdir -m 777 "$tmp/nobody" && as_nobody=yes metrics_export "$tmp/nobody" &&
		has "knts_up 0" && grep "^kntsctl: " "$tmp/nobody/exporter.log" &&
		grep -q "privilege\|permit" "$tmp/nobody/exporter.log"
	metrics_end "$metrics_pid"
}

# Silent connections are many: who comes when they are gone is served.
bounded()
{
	python3 - <<-'PYTHON' && has "knts_up 1"
		import socket
		many = [socket.create_connection(('127.0.0.1', 10123), 5) for _ in range(70)]
	PYTHON
}

kill_kntsd()
{
	kill "$lab_kntsd_pid" && wait "$lab_kntsd_pid"
	lab_kntsd_pid=
}

chmod 755 "$tmp"
ok "the simulated NICs are there" modprobe knts_hwsim
ok "the exporter serves where nothing else does" metrics_export "$tmp"
ok "then kntsd is not up" has "kntsd_up 0"
ok "and the reason is in the log" grep -q "^kntsctl: kntsd does not run" "$tmp/exporter.log"
ok "it ends" metrics_end "$metrics_pid"
ok "without privilege knts is not up, and the log says why" refused_by_kernel
ok "the service starts" metrics_service "$tmp/lab"
ok "the exporter too" metrics_export "$tmp"
exporter_pid=$metrics_pid
ok "Prometheus starts" metrics_prometheus "$prometheus" "$tmp"
ok "every query of the dashboard has plausible data, and no alert fires" \
	lab_wait 120 queries
sed 's/^/# /' "$tmp/queries" "$tmp/load"
ok "promtool check metrics has no complaint" check_metrics
ok "all numbers are those of kntsctl" numbers_agree
ok "Prometheus ends" metrics_end "$metrics_pid"
ok "the exporter serves on IPv6" serves_ipv6
ok "its connections are bounded" bounded
ok "an address in use is refused" refuses "$metrics_exporter" 1 \
	"cannot listen on $metrics_exporter: Address already in use"
ok "nonsense is refused" refuses localhost 2 \
	"--listen 'localhost': an address and a port are wanted, such as 127.0.0.1:10123 or [::1]:10123"
ok "kntsd ends" kill_kntsd
ok "without kntsd the kernel's metrics are there" has "knts_up 1"
ok "and kntsd is down" has "kntsd_up 0"
ok "the exporter ends" metrics_end "$exporter_pid"
ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
ok "that of the NICs too" modprobe -r knts_hwsim
done_testing
