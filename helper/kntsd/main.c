// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "config.h"
#include "daemon.h"
#include "fail.h"
#include "log.h"
#include "workers.h"

#define CONFIG_PATH "/etc/knts/kntsd.conf"
#define EXIT_USAGE 2

enum { OPTION_CHECK = 256, OPTION_VERSION, OPTION_HELP, OPTION_WORKER };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check-config", required_argument, NULL, OPTION_CHECK },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "worker", no_argument, NULL, OPTION_WORKER },
	{ 0 }
};

static void usage(FILE *to)
{
	fputs("Usage: kntsd [-c FILE]\n"
	      "       kntsd --check-config FILE | --version | --help\n"
	      "\n"
	      "Keymaster and NTS-KE server of the NTP server in the kernel, knts.\n"
	      "Runs in the foreground.\n"
	      "\n"
	      "  -c, --config FILE      configuration (" CONFIG_PATH ")\n"
	      "      --check-config FILE  check a configuration and its certificates\n"
	      "      --version          print the version\n"
	      "      --help             print this\n"
	      "\n"
	      "Signals: HUP reloads, USR1 rotates the keys, TERM and INT end.\n",
	      to);
}

/* Neither a core file nor a debugger of the same user gets at the secrets. */
static void harden(void)
{
	struct rlimit none = { 0, 0 };

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
}

static int check_config(const char *path)
{
	struct config *config = NULL;
	char error[FAIL_SIZE];
	int err;

	err = config_load(path, &config, error, sizeof(error));
	if (!err)
		err = workers_check(config, error, sizeof(error));
	config_free(config);
	if (err) {
		fprintf(stderr, "%s\n", error);
		return EXIT_FAILURE;
	}
	printf("%s is good\n", path);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *config_path = CONFIG_PATH;
	int option;

	harden();
	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config_path = optarg;
			break;
		case OPTION_CHECK:
			log_open("kntsd");
			return check_config(optarg);
		case OPTION_VERSION:
			puts("kntsd " KNTS_VERSION);
			return EXIT_SUCCESS;
		case OPTION_HELP:
			usage(stdout);
			return EXIT_SUCCESS;
		case OPTION_WORKER:
			log_open("kntsd worker");
			return worker_main();
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "kntsd: unexpected argument '%s'\n",
			argv[optind]);
		usage(stderr);
		return EXIT_USAGE;
	}
	log_open("kntsd");
	return daemon_run(config_path);
}
