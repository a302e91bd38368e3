// SPDX-License-Identifier: GPL-2.0-or-later
/* Certificates that are renewed, well and badly, while others exchange keys. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "dated.h"
#include "ke.h"
#include "wall_clock.h"

#define DAY_S 86400L
/* Less than a look at the files without anything seen to change. */
#define PATIENCE_MS 45000
/* A crowd that has done so many was not there for show. */
#define EXCHANGES_MIN 30
/* No exchange fails for a machine that is busy. */
#define TIMEOUT_MS 60000

static struct host host;
static struct crowd crowd;
static int saved_stderr;

static void pause_ms(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* The log goes to a file. */
static int start_with(const char *cert)
{
	const struct host_section section = { .cert = cert,
					      .timeout_ms = TIMEOUT_MS };
	int fd;

	fflush(stderr);
	saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	fd = open(files_path("renewal.log"), O_WRONLY | O_CREAT | O_TRUNC |
		  O_CLOEXEC, 0600);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return host_start(&host, &section, 1, 2);
}

static int start(void **state)
{
	files_run("rm -rf renew && mkdir renew && "
		  "cp one.chain.pem renew/cert.chain.pem && "
		  "cp one.key renew/cert.key");
	return start_with("renew/cert");
}

static int stop(void **state)
{
	host_stop(&host);
	fflush(stderr);
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	return 0;
}

static unsigned int count_in_log(const char *part)
{
	unsigned int count = 0;
	char line[2048];
	FILE *file = fopen(files_path("renewal.log"), "re");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		count += strstr(line, part) != NULL;
	fclose(file);
	return count;
}

static struct ke_options strict(void)
{
	struct ke_options options = host_options(&host);
	static char ca_file[256];

	snprintf(ca_file, sizeof(ca_file), "%s", files_path("ca/ca.pem"));
	options.sni = "one.test";
	options.ca_file = ca_file;
	return options;
}

/* Return: the key in the certificate that is served: "EC 256", "RSA 2048". */
static const char *served(void)
{
	struct ke_options options = host_options(&host);
	static char kind[64];
	struct ke_client client;
	EVP_PKEY *key;
	X509 *cert;

	assert_true(ke_client_open(&client, &options));
	cert = SSL_get1_peer_certificate(client.ssl);
	key = X509_get0_pubkey(cert);
	snprintf(kind, sizeof(kind), "%s %d", EVP_PKEY_get0_type_name(key),
		 EVP_PKEY_get_bits(key));
	X509_free(cert);
	ke_client_close(&client);
	return kind;
}

/* By both workers: each exchange goes to one of them. */
static void await_served(const char *kind)
{
	int in_turn = 0;
	int ms;

	for (ms = 0; ms < PATIENCE_MS && in_turn < 8; ms += 20) {
		in_turn = strcmp(served(), kind) ? 0 : in_turn + 1;
		pause_ms(20);
	}
	assert_string_equal(served(), kind);
	assert_int_equal(in_turn, 8);
}

static bool has_problem(const char *part)
{
	struct json_object *status = host_status(&host), *problems;
	bool found = false;
	size_t i;

	json_object_object_get_ex(status, "problems", &problems);
	for (i = 0; i < json_object_array_length(problems); i++)
		found |= strstr(json_object_get_string(
				json_object_array_get_idx(problems, i)),
				part) != NULL;
	json_object_put(status);
	return found;
}

static void await_problem(const char *part)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS && !has_problem(part); ms += 50)
		pause_ms(50);
	if (!has_problem(part))
		fail_msg("no problem says \"%s\"", part);
}

static void await_no_problem(void)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS && has_problem(""); ms += 50)
		pause_ms(50);
	assert_false(has_problem(""));
}

