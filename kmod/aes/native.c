// SPDX-License-Identifier: GPL-2.0-only
#include "native.h"
#include "vec.h"

#define BLOCK KNTS_AES_BLOCK_LEN
#define ROUNDS_MAX 14
/* As many blocks as go side by side. */
#define LANES 8
/* As many key expansions as do. */
#define EXPAND_LANES 4
/* What is indexed by lane stays in registers only if such loops are unrolled. */
#define FOR_EACH_LANE(i, lanes) \
	_Pragma("GCC unroll 8") \
	for (i = 0; i < (lanes); i++)
/* All but the first and the last. */
#define FOR_EACH_ROUND(r, rounds) \
	_Pragma("GCC unroll 10") \
	for (r = 1; r < (rounds); r++)

/**
 * struct schedule - an expanded key
 * @round: round keys, @rounds + 1 of them
 * @word: the same by words
 * @rounds: 10, 12 or 14
 */
struct schedule {
	union {
		vec round[ROUNDS_MAX + 1];
		u32 word[4 * (ROUNDS_MAX + 1)];
	};
	u32 rounds;
};

_Static_assert(sizeof(struct schedule) <= KNTS_NATIVE_KEY_LEN,
	       "a schedule does not fit its part of a key");
_Static_assert(sizeof(struct knts_aes_key) >= KNTS_NATIVE_KEY_LEN,
	       "a key has no room for a schedule");

static const u8 round_constants[] = { 0x01, 0x02, 0x04, 0x08, 0x10,
				      0x20, 0x40, 0x80, 0x1b, 0x36 };

static inline struct schedule *schedule_of(struct knts_aes_key *key)
{
	return (struct schedule *)key->opaque;
}

static inline const struct schedule *const_schedule_of(const struct knts_aes_key *key)
{
	return (const struct schedule *)key->opaque;
}

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
		s->round[i] = vec_of_halves(0, 0);
	s->rounds = 0;
	/* So that these stores are made. */
	__asm__ __volatile__("" : : "r"(s) : "memory");
}

VEC_INLINE void encrypt_rounds(const struct schedule *s, vec *block,
			       const unsigned int lanes,
			       const unsigned int rounds)
{
	unsigned int i, r;

	FOR_EACH_LANE(i, lanes)
		block[i] = vec_whiten(block[i], s->round[0]);
	FOR_EACH_ROUND(r, rounds)
		FOR_EACH_LANE(i, lanes)
			block[i] = vec_round(block[i], s->round[r - 1],
					     s->round[r]);
	FOR_EACH_LANE(i, lanes)
		block[i] = vec_last(block[i], s->round[rounds - 1],
				    s->round[rounds]);
}

