// SPDX-License-Identifier: GPL-2.0-only
#include "lanes.h"

/* As many key expansions as go side by side. */
#define EXPAND_LANES 4

static const u8 round_constants[] = { 0x01, 0x02, 0x04, 0x08, 0x10,
				      0x20, 0x40, 0x80, 0x1b, 0x36 };

static inline vec constant_of(unsigned int step)
{
	u32 c = round_constants[step];

	return vec_of_words(c, c, c, c);
}

/* FIPS 197, 5.2, of @lanes keys. */
VEC_INLINE void expand_128(struct schedule *const *s, const u8 *const *raw,
			   const unsigned int lanes)
{
	vec key[EXPAND_LANES], constant;
	unsigned int i, step;

	FOR_EACH_LANE(i, lanes) {
		key[i] = vec_load(raw[i]);
		s[i]->round[0] = key[i];
		s[i]->rounds = 10;
	}
	for (step = 0; step < 10; step++) {
		constant = constant_of(step);
		FOR_EACH_LANE(i, lanes) {
			key[i] = vec_xor_up(key[i]) ^ constant ^
				 vec_sub(vec_spread_last_rotated(key[i]));
			s[i]->round[step + 1] = key[i];
		}
	}
}

VEC_INLINE void expand_256(struct schedule *const *s, const u8 *const *raw,
			   const unsigned int lanes)
{
	vec first[EXPAND_LANES], second[EXPAND_LANES], constant;
	unsigned int i, step;

	FOR_EACH_LANE(i, lanes) {
		first[i] = vec_load(raw[i]);
		second[i] = vec_load(raw[i] + BLOCK);
		s[i]->round[0] = first[i];
		s[i]->round[1] = second[i];
		s[i]->rounds = 14;
	}
	for (step = 0; step < 7; step++) {
		constant = constant_of(step);
		FOR_EACH_LANE(i, lanes) {
			first[i] = vec_xor_up(first[i]) ^ constant ^
				   vec_sub(vec_spread_last_rotated(second[i]));
			s[i]->round[2 * step + 2] = first[i];
			if (step == 6)
				continue;
			second[i] = vec_xor_up(second[i]) ^
				    vec_sub(vec_spread_last(first[i]));
			s[i]->round[2 * step + 3] = second[i];
		}
	}
}

static u32 sub_rotated(u32 word)
{
	vec v = vec_of_words(word, word, word, word);

	return vec_first_word(vec_sub(vec_spread_last_rotated(v)));
}

static void expand_192(struct schedule *s, const u8 *raw)
{
	unsigned int i;

	memcpy(s->word, raw, 24);
	s->rounds = 12;
	for (i = 6; i < 4 * (12 + 1); i++) {
		u32 last = s->word[i - 1];

		if (i % 6 == 0)
			last = sub_rotated(last) ^ round_constants[i / 6 - 1];
		s->word[i] = s->word[i - 6] ^ last;
	}
}

VEC_INLINE void expand(struct schedule *const *s, const u8 *const *raw,
		       size_t raw_len, const unsigned int lanes)
{
	unsigned int i;

	if (raw_len == 16)
		expand_128(s, raw, lanes);
	else if (raw_len == 32)
		expand_256(s, raw, lanes);
	else
		FOR_EACH_LANE(i, lanes)
			expand_192(s[i], raw[i]);
}

void knts_native_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
			unsigned int count, size_t raw_len)
{
	struct schedule *s[EXPAND_LANES];
	unsigned int i;

	for (; count >= EXPAND_LANES; count -= EXPAND_LANES) {
		for (i = 0; i < EXPAND_LANES; i++)
			s[i] = schedule_of(keys[i]);
		expand(s, raw, raw_len, EXPAND_LANES);
		keys += EXPAND_LANES;
		raw += EXPAND_LANES;
	}
	for (i = 0; i < count; i++) {
		s[0] = schedule_of(keys[i]);
		expand(s, raw + i, raw_len, 1);
	}
}

void knts_native_wipe(struct knts_aes_key *key)
{
	struct schedule *s = schedule_of(key);
	unsigned int i;

	_Pragma("GCC unroll 15")
	for (i = 0; i <= ROUNDS_MAX; i++)
		s->round[i] = zero_block();
	s->rounds = 0;
	/* So that these stores are made. */
	__asm__ __volatile__("" : : "r"(s) : "memory");
}