/* All that were at it got their cookies, from the workers of before. */
static void end_load(const pid_t *workers)
{
	pid_t after[8];
	int ms;

	for (ms = 0; ms < PATIENCE_MS && crowd.done < EXCHANGES_MIN; ms += 50)
		pause_ms(50);
	crowd_stop(&crowd);
	if (crowd.failed)
		fail_msg("%u exchanges failed: %s", crowd.failed,
			 json_object_to_json_string(host_status(&host)));
	assert_true(crowd.done >= EXCHANGES_MIN);
	assert_int_equal(host_workers(after, 8), 2);
	assert_memory_equal(workers, after, 2 * sizeof(*workers));
	assert_int_equal(host_stat(&host, "worker-restarts"), 0);
}

static void by_rename_under_load(void **state)
{
	struct ke_options options = strict();
	pid_t workers[8];
	int i;

	assert_int_equal(host_workers(workers, 8), 2);
	crowd_start(&crowd, &options);
	for (i = 0; i < 4; i++) {
		const char *from = i % 2 ? "one" : "one-rsa";

		files_run("cp %s.key renew/new.key && "
			  "cp %s.chain.pem renew/new.pem && "
			  "mv renew/new.pem renew/cert.chain.pem && "
			  "mv renew/new.key renew/cert.key", from, from);
		await_served(i % 2 ? "EC 256" : "RSA 2048");
	}
	end_load(workers);
	assert_int_equal(host_renewals(&host, "taken"), 4);
	assert_int_equal(host_renewals(&host, "refused"), 0);
	assert_int_equal(count_in_log("is renewed: it is for one.test"), 4);
}

/* Slowly, in place: half of it is there for longer than a look takes. */
static void half_written_under_load(void **state)
{
	struct ke_options options = strict();
	pid_t workers[8];

	assert_int_equal(host_workers(workers, 8), 2);
	crowd_start(&crowd, &options);
	files_run("head -c 300 one-rsa.chain.pem >renew/cert.chain.pem");
	pause_ms(1200);
	assert_string_equal(served(), "EC 256");
	files_run("cat one-rsa.chain.pem >renew/cert.chain.pem");
	pause_ms(1200);
	assert_string_equal(served(), "EC 256");
	files_run("cat one-rsa.key >renew/cert.key");
	await_served("RSA 2048");
	end_load(workers);
	assert_int_equal(host_renewals(&host, "refused"), 0);
	assert_int_equal(count_in_log("refused"), 0);
}

/* As certbot has it: links in one folder, numbered files in another. */
static void by_links_to_files(void **state)
{
	struct ke_options options;
	pid_t workers[8];

	files_run("rm -rf live archive && mkdir live archive && "
		  "cp one.chain.pem archive/chain1.pem && "
		  "cp one.key archive/key1.pem && "
		  "ln -s ../archive/chain1.pem live/cert.chain.pem && "
		  "ln -s ../archive/key1.pem live/cert.key");
	assert_int_equal(start_with("live/cert"), 0);
	options = strict();
	assert_int_equal(host_workers(workers, 8), 2);
	crowd_start(&crowd, &options);
	files_run("cp one-ed.chain.pem archive/chain2.pem && "
		  "cp one-ed.key archive/key2.pem && "
		  "ln -sf ../archive/key2.pem live/cert.key && sleep 0.7 && "
		  "ln -sf ../archive/chain2.pem live/cert.chain.pem");
	await_served("ED25519 256");
	end_load(workers);
	assert_int_equal(host_renewals(&host, "refused"), 0);
}

/* As Kubernetes has it: one link to a folder changes both files at once. */
static void by_a_link_to_a_folder(void **state)
{
	struct ke_options options;
	pid_t workers[8];

	files_run("rm -rf volume && mkdir -p volume/..1 volume/..2 && "
		  "cp one.chain.pem volume/..1/cert.chain.pem && "
		  "cp one.key volume/..1/cert.key && "
		  "cp one-rsa.chain.pem volume/..2/cert.chain.pem && "
		  "cp one-rsa.key volume/..2/cert.key && "
		  "ln -s ..1 volume/..data && "
		  "ln -s ..data/cert.chain.pem volume/cert.chain.pem && "
		  "ln -s ..data/cert.key volume/cert.key");
	assert_int_equal(start_with("volume/cert"), 0);
	options = strict();
	assert_int_equal(host_workers(workers, 8), 2);
	crowd_start(&crowd, &options);
	files_run("ln -s ..2 volume/..tmp && mv -T volume/..tmp volume/..data");
	await_served("RSA 2048");
	files_run("ln -s ..1 volume/..tmp && mv -T volume/..tmp volume/..data");
	await_served("EC 256");
	end_load(workers);
	assert_int_equal(host_renewals(&host, "taken"), 2);
	assert_int_equal(host_renewals(&host, "refused"), 0);
}

