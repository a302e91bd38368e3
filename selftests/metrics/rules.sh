#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prometheus's own tool on the metrics' text and on the alerts, and on each alert's
# firing; dashboard and alerts ask for nothing that there is not.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$here/../..
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"

prometheus=$("$tree/scripts/prometheus" 2>/dev/null) || skip_all "no Prometheus can be had"
text=$tree/selftests/vectors/metrics/whole.prom
grafana=$tree/helper/grafana

# no_complaint COMMAND...: it succeeds and says nothing.
no_complaint()
{
	local said

	said=$("$@" 2>&1) && [ -z "$said" ] && return
	echo "$said"
	return 1
}

check_metrics()
{
	"$prometheus/promtool" check metrics <"$text"
}

# The file of tests names the rules beside it.
test_rules()
{
	# shellcheck disable=SC2154 # tmp comes from tap.sh
	cp "$grafana/alerts.yml" "$here/alerts_test.yml" "$tmp/" &&
		"$prometheus/promtool" test rules "$tmp/alerts_test.yml"
}

ok "promtool check metrics has no complaint" no_complaint check_metrics
ok "promtool check rules takes the alerts" "$prometheus/promtool" check rules "$grafana/alerts.yml"
ok "every alert fires when it should, and not before" test_rules
ok "dashboard and alerts ask for what there is" "$here/queries" --metrics "$text" \
	"$grafana/knts.json" "$grafana/alerts.yml"
done_testing
