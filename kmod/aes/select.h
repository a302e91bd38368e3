/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which backend serves AES: the machine's own instructions, where there are any
 * and the vector registers are free, else the kernel's library.
 */
#ifndef KNTS_AES_SELECT_H
#define KNTS_AES_SELECT_H

#include <linux/types.h>

/**
 * knts_aes_init() - look what the machine can do
 *
 * Context: once, before all others.
 */
void knts_aes_init(void);

/**
 * knts_aes_begin() - take the vector registers, if they are to be had
 *
 * Until knts_aes_end() the machine's instructions serve on this CPU. Whatever
 * is expanded in such a section is to be used and wiped in it too; a key that
 * is expanded outside of any serves everywhere.
 *
 * Up to Linux 6.14 a softirq may have interrupted somebody else's section, and
 * then the library has to do.
 *
 * Context: softirqs disabled; nothing in a section may sleep, not on PREEMPT_RT
 * either.
 * Return: whether there is a section to be ended.
 */
bool knts_aes_begin(void);

/**
 * knts_aes_end() - give the vector registers back
 */
void knts_aes_end(void);

#endif
