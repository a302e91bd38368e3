// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every netlink command, with each attribute missing, too short, too long and
 * out of range: refused with a sentence, and nothing changed. Then the good
 * message itself is taken, so that it was the defect that was refused.
 */
#define _GNU_SOURCE
#include <netlink/attr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"
#include "test.h"

#define TESTS_MAX 512
#define UNKNOWN_ATTRIBUTE 99
#define FIELD_MAX_LEN 64

/* struct job - one message: a command's good one with a defect in one field */
struct job {
	const struct command *command;
	const struct field *field;
	enum defect defect;
	int64_t value;
};

/* A number of the field's length. */
static void put_value(struct nl_msg *msg, const struct field *f, int64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	const void *numbers[] = { [1] = &u8, [2] = &u16, [4] = &u32, [8] = &value };

	nla_put(msg, f->type, f->len, numbers[f->len]);
}

static void put_field(struct nl_msg *msg, const struct field *f,
		      const struct job *job)
{
	enum defect defect = job->field == f ? job->defect : DEFECT_NONE;
	uint8_t data[FIELD_MAX_LEN] = { 0 };

	memcpy(data, f->data, (size_t)f->len);
	if (defect == DEFECT_VALUE)
		put_value(msg, f, job->value);
	else if (defect == DEFECT_SHORT)
		nla_put(msg, f->type, f->len - 1, data);
	else if (defect == DEFECT_LONG)
		nla_put(msg, f->type, f->len + 1, data);
	else if (defect != DEFECT_MISSING)
		nla_put(msg, f->type, f->len, data);
}

static struct nl_msg *build(const struct nlraw *nl, const struct job *job)
{
	const struct command *c = job->command;
	struct nl_msg *msg = nlraw_message(nl, c->cmd, c->dump);
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < c->field_count; i++)
		put_field(msg, &c->fields[i], job);
	if (c->nest) {
		nest = nla_nest_start(msg, c->nest | NLA_F_NESTED);
		for (i = 0; i < c->nested_count; i++)
			put_field(msg, &c->nested[i], job);
		nla_nest_end(msg, nest);
	}
	if (job->defect == DEFECT_UNKNOWN)
		nla_put_u32(msg, UNKNOWN_ATTRIBUTE, 1);
	return msg;
}

static void run(void **state)
{
	const struct job *job = *state;
	struct fixture *f = netlink_fixture();
	struct nl_msg *msg = build(&f->nl, job);

	if (job->defect != DEFECT_NONE)
		netlink_refused(msg, 0);
	else if (nlraw_talk(&f->nl, msg))
		fail_msg("refused: %s", f->nl.sentence);
}

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static void add_test(const struct job *job, const char *defect)
{
	struct job *own = malloc(sizeof(*own));
	char *name;

	if (!own || test_count == TESTS_MAX ||
	    asprintf(&name, "%s: %s%s%s", job->command->name,
		     job->field ? job->field->name : "",
		     job->field ? " " : "", defect) < 0)
		abort();
	*own = *job;
	tests[test_count++] = (struct CMUnitTest){
		.name = name, .test_func = run, .initial_state = own };
}

static void add_field(const struct command *command, const struct field *field)
{
	struct job job = { .command = command, .field = field };
	char text[32];
	size_t i;

	if (field->needed) {
		job.defect = DEFECT_MISSING;
		add_test(&job, "missing");
	}
	if (field->text)
		return;
	job.defect = DEFECT_SHORT;
	add_test(&job, "too short");
	job.defect = DEFECT_LONG;
	add_test(&job, "too long");
	job.defect = DEFECT_VALUE;
	for (i = 0; i < field->bad_count; i++) {
		job.value = field->bad[i];
		snprintf(text, sizeof(text), "%lld", (long long)job.value);
		add_test(&job, text);
	}
}

static void add_command(const struct command *c)
{
	struct job unknown = { .command = c, .defect = DEFECT_UNKNOWN };
	size_t i;

	add_test(&unknown, "unknown attribute");
	for (i = 0; i < c->field_count; i++)
		add_field(c, &c->fields[i]);
	for (i = 0; i < c->nested_count; i++)
		add_field(c, &c->nested[i]);
}

int main(void)
{
	struct job good = { .defect = DEFECT_NONE };
	size_t i;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	for (i = 0; i < command_count; i++)
		add_command(&commands[i]);
	for (i = 0; i < refusal_count; i++)
		tests[test_count++] = (struct CMUnitTest)
			TEST(refusals[i].name, refusals[i].run);
	for (i = 0; i < command_count; i++) {
		good.command = &commands[i];
		add_test(&good, "the good message is taken");
	}
	return _cmocka_run_group_tests("netlink", tests, test_count, NULL, NULL);
}
