// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "reference.h"

#define WORDS_MAX 60

static uint8_t times_x(uint8_t a)
{
	return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1b : 0));
}

static uint8_t multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (; b; b >>= 1, a = times_x(a))
		if (b & 1)
			product ^= a;

	return product;
}

static uint8_t rotated(uint8_t a, int by)
{
	return (uint8_t)(a << by | a >> (8 - by));
}

/* FIPS 197, 5.1.1: the inverse, and an affine transformation of it. */
static uint8_t substitute(uint8_t a)
{
	uint8_t inverse = 1;
	int i;

	for (i = 0; i < 254; i++)
		inverse = multiply(inverse, a);

	return inverse ^ rotated(inverse, 1) ^ rotated(inverse, 2) ^
	       rotated(inverse, 3) ^ rotated(inverse, 4) ^ 0x63;
}

static const uint8_t *s_box(void)
{
	static uint8_t box[256];
	int i;

	if (!box[0])
		for (i = 0; i < 256; i++)
			box[i] = substitute((uint8_t)i);

	return box;
}

/* FIPS 197, 5.2. Return: how many rounds. */
static unsigned int expand(const uint8_t *key, size_t key_len,
			   uint8_t (*word)[4])
{
	unsigned int words = (unsigned int)key_len / 4, rounds = words + 6;
	const uint8_t *box = s_box();
	uint8_t constant = 1, last[4], first;
	unsigned int i, k;

	memcpy(word, key, key_len);
	for (i = words; i < 4 * (rounds + 1); i++) {
		memcpy(last, word[i - 1], 4);
		if (i % words == 0) {
			first = last[0];
			last[0] = box[last[1]] ^ constant;
			last[1] = box[last[2]];
			last[2] = box[last[3]];
			last[3] = box[first];
			constant = times_x(constant);
		} else if (words > 6 && i % words == 4) {
			for (k = 0; k < 4; k++)
				last[k] = box[last[k]];
		}
		for (k = 0; k < 4; k++)
			word[i][k] = word[i - words][k] ^ last[k];
	}

	return rounds;
}

static void add_round_key(uint8_t *block, uint8_t (*word)[4])
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		block[i] ^= word[i / 4][i % 4];
}

static void substitute_and_shift(uint8_t *block)
{
	const uint8_t *box = s_box();
	uint8_t was[16];
	unsigned int i;

	memcpy(was, block, 16);
	for (i = 0; i < 16; i++)
		block[i] = box[was[(i + 4 * (i % 4)) % 16]];
}

static void mix_columns(uint8_t *block)
{
	uint8_t a[4];
	unsigned int i, k;

	for (i = 0; i < 16; i += 4) {
		memcpy(a, block + i, 4);
		for (k = 0; k < 4; k++)
			block[i + k] = multiply(a[k], 2) ^
				       multiply(a[(k + 1) % 4], 3) ^
				       a[(k + 2) % 4] ^ a[(k + 3) % 4];
	}
}

void reference_encrypt(const uint8_t *key, size_t key_len, uint8_t *block)
{
	uint8_t word[WORDS_MAX][4];
	unsigned int rounds = expand(key, key_len, word);
	unsigned int round;

	add_round_key(block, word);
	for (round = 1; round <= rounds; round++) {
		substitute_and_shift(block);
		if (round < rounds)
			mix_columns(block);
		add_round_key(block, word + 4 * round);
	}
}

void reference_cbcmac(const uint8_t *key, size_t key_len, const uint8_t *in,
		      size_t blocks, uint8_t *mac)
{
	unsigned int i;

	memset(mac, 0, 16);
	for (; blocks; blocks--, in += 16) {
		for (i = 0; i < 16; i++)
			mac[i] ^= in[i];
		reference_encrypt(key, key_len, mac);
	}
}

static void count(uint8_t *counter, int is_32)
{
	int i;

	if (is_32)
		for (i = 0; i < 4 && !++counter[i]; i++)
			;
	else
		for (i = 15; i >= 0 && !++counter[i]; i--)
			;
}

void reference_ctr(const uint8_t *key, size_t key_len, const uint8_t *iv,
		   int is_32, uint8_t *buf, size_t len)
{
	uint8_t counter[16], stream[16];
	size_t i;

	memcpy(counter, iv, 16);
	for (i = 0; i < len; i++) {
		if (i % 16 == 0) {
			memcpy(stream, counter, 16);
			reference_encrypt(key, key_len, stream);
			count(counter, is_32);
		}
		buf[i] ^= stream[i % 16];
	}
}