VEC_INLINE void encrypt(const struct schedule *s, u8 *out, const u8 *in,
			const unsigned int lanes)
{
	vec block[LANES];
	unsigned int i;

	FOR_EACH_LANE(i, lanes)
		block[i] = vec_load(in + i * BLOCK);
	encrypt_lanes(s, block, lanes);
	FOR_EACH_LANE(i, lanes)
		vec_store(out + i * BLOCK, block[i]);
}

void knts_native_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
			 size_t blocks)
{
	const struct schedule *s = const_schedule_of(key);

	for (; blocks >= 4; blocks -= 4, in += 4 * BLOCK, out += 4 * BLOCK)
		encrypt(s, out, in, 4);
	for (; blocks; blocks--, in += BLOCK, out += BLOCK)
		encrypt(s, out, in, 1);
}

void knts_native_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
			size_t blocks)
{
	const struct schedule *s = const_schedule_of(key);
	vec chain = vec_load(mac);

	for (; blocks; blocks--, in += BLOCK) {
		chain ^= vec_load(in);
		encrypt_lanes(s, &chain, 1);
	}
	vec_store(mac, chain);
}

/**
 * struct counter - a counter block
 * @high: the half that is not counted in, unless that one wraps: as in memory
 * @low: the half that is counted in, a number
 */
struct counter {
	u64 high;
	u64 low;
};

/*
 * A big-endian counter over all of its block, or a little-endian one of 32 bits
 * at its beginning.
 */
VEC_INLINE vec next_block(struct counter *counter, const bool is_32)
{
	vec block;

	if (is_32) {
		block = vec_of_halves(counter->low, counter->high);
		counter->low = (counter->low & ~(u64)0xffffffff) |
			       (u32)(counter->low + 1);
		return block;
	}
	block = vec_of_halves(counter->high, KNTS_BE(64, counter->low));
	if (!++counter->low)
		counter->high = KNTS_BE(64, KNTS_BE(64, counter->high) + 1);
	return block;
}

/*
 * Up to @lanes blocks, @len octets. Some key stream too many costs nothing:
 * the lanes are abreast.
 */
VEC_INLINE void ctr_lanes(const struct schedule *s, struct counter *counter,
			  u8 *out, const u8 *in, size_t len,
			  const unsigned int lanes, const bool is_32)
{
	u8 last[BLOCK] __aligned(16);
	vec block[LANES];
	unsigned int i;

	FOR_EACH_LANE(i, lanes)
		block[i] = next_block(counter, is_32);
	encrypt_lanes(s, block, lanes);
	FOR_EACH_LANE(i, lanes) {
		if (len < BLOCK) {
			vec_store(last, block[i]);
			break;
		}
		vec_store(out, vec_load(in) ^ block[i]);
		out += BLOCK;
		in += BLOCK;
		len -= BLOCK;
	}
	if (!len)
		return;
	knts_xor(out, in, last, len);
	block_wipe(last);
}

VEC_INLINE void ctr(const struct schedule *s, struct counter at, u8 *out,
		    const u8 *in, size_t len, const bool is_32)
{
	for (; len > LANES * BLOCK; len -= LANES * BLOCK) {
		ctr_lanes(s, &at, out, in, LANES * BLOCK, LANES, is_32);
		out += LANES * BLOCK;
		in += LANES * BLOCK;
	}
	if (len <= BLOCK)
		ctr_lanes(s, &at, out, in, len, 1, is_32);
	else if (len <= LANES / 2 * BLOCK)
		ctr_lanes(s, &at, out, in, len, LANES / 2, is_32);
	else
		ctr_lanes(s, &at, out, in, len, LANES, is_32);
}

static u64 half_at(const u8 *p)
{
	u64 half;

	memcpy(&half, p, sizeof(half));
	return half;
}

void knts_native_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		     const u8 *in, size_t len)
{
	const struct counter counter = {
		.high = half_at(iv),
		.low = knts_get_be64(iv + 8),
	};

	ctr(const_schedule_of(key), counter, out, in, len, false);
}

void knts_native_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		       const u8 *in, size_t len)
{
	struct counter counter;

	counter.low = half_at(iv);
	counter.high = half_at(iv + 8);
	ctr(const_schedule_of(key), counter, out, in, len, true);
}
