# SPDX-License-Identifier: GPL-2.0-or-later
# libknts.a; who links it adds $(LIBKNTS) and $(LIBKNTS_LIBS).

LIBKNTS := $(B)/libknts.a
LIBKNTS_LIBS := $(shell $(PKG_CONFIG) --libs libnl-genl-3.0)
LIBKNTS_CFLAGS := $(shell $(PKG_CONFIG) --cflags libnl-genl-3.0)

LIBKNTS_SRCS := address.c clock.c conn.c event.c names.c refusal.c ring.c \
	server.c stats.c
LIBKNTS_OBJS := $(LIBKNTS_SRCS:%.c=$(B)/helper/libknts/%.o)

$(LIBKNTS_OBJS): $(B)/helper/libknts/%.o: helper/libknts/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(LIBKNTS_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIBKNTS): $(LIBKNTS_OBJS)
	rm -f $@
	$(AR) rcs $@ $^

-include $(LIBKNTS_OBJS:.o=.d)
