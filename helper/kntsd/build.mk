# SPDX-License-Identifier: GPL-2.0-or-later
KNTSD := helper/kntsd
KNTSD_CONFIG := $(addprefix $(KNTSD)/,config.c config_comments.c \
	config_keymaster.c config_phcs.c config_position.c config_servers.c \
	config_value.c)
KNTSD_KEYS := $(addprefix $(KNTSD)/,keyring.c keys.c keystore.c)
KNTSD_CLOCK := $(addprefix $(KNTSD)/,clock.c clock_adjtimex.c clock_chrony.c \
	clock_fixed.c clock_ntp.c clock_state.c)
KNTSD_KE := $(addprefix $(KNTSD)/,certs.c certs_check.c expiry.c ipc.c \
	ke_connection.c ke_failure.c ke_message.c ke_place.c ke_seals.c \
	ke_server.c ke_setup.c ke_stats.c ke_status.c listeners.c monitor.c \
	renewal.c tls.c tls_front.c watch.c worker.c worker_filter.c \
	worker_setup.c workers.c)
KNTSD_PHC := $(addprefix $(KNTSD)/,phc.c phc_device.c phc_fit.c phc_line.c \
	phc_lower.c phc_reader.c phc_track.c)
KNTSD_REST := $(addprefix $(KNTSD)/,activation.c clients.c command.c control.c \
	daemon.c interleave.c log.c main.c notify.c reload.c servers.c)

$(call program,kntsd,$(KNTSD_CONFIG) $(KNTSD_KEYS) $(KNTSD_CLOCK) $(KNTSD_KE) \
	$(KNTSD_PHC) $(KNTSD_REST) $(LIBKNTS) $(CORE),$(CORE_PKGS) $(LIBKNTS_PKGS) json-c \
	libcap-ng libconfuse libcrypto libssl libevent_core \
	libm libseccomp libsystemd)

config_test = $(call unit_test,$1,selftests/unit/$2 selftests/unit/config_text.c \
	$(KNTSD_CONFIG) helper/libknts/address.c,libconfuse libevent_core)
$(call config_test,config,test_config.c)
$(call config_test,config-values,test_config_values.c)
$(call unit_test,activation,selftests/unit/test_activation.c \
	selftests/unit/config_text.c $(KNTSD_CONFIG) helper/libknts/address.c \
	$(addprefix $(KNTSD)/,activation.c listeners.c log.c),libconfuse \
	libevent_core libsystemd)
$(call unit_test,keystore,selftests/unit/test_keystore.c \
	$(addprefix $(KNTSD)/,keyring.c keystore.c),libcrypto)
$(call unit_test,keys,selftests/unit/test_keys.c $(KNTSD_KEYS) $(KNTSD)/log.c \
	$(CORE),$(CORE_PKGS) libcrypto libevent_core)
$(call unit_test,clock,selftests/unit/test_clock.c \
	$(filter-out %/clock.c,$(KNTSD_CLOCK)),)
$(call unit_test,clock-feed,selftests/unit/test_clock_feed.c $(KNTSD_CLOCK) \
	$(KNTSD)/log.c,libcrypto libevent_core)
$(call unit_test,ke-message,selftests/unit/test_ke_message.c selftests/ke/cases.c \
	$(KNTSD)/ke_message.c $(CLIENT_AEAD),$(CLIENT_PKGS))
$(call unit_test,phc-line,selftests/unit/test_phc_line.c \
	$(addprefix $(KNTSD)/,phc_fit.c phc_line.c),libm)
$(call unit_test,servers,selftests/unit/test_servers.c $(KNTSD)/servers.c \
	$(KNTSD)/log.c helper/libknts/address.c,)
$(call unit_test,control,selftests/unit/test_control.c $(KNTSD)/control.c,\
	libevent_core json-c)
$(call unit_test,worker-filter,selftests/unit/test_worker_filter.c \
	$(KNTSD)/worker_filter.c,libseccomp)