/* Both @problem and the log say so, once; what was served goes on. */
static void refused(const char *problem)
{
	int64_t before = host_renewals(&host, "refused");
	unsigned int logged = count_in_log("new certificate files are refused");

	await_problem(problem);
	pause_ms(2500);
	assert_true(has_problem(problem));
	assert_int_equal(host_renewals(&host, "refused"), before + 1);
	assert_int_equal(count_in_log("new certificate files are refused"),
			 logged + 1);
	assert_string_equal(served(), "EC 256");
}

static void bad_files_change_nothing(void **state)
{
	struct ke_options options = strict();
	pid_t workers[8];

	dated_write("expired", -90 * DAY_S, -60);
	dated_write("early", 3600, 90 * DAY_S);
	assert_int_equal(host_workers(workers, 8), 2);
	crowd_start(&crowd, &options);
	files_run("cp two.key renew/cert.key");
	refused("does not belong to the first certificate");
	files_run("head -c 400 two.chain.pem >renew/cert.chain.pem");
	refused("is damaged");
	files_run("cp expired.chain.pem renew/cert.chain.pem && "
		  "cp expired.key renew/cert.key");
	refused("has expired at");
	files_run("cp early.chain.pem renew/cert.chain.pem && "
		  "cp early.key renew/cert.key");
	refused("is not valid before");
	files_run("rm -r renew");
	refused("No such file");
	files_run("mkdir renew && cp one.chain.pem renew/cert.chain.pem && "
		  "cp one.key renew/cert.key");
	await_no_problem();
	files_run("cp one-rsa.chain.pem renew/cert.chain.pem && "
		  "cp one-rsa.key renew/cert.key");
	await_served("RSA 2048");
	end_load(workers);
	assert_int_equal(host_renewals(&host, "taken"), 1);
}

static void connection_in_progress_is_not_cut(void **state)
{
	struct ke_options options = strict();
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, KE_REQUEST, 5));
	files_run("cp one-rsa.chain.pem renew/cert.chain.pem && "
		  "cp one-rsa.key renew/cert.key");
	await_served("RSA 2048");
	assert_true(ke_client_send(&client, KE_REQUEST + 5,
				   KE_REQUEST_LEN - 5));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);
}

static void workers_that_come_later_serve_it(void **state)
{
	pid_t workers[2];

	files_run("cp one-rsa.chain.pem renew/cert.chain.pem && "
		  "cp one-rsa.key renew/cert.key");
	await_served("RSA 2048");
	assert_int_equal(host_workers(workers, 2), 2);
	kill(workers[0], SIGKILL);
	kill(workers[1], SIGKILL);
	assert_true(host_await(&host, "worker-restarts", 1));
	assert_true(host_await_ready(&host, 2));
	await_served("RSA 2048");
}

/* Each stage is said, by log and status, and not again by a reload. */
static void warned(const char *left, const char *sentence)
{
	const struct host_section section = { .cert = "renew/cert" };
	int64_t taken = host_renewals(&host, "taken");

	files_run("cp %s.chain.pem renew/cert.chain.pem && "
		  "cp %s.key renew/cert.key", left, left);
	await_problem(sentence);
	assert_int_equal(host_renewals(&host, "taken"), taken + 1);
	assert_int_equal(host_reload(&host, &section, 1, 2), 0);
	assert_true(has_problem(sentence));
	assert_int_equal(count_in_log(sentence), 1);
}

