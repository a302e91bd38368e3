// SPDX-License-Identifier: GPL-2.0-or-later
#include "servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "log.h"

/* A step that the kernel took, and what takes it back. */
struct step {
	enum { STEP_ADD, STEP_SET, STEP_DEL } kind;
	struct knts_server before;
	struct knts_server after;
};

struct servers {
	struct knts_conn *conn;
	struct knts_server ours[KNTS_SERVERS_MAX];
	size_t count;
	char problem[FAIL_SIZE];
};

struct plan {
	struct step steps[2 * KNTS_SERVERS_MAX];
	size_t count;
};

static bool same_endpoint(const struct knts_server *a,
			  const struct knts_server *b)
{
	return a->address_len == b->address_len && a->port == b->port &&
	       !memcmp(a->address, b->address, a->address_len) &&
	       !strncmp(a->device, b->device, sizeof(a->device));
}

static bool same_policy(const struct knts_server *a,
			const struct knts_server *b)
{
	return a->require_nts == b->require_nts &&
	       a->serve_own_port == b->serve_own_port;
}

static const struct knts_server *find(const struct knts_server *list,
				      size_t count,
				      const struct knts_server *server)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (same_endpoint(&list[i], server))
			return &list[i];
	}
	return NULL;
}

struct servers *servers_alloc(struct knts_conn *conn)
{
	struct servers *servers = calloc(1, sizeof(*servers));

	if (servers)
		servers->conn = conn;
	return servers;
}

/* Close first: a new server may need the address of one that goes. */
static void make_plan(struct plan *plan, const struct servers *servers,
		      const struct knts_server *kernel, size_t kernel_count,
		      const struct knts_server *wanted, size_t count)
{
	const struct knts_server *now;
	size_t i;

	plan->count = 0;
	for (i = 0; i < servers->count; i++) {
		now = find(kernel, kernel_count, &servers->ours[i]);
		if (now && !find(wanted, count, now))
			plan->steps[plan->count++] = (struct step){
				.kind = STEP_DEL, .before = *now,
			};
	}
	for (i = 0; i < count; i++) {
		now = find(kernel, kernel_count, &wanted[i]);
		if (!now)
			plan->steps[plan->count++] = (struct step){
				.kind = STEP_ADD, .after = wanted[i],
			};
		else if (!same_policy(now, &wanted[i]))
			plan->steps[plan->count++] = (struct step){
				.kind = STEP_SET, .before = *now,
				.after = wanted[i],
			};
	}
}

static int take(struct knts_conn *conn, const struct step *step)
{
	switch (step->kind) {
	case STEP_ADD:
		return knts_server_add(conn, &step->after);
	case STEP_SET:
		return knts_server_set(conn, &step->after);
	default:
		return knts_server_del(conn, &step->before);
	}
}

static int take_back(struct knts_conn *conn, const struct step *step)
{
	switch (step->kind) {
	case STEP_ADD:
		return knts_server_del(conn, &step->after);
	case STEP_SET:
		return knts_server_set(conn, &step->before);
	default:
		return knts_server_add(conn, &step->before);
	}
}

static int carry_out(struct knts_conn *conn, const struct plan *plan,
		     char *error, size_t error_size)
{
	static const char *const verbs[] = {
		[STEP_ADD] = "open", [STEP_SET] = "change", [STEP_DEL] = "close",
	};
	char text[KNTS_SERVER_TEXT_SIZE];
	const struct step *step;
	size_t i;
	int err;

	for (i = 0; i < plan->count; i++) {
		step = &plan->steps[i];
		err = take(conn, step);
		if (err)
			goto err_take_back;
	}
	return 0;

err_take_back:
	knts_server_format(step->kind == STEP_DEL ? &step->before : &step->after,
			   text, sizeof(text));
	fail(err, error, error_size, "cannot %s server %s: %s",
	     verbs[step->kind], text, knts_error(conn));
	while (i--) {
		step = &plan->steps[i];
		if (take_back(conn, step))
			log_error("cannot take back a change of the servers: %s",
				  knts_error(conn));
	}
	return err;
}

static void report(const struct plan *plan)
{
	static const char *const words[] = {
		[STEP_ADD] = "opened", [STEP_SET] = "changed",
		[STEP_DEL] = "closed",
	};
	char text[KNTS_SERVER_TEXT_SIZE];
	const struct step *step;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		step = &plan->steps[i];
		knts_server_format(step->kind == STEP_DEL ? &step->before :
				   &step->after, text, sizeof(text));
		log_notice("server %s %s", text, words[step->kind]);
	}
}

/* What a kntsd that died had opened under another configuration, for example. */
static void report_others(const struct knts_server *kernel, size_t kernel_count,
			  const struct knts_server *wanted, size_t count)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t i;

	for (i = 0; i < kernel_count; i++) {
		if (find(wanted, count, &kernel[i]))
			continue;
		knts_server_format(&kernel[i], text, sizeof(text));
		log_notice("server %s is open, but not by this kntsd, and stays so; 'kntsctl server stop' closes it",
			   text);
	}
}

int servers_apply(struct servers *servers, const struct knts_server *wanted,
		  size_t count, char *error, size_t error_size)
{
	struct knts_server *kernel;
	size_t kernel_count;
	struct plan plan;
	int err;

	if (count > KNTS_SERVERS_MAX)
		return fail(-E2BIG, error, error_size,
			    "%zu servers are more than the %u that the kernel holds",
			    count, KNTS_SERVERS_MAX);
	err = knts_server_list(servers->conn, &kernel, &kernel_count);
	if (err)
		return fail(err, error, error_size,
			    "cannot read the kernel's servers: %s",
			    knts_error(servers->conn));
	make_plan(&plan, servers, kernel, kernel_count, wanted, count);
	if (count && !servers->count)
		report_others(kernel, kernel_count, wanted, count);
	free(kernel);
	err = carry_out(servers->conn, &plan, error, error_size);
	if (err)
		return err;
	if (count)
		memcpy(servers->ours, wanted, count * sizeof(*wanted));
	servers->count = count;
	servers->problem[0] = '\0';
	report(&plan);
	return 0;
}

void servers_verify(struct servers *servers)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	char problem[FAIL_SIZE] = "";
	struct knts_server *kernel;
	size_t kernel_count, i;

	if (knts_server_list(servers->conn, &kernel, &kernel_count))
		return;
	for (i = 0; i < servers->count; i++) {
		if (find(kernel, kernel_count, &servers->ours[i]))
			continue;
		knts_server_format(&servers->ours[i], text, sizeof(text));
		snprintf(problem, sizeof(problem),
			 "server %s is closed: somebody else closed it; a reload opens it again",
			 text);
		break;
	}
	free(kernel);
	if (problem[0] && strcmp(problem, servers->problem))
		log_notice("%s", problem);
	memcpy(servers->problem, problem, sizeof(problem));
}

const char *servers_problem(const struct servers *servers)
{
	return servers->problem[0] ? servers->problem : NULL;
}

void servers_close(struct servers *servers)
{
	char error[FAIL_SIZE];

	if (servers_apply(servers, NULL, 0, error, sizeof(error)))
		log_error("%s", error);
}

void servers_put(struct servers *servers)
{
	free(servers);
}
