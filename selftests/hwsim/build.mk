# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the guest's scripts run on the simulated NICs.

hwsim_program = $(call test_program,hwsim/$1,\
	$(addprefix selftests/hwsim/,$2 sim.c) $(GUEST_COMMON),$(GUEST_PKGS))

$(call hwsim_program,self,self.c self_faults.c self_wire.c crossing.c)
$(call hwsim_program,pending,pending.c crossing.c)
$(call hwsim_program,serve,serve.c)
$(call hwsim_program,line,line.c)
$(call hwsim_program,stream,stream.c)
$(call test_program,hwsim/step,selftests/hwsim/step.c,)
$(call test_program,hwsim/judge,\
	$(addprefix selftests/hwsim/,judge.c exchange.c column.c sim.c),libm)
