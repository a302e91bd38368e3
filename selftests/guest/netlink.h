/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refusals: a message that differs in one thing from a good one is refused with
 * a sentence, and changes nothing.
 */
#ifndef KNTS_SELFTESTS_GUEST_NETLINK_H
#define KNTS_SELFTESTS_GUEST_NETLINK_H

#include "nlraw.h"
#include "rig.h"

#define FIELD_VALUES_MAX 3

/**
 * struct field - one attribute of a good message
 * @type: KNTS_A_...
 * @name: as the spec has it
 * @data: its good value
 * @len: its length
 * @needed: refused without it
 * @text: a string, whose length may vary
 * @bad: values that are out of range
 * @bad_count: how many
 */
struct field {
	int type;
	const char *name;
	const void *data;
	int len;
	bool needed;
	bool text;
	int64_t bad[FIELD_VALUES_MAX];
	size_t bad_count;
};

/**
 * struct command - one good message
 * @name: of the operation
 * @cmd: KNTS_CMD_...
 * @dump: it is one
 * @fields: its attributes
 * @field_count: how many
 * @nest: type of the nest that holds @nested, 0 if there is none
 * @nested: attributes in it
 * @nested_count: how many
 */
struct command {
	const char *name;
	int cmd;
	bool dump;
	const struct field *fields;
	size_t field_count;
	int nest;
	const struct field *nested;
	size_t nested_count;
};

/* What is wrong with a message. */
enum defect {
	DEFECT_NONE,
	DEFECT_MISSING,
	DEFECT_SHORT,
	DEFECT_LONG,
	DEFECT_VALUE,
	DEFECT_UNKNOWN,
};

extern const struct command commands[];
extern const size_t command_count;

/* struct fixture - a namespace with a server, a clock, two keys and a PHC */
struct fixture {
	struct nlraw nl;
	struct knts_conn *conn;
	struct knts_server server;
	struct rig_key keys[2];
};

/** netlink_fixture() - set it up, once */
struct fixture *netlink_fixture(void);

/** netlink_state() - all that can be read, as text, to free(); ages left out */
char *netlink_state(struct knts_conn *conn);

/**
 * netlink_refused() - it is refused with a sentence, and nothing changes
 * @msg: the message; freed
 * @err: -errno, or 0 for a wrong form: -EINVAL or -ERANGE, as the kernel has it
 */
void netlink_refused(struct nl_msg *msg, int err);

/* One hand-made refusal each, for main's table. */
struct refusal {
	const char *name;
	void (*run)(void **state);
};

extern const struct refusal refusals[];
extern const size_t refusal_count;

#endif
