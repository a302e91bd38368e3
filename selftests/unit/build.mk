# SPDX-License-Identifier: GPL-2.0-or-later
# The core's tests. Whoever tests something else adds lines of his own below.
UNIT := selftests/unit
UNIT_REFERENCE := $(UNIT)/reference.c
UNIT_SIV := selftests/client/siv.c
UNIT_EXCHANGE := $(UNIT)/exchange.c $(UNIT)/server.c \
	$(addprefix selftests/client/,packet.c reply.c siv.c)

$(call unit_test,ntp,$(UNIT)/test_ntp.c $(CORE),$(CORE_PKGS))
$(call unit_test,ef,$(UNIT)/test_ef.c $(CORE),$(CORE_PKGS))
$(call unit_test,aes,$(UNIT)/test_aes.c $(UNIT_REFERENCE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,siv,$(UNIT)/test_siv.c $(UNIT_REFERENCE) $(UNIT_SIV) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,cookie,$(UNIT)/test_cookie.c $(UNIT_SIV) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,request,$(UNIT)/test_request.c $(UNIT_EXCHANGE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,authenticator,$(UNIT)/test_authenticator.c $(UNIT_EXCHANGE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,reply,$(UNIT)/test_reply.c $(UNIT_EXCHANGE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,exchange,$(UNIT)/test_exchange.c $(UNIT_EXCHANGE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,length,$(UNIT)/test_length.c $(UNIT_EXCHANGE) $(CORE),$(CORE_PKGS) libcrypto)
$(call unit_test,ke-message,$(UNIT)/test_ke_message.c selftests/ke/cases.c helper/kntsd/ke_message.c,)
