/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's AES library.
 *
 * Up to 6.19 a struct crypto_aes_ctx holds the schedules of both directions,
 * made by aes_expandkey(). 7.0 brought struct aes_enckey for encryption alone,
 * with aes_encrypt() a macro that takes either; from 7.1 on there is a header
 * of its own for AES-CMAC. Goes when 6.19 is no longer served.
 */
#ifndef KNTS_COMPAT_AES_H
#define KNTS_COMPAT_AES_H

#include <crypto/aes.h>

#ifdef aes_encrypt
#define KNTS_COMPAT_AES_ENCKEY
#elif defined(__has_include)
#if __has_include(<crypto/aes-cbc-macs.h>)
#define KNTS_COMPAT_AES_ENCKEY
#endif
#endif

#ifdef KNTS_COMPAT_AES_ENCKEY
typedef struct aes_enckey knts_compat_aes_key;
#define knts_compat_aes_expand aes_prepareenckey
#else
typedef struct crypto_aes_ctx knts_compat_aes_key;
#define knts_compat_aes_expand aes_expandkey
#endif

#endif
