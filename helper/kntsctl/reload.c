// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl reload: have kntsd read its configuration and certificates anew.
 */
#include "kntsctl/control.h"
#include "kntsctl/kntsctl.h"

static int run(int argc, char **argv)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *answer;

	answer = control_ask(common.control, "reload", error);
	if (!answer)
		return fail("%s", error);
	if (common.json)
		return print_json(answer);
	json_object_put(answer);
	puts("reloaded");
	return EXIT_DONE;
}

static const struct option_row options[] = {
	JSON_ROW("kntsd's answer."),
	CONTROL_ROW,
	{ 0 },
};

const struct command command_reload = {
	.name = "reload",
	.summary = "Have kntsd read its configuration and certificates anew",
	.help = "A bad configuration or certificate is refused, and the old one"
		" stays.",
	.options = options,
	.run = run,
};