/* Encrypt @lanes blocks under one key. */
VEC_INLINE void encrypt_lanes(const struct schedule *s, vec *block,
			      const unsigned int lanes)
{
	if (s->rounds == 10)
		encrypt_rounds(s, block, lanes, 10);
	else
		encrypt_rounds(s, block, lanes, s->rounds);
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

/* @blocks blocks of each of @lanes chains, whose keys are of one length. */
VEC_INLINE void chain_lanes(struct knts_aes_chain *const *chains, size_t blocks,
			    const unsigned int lanes, const unsigned int rounds)
{
	const struct schedule *s[LANES];
	const u8 *in[LANES];
	vec mac[LANES];
	unsigned int i, r;

	FOR_EACH_LANE(i, lanes) {
		s[i] = const_schedule_of(chains[i]->key);
		in[i] = chains[i]->in;
		mac[i] = vec_load(chains[i]->mac);
		chains[i]->in += blocks * BLOCK;
		chains[i]->blocks -= blocks;
	}
	for (; blocks; blocks--) {
		FOR_EACH_LANE(i, lanes) {
			mac[i] = vec_whiten(mac[i] ^ vec_load(in[i]),
					    s[i]->round[0]);
			in[i] += BLOCK;
		}
		FOR_EACH_ROUND(r, rounds)
			FOR_EACH_LANE(i, lanes)
				mac[i] = vec_round(mac[i], s[i]->round[r - 1],
						   s[i]->round[r]);
		FOR_EACH_LANE(i, lanes)
			mac[i] = vec_last(mac[i], s[i]->round[rounds - 1],
					  s[i]->round[rounds]);
	}
	FOR_EACH_LANE(i, lanes)
		vec_store(chains[i]->mac, mac[i]);
}

VEC_INLINE void chain_any(struct knts_aes_chain *const *chains, size_t blocks,
			  unsigned int lanes, const unsigned int rounds)
{
	switch (lanes) {
	case 1:
		return chain_lanes(chains, blocks, 1, rounds);
	case 2:
		return chain_lanes(chains, blocks, 2, rounds);
	case 3:
		return chain_lanes(chains, blocks, 3, rounds);
	case 4:
		return chain_lanes(chains, blocks, 4, rounds);
	case 5:
		return chain_lanes(chains, blocks, 5, rounds);
	case 6:
		return chain_lanes(chains, blocks, 6, rounds);
	case 7:
		return chain_lanes(chains, blocks, 7, rounds);
	case 8:
		return chain_lanes(chains, blocks, 8, rounds);
	}
}

/* With as many rounds as there mostly are the compiler can do more. */
static void chain_rounds(struct knts_aes_chain *const *chains, size_t blocks,
			 unsigned int lanes, unsigned int rounds)
{
	if (rounds == 10)
		chain_any(chains, blocks, lanes, 10);
	else
		chain_any(chains, blocks, lanes, rounds);
}

/* Return: whether there is more to do. */
static inline bool chain_goes_on(struct knts_aes_chain *chain)
{
	if (chain->blocks)
		return true;
	if (!chain->then_blocks)
		return false;
	chain->in = chain->then;
	chain->blocks = chain->then_blocks;
	chain->then_blocks = 0;
	return true;
}

/*
 * Run the first @awaited of up to LANES chains to their ends, and the others as
 * far as that takes. All have something to do, and keys of @rounds rounds.
 */
static void chain_group(struct knts_aes_chain **chains, unsigned int lanes,
			unsigned int awaited, unsigned int rounds)
{
	unsigned int i, left, left_awaited;
	size_t blocks;

	while (awaited) {
		blocks = chains[0]->blocks;
		for (i = 1; i < lanes; i++)
			if (chains[i]->blocks < blocks)
				blocks = chains[i]->blocks;
		chain_rounds(chains, blocks, lanes, rounds);

		left = 0;
		left_awaited = 0;
		for (i = 0; i < lanes; i++) {
			if (!chain_goes_on(chains[i]))
				continue;
			left_awaited += i < awaited;
			chains[left++] = chains[i];
		}
		awaited = left_awaited;
		lanes = left;
	}
}

static u32 rounds_of(const struct knts_aes_chain *chain)
{
	return const_schedule_of(chain->key)->rounds;
}

void knts_native_cbcmac(struct knts_aes_chain *const *chains,
			unsigned int count, struct knts_aes_chain *along)
{
	struct knts_aes_chain *group[LANES];
	unsigned int lanes, awaited, i = 0;
	u32 rounds;

	if (count == 1 && !along) {
		while (chain_goes_on(chains[0]))
			chain_rounds(chains, chains[0]->blocks, 1,
				     rounds_of(chains[0]));
		return;
	}
	while (i < count) {
		rounds = rounds_of(chains[i]);
		for (lanes = 0; i < count && lanes < LANES - 1; i++) {
			if (rounds_of(chains[i]) != rounds)
				break;
			if (chain_goes_on(chains[i]))
				group[lanes++] = chains[i];
		}
		awaited = lanes;
		if (along && rounds_of(along) == rounds && chain_goes_on(along))
			group[lanes++] = along;
		chain_group(group, lanes, awaited, rounds);
		along = NULL;
	}
}

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
	block = vec_of_halves(__builtin_bswap64(counter->high),
			      __builtin_bswap64(counter->low));
	counter->high += !++counter->low;
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
	vec_store(last, vec_of_halves(0, 0));
	__asm__ __volatile__("" : : "r"(last) : "memory");
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

void knts_native_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		     const u8 *in, size_t len)
{
	const struct counter counter = {
		.high = knts_get_be64(iv),
		.low = knts_get_be64(iv + 8),
	};

	ctr(const_schedule_of(key), counter, out, in, len, false);
}

void knts_native_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		       const u8 *in, size_t len)
{
	struct counter counter;

	memcpy(&counter.low, iv, sizeof(counter.low));
	memcpy(&counter.high, iv + 8, sizeof(counter.high));
	ctr(const_schedule_of(key), counter, out, in, len, true);
}
