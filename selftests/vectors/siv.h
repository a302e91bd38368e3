/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Published test vectors, in hexadecimal: CMAC from RFC 4493, 4 and NIST SP
 * 800-38B, appendix D; SIV from RFC 5297, appendix A.
 */
#ifndef KNTS_VECTORS_SIV_H
#define KNTS_VECTORS_SIV_H

struct cmac_vector {
	const char *key;
	unsigned int text_len;
	const char *mac;
};

/* All CMAC vectors take the first octets of this text. */
#define CMAC_VECTOR_TEXT                                                   \
	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" \
	"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

#define CMAC_VECTOR_KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define CMAC_VECTOR_KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define CMAC_VECTOR_KEY_256          \
	"603deb1015ca71be2b73aef0857d7781" \
	"1f352c073b6108d72d9810a30914dff4"

static const struct cmac_vector cmac_vectors[] = {
	{ CMAC_VECTOR_KEY_128, 16, "070a16b46b4d4144f79bdd9dd04a287c" },
	{ CMAC_VECTOR_KEY_128, 40, "dfa66747de9ae63030ca32611497c827" },
	{ CMAC_VECTOR_KEY_128, 64, "51f0bebf7e3b9d92fc49741779363cfe" },
	{ CMAC_VECTOR_KEY_192, 16, "9e99a7bf31e710900662f65e617c5184" },
	{ CMAC_VECTOR_KEY_192, 40, "8a1de5be2eb31aad089a82e6ee908b0e" },
	{ CMAC_VECTOR_KEY_192, 64, "a1d5df0eed790f794d77589659f39a11" },
	{ CMAC_VECTOR_KEY_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c" },
	{ CMAC_VECTOR_KEY_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6" },
	{ CMAC_VECTOR_KEY_256, 64, "e1992190549f6ed5696a2c056c315410" },
};

/* RFC 4493, 4: the subkeys of CMAC_VECTOR_KEY_128. */
#define CMAC_VECTOR_SUBKEY_1 "fbeed618357133667c85e08f7236a8de"
#define CMAC_VECTOR_SUBKEY_2 "f7ddac306ae266ccf90bc11ee46d513b"

/* RFC 5297, A.1: deterministic, one string of associated data. */
#define SIV_VECTOR_A1_KEY                  \
	"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0" \
	"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define SIV_VECTOR_A1_AD "101112131415161718191a1b1c1d1e1f2021222324252627"
#define SIV_VECTOR_A1_TEXT "112233445566778899aabbccddee"
#define SIV_VECTOR_A1_SEALED               \
	"85632d07c6e8f37f950acd320a2ecc93" \
	"40c02b9690c4dc04daef7f6afe5c"

/* RFC 5297, A.2: with a nonce, two strings of associated data. */
#define SIV_VECTOR_A2_KEY                  \
	"7f7e7d7c7b7a79787776757473727170" \
	"404142434445464748494a4b4c4d4e4f"
#define SIV_VECTOR_A2_AD1                                                  \
	"00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa9988" \
	"7766554433221100"
#define SIV_VECTOR_A2_AD2 "102030405060708090a0"
#define SIV_VECTOR_A2_NONCE "09f911029d74e35bd84156c5635688c0"
#define SIV_VECTOR_A2_TEXT                                                 \
	"7468697320697320736f6d6520706c61696e7465787420746f20656e63727970" \
	"74207573696e67205349562d414553"
#define SIV_VECTOR_A2_SEALED                                               \
	"7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17" \
	"dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d"

#endif
