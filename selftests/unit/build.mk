# SPDX-License-Identifier: GPL-2.0-or-later
# The core's tests. Whoever tests something else adds lines of his own below.
UNIT := selftests/unit
UNIT_SIV := selftests/client/siv.c
UNIT_REFERENCE := $(UNIT)/reference.c
UNIT_EXCHANGE := $(UNIT)/exchange.c $(UNIT)/server.c $(CLIENT)

# $(call core_test,NAME,MORE SOURCES): build/unit/NAME of test_NAME.c.
core_test = $(call unit_test,$1,$(UNIT)/test_$1.c $2 $(CORE),$(CORE_PKGS) $(CLIENT_PKGS))

$(call core_test,ntp)
$(call core_test,ef)
$(call core_test,aes,$(UNIT_REFERENCE))
$(call core_test,siv,$(UNIT_REFERENCE) $(UNIT_SIV))
$(call core_test,polyval,$(UNIT_REFERENCE))
$(call core_test,gcmsiv,$(UNIT_REFERENCE) selftests/client/gcmsiv.c)
$(call core_test,cookie,$(UNIT_SIV))
$(call core_test,request,$(UNIT_EXCHANGE))
$(call core_test,authenticator,$(UNIT_EXCHANGE))
$(call core_test,reply,$(UNIT_EXCHANGE))
$(call core_test,interleaved,$(UNIT_EXCHANGE))
$(call core_test,pairs)
$(call core_test,departure)
$(call core_test,buckets)
$(call core_test,exchange,$(UNIT_EXCHANGE))
$(call core_test,length,$(UNIT_EXCHANGE))

# The same tests of what the kernel has, where the compiler's machine has it too.
native_test = $(call unit_test,native-$1,$(UNIT)/test_$1.c $2 $(NATIVE_CORE),$(CLIENT_PKGS))

ifdef NATIVE_FLAGS
$(call native_test,aes,$(UNIT_REFERENCE))
$(call native_test,siv,$(UNIT_REFERENCE) $(UNIT_SIV))
$(call native_test,polyval,$(UNIT_REFERENCE))
$(call native_test,gcmsiv,$(UNIT_REFERENCE) selftests/client/gcmsiv.c)
$(call native_test,exchange,$(UNIT_EXCHANGE))
$(call native_test,length,$(UNIT_EXCHANGE))
endif

$(call unit_test,certs,$(UNIT)/test_certs.c selftests/ke/files.c \
	$(addprefix helper/kntsd/,certs.c certs_check.c tls.c),libcrypto libssl)
$(call unit_test,expiry,$(UNIT)/test_expiry.c helper/kntsd/expiry.c,libcrypto)
$(call unit_test,watch,$(UNIT)/test_watch.c selftests/ke/files.c \
	helper/kntsd/watch.c,libevent_core)
$(call unit_test,ke-stats,$(UNIT)/test_ke_stats.c helper/kntsd/ke_stats.c,)
