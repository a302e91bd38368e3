/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Every way in which a packet can end. One list: outcome, drop reason and name
 * of the counter are the same thing, and kntsctl explains each by its text. A
 * second one for what is counted beside: where its timestamps came from, and
 * what else is worth knowing.
 */
#ifndef KNTS_CORE_VERDICT_H
#define KNTS_CORE_VERDICT_H

/* V(symbol, counter's name, what it tells an operator) */
#define KNTS_VERDICTS(V)                                                                \
	V(ANSWER_PLAIN, "answer-plain", "answered without NTS")                         \
	V(ANSWER_NTS, "answer-nts", "answered with NTS")                                \
	V(KISS_NTSN_KEY, "kiss-ntsn-key", "NTSN: the cookie's key is not in the ring")  \
	V(KISS_NTSN_COOKIE, "kiss-ntsn-cookie", "NTSN: the cookie does not open")       \
	V(KISS_NTSN_AUTH, "kiss-ntsn-auth", "NTSN: the request is not authentic")       \
	V(KISS_DENY, "kiss-deny", "DENY: a request without NTS where it is required")   \
	V(DROP_NTS_REQUIRED, "drop-nts-required", "no NTS where it is required")        \
	V(DROP_SOURCE, "drop-source", "sent from or to an address that gets no reply")  \
	V(DROP_OWN_PORT, "drop-own-port", "sent from the server's own port number")     \
	V(DROP_SHORT, "drop-short", "shorter than an NTP header")                       \
	V(DROP_LONG, "drop-long", "longer than any NTP request")                        \
	V(DROP_VERSION, "drop-version", "NTP version 0, or above 4")                    \
	V(DROP_MODE, "drop-mode", "not a client's request (mode 3)")                    \
	V(DROP_LENGTH, "drop-length", "length not a multiple of four")                  \
	V(DROP_MAC, "drop-mac", "symmetric-key MAC: no such keys here")                 \
	V(DROP_FIELD, "drop-field", "an extension field's length is wrong")             \
	V(DROP_UID_SHORT, "drop-uid-short", "unique identifier under 32 octets")        \
	V(DROP_UID_TWICE, "drop-uid-twice", "more than one unique identifier")          \
	V(DROP_NO_UID, "drop-no-uid", "NTS without a unique identifier")                \
	V(DROP_COOKIE_TWICE, "drop-cookie-twice", "more than one cookie")               \
	V(DROP_NO_COOKIE, "drop-no-cookie", "NTS without a cookie")                     \
	V(DROP_NO_AUTH, "drop-no-auth", "NTS without an authenticator")                 \
	V(DROP_AUTH_LENGTH, "drop-auth-length", "nonce or ciphertext length is wrong")  \
	V(DROP_AUTH_PADDING, "drop-auth-padding", "short nonce without its padding")    \
	V(DROP_PLAINTEXT, "drop-plaintext", "an encrypted field's length is wrong")     \
	V(DROP_NO_MEMORY, "drop-no-memory", "no memory for a reply")                    \
	V(DROP_NO_ROUTE, "drop-no-route", "no route back to the client")                \
	V(DROP_DEAD, "drop-dead", "came while the server was being closed")

#define KNTS_STAMPS(V)                                                                  \
	V(STAMP_HARDWARE, "stamp-hardware", "receive timestamp by the network device")  \
	V(STAMP_SOFTWARE, "stamp-software", "receive timestamp by the kernel's stack")  \
	V(STAMP_NOW, "stamp-now", "receive timestamp taken when knts got the packet")   \
	V(STAMP_NO_LINE, "stamp-no-line", "hardware timestamp, but no valid PHC line")  \
	V(STAMP_DISTRUSTED, "stamp-distrusted", "hardware timestamp outside its bounds") \
	V(TRANSMIT_ASKED, "transmit-asked", "hardware transmit timestamp asked for")    \
	V(TRANSMIT_USED, "transmit-used", "hardware transmit timestamp came and served") \
	V(TRANSMIT_LOST, "transmit-lost", "hardware transmit timestamp never came")     \
	V(TRANSMIT_LATE, "transmit-late", "hardware transmit timestamp came unasked or too late") \
	V(TRANSMIT_NO_LINE, "transmit-no-line", "transmit timestamp, but no valid PHC line") \
	V(TRANSMIT_DISTRUSTED, "transmit-distrusted", "transmit timestamp outside its bounds") \
	V(INTERLEAVED, "interleaved", "of the answers, those in interleaved mode")      \
	V(PAIR_SAVED, "pair-saved", "pair of timestamps saved for interleaved mode")    \
	V(PAIR_EVICTED, "pair-evicted", "pair that made room before it served")         \
	V(AES_LIBRARY, "aes-library", "NTS request served without the CPU's AES instructions")

enum knts_verdict {
#define KNTS_VERDICT_SYMBOL(symbol, name, text) KNTS_##symbol,
	KNTS_VERDICTS(KNTS_VERDICT_SYMBOL)
#undef KNTS_VERDICT_SYMBOL
	KNTS_VERDICT_COUNT,
};

#endif
