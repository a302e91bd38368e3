// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Questions to kntsd, over its control socket: one line there, one JSON object
 * back, and kntsd closes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "kntsctl/control.h"

/* A kntsd that says nothing for so long hangs. */
#define PATIENCE_S 10

#define ANSWER_MAX (1 << 20)

static int complain(char *error, const char *path, const char *what)
{
	snprintf(error, CONTROL_ERROR_SIZE, "kntsd at %s %s", path, what);
	return -1;
}

static int complain_errno(char *error, const char *path)
{
	switch (errno) {
	case ENOENT:
	case ECONNREFUSED:
		snprintf(error, CONTROL_ERROR_SIZE, "kntsd does not run (nobody"
			 " listens on %s): run 'systemctl start kntsd'", path);
		return -1;
	case EACCES:
	case EPERM:
		return complain(error, path, "answers only to root");
	case EAGAIN:
		return complain(error, path, "gives no answer: it hangs");
	default:
		return complain(error, path, strerror(errno));
	}
}

static int control_connect(const char *path, int patience_s, char *error)
{
	const struct timeval patience = { .tv_sec = patience_s };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return complain(error, path, "cannot be reached: the path is too"
				" long");
	strcpy(address.sun_path, path);

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return complain_errno(error, path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		goto err_close;
	return fd;

err_close:
	complain_errno(error, path);
	close(fd);
	return -1;
}

static int control_send(int fd, const char *word)
{
	struct iovec line[] = {
		{ .iov_base = (void *)word, .iov_len = strlen(word) },
		{ .iov_base = "\n", .iov_len = 1 },
	};
	struct msghdr message = { .msg_iov = line, .msg_iovlen = 2 };
	ssize_t len = line[0].iov_len + 1;

	return sendmsg(fd, &message, MSG_NOSIGNAL) == len ? 0 : -1;
}

/* Return: the object, or NULL with errno: 0 if it is no JSON object. */
static struct json_object *control_receive(int fd)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *answer = NULL;
	char buffer[4096];
	size_t total = 0;
	ssize_t len;

	if (!tokener)
		return NULL;
	do {
		len = recv(fd, buffer, sizeof(buffer), 0);
		if (len <= 0)
			break;
		total += len;
		answer = json_tokener_parse_ex(tokener, buffer, len);
	} while (json_tokener_get_error(tokener) == json_tokener_continue &&
		 total < ANSWER_MAX);
	json_tokener_free(tokener);

	if (len >= 0)
		errno = 0;
	if (!json_object_is_type(answer, json_type_object)) {
		json_object_put(answer);
		return NULL;
	}
	return answer;
}

struct json_object *control_ask_within(int patience_s, const char *path,
				       const char *word, char *error)
{
	struct json_object *answer, *ok, *sentence;
	int fd;

	fd = control_connect(path, patience_s, error);
	if (fd < 0)
		return NULL;
	if (control_send(fd, word)) {
		complain_errno(error, path);
		close(fd);
		return NULL;
	}
	answer = control_receive(fd);
	if (!answer && errno)
		complain_errno(error, path);
	else if (!answer)
		complain(error, path, "gave an answer that is no JSON object");
	close(fd);
	if (!answer)
		return NULL;

	if (json_object_object_get_ex(answer, "ok", &ok) &&
	    json_object_get_boolean(ok))
		return answer;
	if (json_object_object_get_ex(answer, "error", &sentence))
		snprintf(error, CONTROL_ERROR_SIZE, "%s",
			 json_object_get_string(sentence));
	else
		complain(error, path, "refused without a reason");
	json_object_put(answer);
	return NULL;
}

struct json_object *control_ask(const char *path, const char *word, char *error)
{
	return control_ask_within(PATIENCE_S, path, word, error);
}
