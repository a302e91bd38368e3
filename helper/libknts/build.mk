# SPDX-License-Identifier: GPL-2.0-or-later
# For programs of other people; knts.pc says how they are linked.
LIBRARY := $(B)/libknts.a

$(LIBRARY): $(LIBKNTS:%.c=$(B)/obj/%.o)
	@mkdir -p $(@D)
	@echo "  AR      $@"
	@rm -f $@
	@$(AR) rcsD $@ $^
