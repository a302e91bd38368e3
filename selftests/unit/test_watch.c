// SPDX-License-Identifier: GPL-2.0-or-later
/* Every way in which a file may become another is noticed. */
#include <event2/event.h>

#include "../ke/files.h"
#include "kntsd/watch.h"
#include "unit.h"

static struct event_base *base;
static struct watch *watch;
static unsigned int changes;

static void on_changed(void *arg)
{
	changes++;
}

static int start(void **state)
{
	base = event_base_new();
	watch = watch_start(base, on_changed, NULL);
	files_run("rm -rf a b far && mkdir a b far && echo 1 >a/file");
	return !watch;
}

static int stop(void **state)
{
	watch_stop(watch);
	event_base_free(base);
	return 0;
}

static void follow(const char *name)
{
	watch_reset(watch);
	watch_add(watch, files_path(name));
}

static void noticed(const char *command)
{
	changes = 0;
	files_run("%s", command);
	event_base_loop(base, EVLOOP_NONBLOCK);
	if (!changes)
		fail_msg("not noticed: %s", command);
}

static void not_noticed(const char *command)
{
	changes = 0;
	files_run("%s", command);
	event_base_loop(base, EVLOOP_NONBLOCK);
	if (changes)
		fail_msg("noticed: %s", command);
}

static void in_place(void **state)
{
	follow("a/file");
	not_noticed("cat a/file; ls a b; echo 1 >b/other");
	noticed("echo 2 >a/file");
	noticed("echo 3 >>a/file");
	noticed("chmod 0600 a/file");
	noticed("rm a/file");
	noticed("echo 4 >a/file");
}

static void by_rename(void **state)
{
	follow("a/file");
	noticed("echo 2 >b/new && mv b/new a/file");
	noticed("mv a/file b/away");
}

static void by_links(void **state)
{
	files_run("echo 1 >far/one && echo 2 >far/two && "
		  "ln -s ../far/one a/link && ln -s ../a/link b/link");
	follow("b/link");
	noticed("ln -sf ../far/two a/link");
	follow("b/link");
	noticed("echo 3 >far/two");
	noticed("rm b/link");
}

static void by_a_link_on_the_way(void **state)
{
	files_run("mkdir far/one far/two && echo 1 >far/one/file && "
		  "echo 2 >far/two/file && ln -s far/one b/../now");
	follow("b/../now/./file");
	noticed("ln -sfn far/two now");
	follow("now/file");
	noticed("echo 3 >far/two/file");
	files_run("rm now");
}

static void what_is_not_there_yet(void **state)
{
	follow("a/none/file");
	noticed("mkdir a/none");
	follow("a/none/file");
	noticed("echo 1 >a/none/file");
}

static void links_without_end(void **state)
{
	files_run("ln -s loop a/loop");
	follow("a/loop");
	noticed("rm a/loop");
}

static void reset_forgets(void **state)
{
	follow("a/file");
	watch_reset(watch);
	not_noticed("echo 2 >a/file");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		TEST(in_place),
		TEST(by_rename),
		TEST(by_links),
		TEST(by_a_link_on_the_way),
		TEST(what_is_not_there_yet),
		TEST(links_without_end),
		TEST(reset_forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
