// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl reload: have kntsd read its configuration and certificates anew.
 */
#include "kntsctl/control.h"
#include "kntsctl/kntsctl.h"

static int run(const struct options *options, int argc, char **argv)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *answer;

	answer = control_ask(options->control, "reload", error);
	if (!answer)
		return fail("%s", error);
	if (options->given & OPTION_JSON)
		return print_json(answer);
	json_object_put(answer);
	puts("reloaded");
	return EXIT_DONE;
}

const struct command command_reload = {
	.name = "reload",
	.operands = "",
	.summary = "Have kntsd read its configuration and certificates anew",
	.help = "A bad configuration or certificate is refused, and the old one stays.\n\n"
		"  --json  kntsd's answer\n",
	.options = OPTION_JSON | OPTION_CONTROL,
	.run = run,
};
