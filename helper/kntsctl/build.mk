# SPDX-License-Identifier: GPL-2.0-or-later
KNTSCTL := helper/kntsctl
# What reads and formats; then the commands.
KNTSCTL_VIEW := $(addprefix $(KNTSCTL)/,client_rows.c client_view.c control.c \
	counters.c format.c hardware.c histogram.c histogram_view.c keys_view.c \
	object.c problems.c reading.c screen.c snapshot.c stats_view.c \
	top_view.c wrap.c) $(LIBKNTS)
KNTSCTL_METRICS := $(addprefix $(KNTSCTL)/,exporter_histogram.c exporter_kernel.c \
	exporter_kntsd.c exporter_metrics.c exporter_text.c)
KNTSCTL_SRCS := $(addprefix $(KNTSCTL)/,check_config.c clients.c clock.c complete.c \
	exporter.c exporter_http.c exporter_read.c help.c keys.c main.c monitor.c \
	options.c output.c reload.c server.c stats.c status.c top.c top_screen.c) \
	$(KNTSCTL_METRICS) $(KNTSCTL_VIEW)
KNTSCTL_PKGS := $(LIBKNTS_PKGS) json-c libm

# What query is made of.
KNTSCTL_QUERY := $(addprefix $(KNTSCTL)/,query_chain.c query_json.c query_ke.c \
	query_net.c query_ntp.c query_packet.c query_print.c query_session.c query_tls.c \
	query_verdict.c query_verdict_ntp.c) $(CORE)
KNTSCTL_QUERY_PKGS := $(CORE_PKGS) libcrypto libssl

$(call program,kntsctl,$(KNTSCTL_SRCS) $(KNTSCTL)/query.c $(KNTSCTL_QUERY),\
	$(KNTSCTL_PKGS) $(KNTSCTL_QUERY_PKGS) libevent_core libevent_extra ncurses)

$(call unit_test,address,selftests/unit/test_address.c helper/libknts/address.c)
$(call unit_test,libknts,selftests/unit/test_libknts.c $(LIBKNTS),$(LIBKNTS_PKGS))
$(call unit_test,format,selftests/unit/test_format.c $(KNTSCTL)/format.c,libm)

# $(call view_test,NAME): build/unit/NAME of what the tool shows.
view_test = $(call unit_test,$1,selftests/unit/test_$1.c $(KNTSCTL_VIEW),$(KNTSCTL_PKGS))

$(call view_test,screen)
$(call view_test,hardware)
$(call view_test,stats)
$(call view_test,histogram)
$(call view_test,clients)
$(call view_test,key_ring)
$(call unit_test,exporter,selftests/unit/test_exporter.c kmod/core/buckets.c \
	$(KNTSCTL_METRICS),json-c libevent_core libm)
$(call unit_test,query-ke,selftests/unit/test_query_ke.c $(KNTSCTL)/query_ke.c,)
$(call unit_test,query-packet,selftests/unit/test_query_packet.c \
	$(KNTSCTL)/query_packet.c selftests/unit/exchange.c selftests/unit/server.c $(CLIENT) \
	$(CORE),$(CORE_PKGS) $(CLIENT_PKGS))
$(call unit_test,query,selftests/unit/test_query.c $(KNTSCTL)/format.c $(KNTSCTL_QUERY),\
	$(KNTSCTL_QUERY_PKGS) json-c libm)
$(call view_test,top)
$(call unit_test,options,selftests/unit/test_options.c $(addprefix $(KNTSCTL)/,complete.c \
	help.c options.c output.c) $(KNTSCTL_VIEW),$(KNTSCTL_PKGS))