static void end_is_warned_of(void **state)
{
	dated_write("far", -60 * DAY_S, 31 * DAY_S);
	dated_write("month", -60 * DAY_S, 29 * DAY_S + 3600);
	dated_write("week", -60 * DAY_S, 6 * DAY_S + 3600);
	dated_write("day", -60 * DAY_S, DAY_S / 2 + 60);
	files_run("cp far.chain.pem renew/cert.chain.pem && "
		  "cp far.key renew/cert.key");
	await_served("EC 384");
	assert_false(has_problem(""));
	warned("month", "expires in 29 days, at 20");
	warned("week", "expires in 6 days, at 20");
	warned("day", "expires in 12 hours, at 20");
}

/* A certificate that ends while it is served is served on: what else? */
static void end_is_told(void **state)
{
	const struct host_section section = { .cert = "renew/cert" };
	const struct host_section other = { .cert = "long-past" };

	dated_write("long-past", -60 * DAY_S, -DAY_S);
	dated_write("past", -60 * DAY_S, 4);
	files_run("cp past.chain.pem renew/cert.chain.pem && "
		  "cp past.key renew/cert.key");
	await_served("EC 384");
	await_problem("has expired at 20");
	assert_int_equal(host_reload(&host, &section, 1, 2), 0);
	assert_int_equal(host_reload(&host, &other, 1, 2), -EKEYEXPIRED);
	files_run("touch renew/cert.key");
	pause_ms(1000);
	assert_false(has_problem("new certificate files are refused"));
	assert_string_equal(served(), "EC 384");
	files_run("cp one-rsa.chain.pem renew/cert.chain.pem && "
		  "cp one-rsa.key renew/cert.key");
	await_served("RSA 2048");
	await_no_problem();
}

/* Whoever has cookies goes on, and the log says what is to be done. */
static void ended_is_served_from_the_start(void **state)
{
	files_run("rm -rf renew && mkdir renew");
	dated_write("renew/cert", -60 * DAY_S, -DAY_S);
	assert_int_equal(start_with("renew/cert"), 0);
	assert_string_equal(served(), "EC 384");
	await_problem("has expired at 20");
	assert_int_equal(count_in_log("has expired"), 1);
	files_run("cp one-rsa.chain.pem renew/cert.chain.pem && "
		  "cp one-rsa.key renew/cert.key");
	await_served("RSA 2048");
	await_no_problem();
}

static void step_to(long s)
{
	wall_clock_step_to(s);
	files_run("touch renew/cert.key");
	pause_ms(700);
}

static void end_is_warned_of_once_whatever_the_clock_does(void **state)
{
	int i;

	dated_write("month", -60 * DAY_S, 29 * DAY_S + 3600);
	files_run("cp month.chain.pem renew/cert.chain.pem && "
		  "cp month.key renew/cert.key");
	await_served("EC 384");
	for (i = 0; i < 3; i++) {
		step_to(0);
		step_to(25 * DAY_S);
		step_to(40 * DAY_S);
		step_to(-10 * DAY_S);
	}
	wall_clock_step_to(0);
	assert_int_equal(count_in_log("expires in 29 days"), 1);
	assert_int_equal(count_in_log("expires in 4 days"), 1);
	assert_int_equal(count_in_log("has expired"), 1);
	assert_int_equal(count_in_log("expire"), 3);
}

struct ke_tests ke_tests_renewal(void)
{
#define TEST(name) { "renewal_" #name, name, start, stop, NULL }
	static const struct CMUnitTest tests[] = {
		TEST(by_rename_under_load),
		TEST(half_written_under_load),
		{ "renewal_by_links_to_files", by_links_to_files, NULL, stop,
		  NULL },
		{ "renewal_by_a_link_to_a_folder", by_a_link_to_a_folder, NULL,
		  stop, NULL },
		TEST(bad_files_change_nothing),
		TEST(connection_in_progress_is_not_cut),
		TEST(workers_that_come_later_serve_it),
		TEST(end_is_warned_of),
		TEST(end_is_told),
		{ "renewal_ended_is_served_from_the_start",
		  ended_is_served_from_the_start, NULL, stop, NULL },
		TEST(end_is_warned_of_once_whatever_the_clock_does),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
