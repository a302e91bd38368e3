# SPDX-License-Identifier: GPL-2.0-or-later
# The tests' own client, for the programs that ask as one: packets, and with
# CLIENT_KE the key exchange before them.
CLIENT_AEAD := $(addprefix selftests/client/,aead.c gcmsiv.c siv.c)
CLIENT := $(addprefix selftests/client/,packet.c reply.c) $(CLIENT_AEAD)
CLIENT_PKGS := libcrypto libgcrypt
CLIENT_KE := selftests/client/ke.c $(CLIENT)
CLIENT_KE_PKGS := $(CLIENT_PKGS) libssl
