// SPDX-License-Identifier: GPL-2.0-or-later
/* Refusals that are no matter of form: what is there already, what is not. */
#include <errno.h>
#include <netlink/attr.h>
#include <unistd.h>

#include "ask.h"
#include "netlink.h"
#include "test.h"

static struct nl_msg *server_message(int cmd, const char *address, uint16_t port)
{
	struct knts_server server = rig_server(address, port);
	struct nl_msg *msg = nlraw_message(&netlink_fixture()->nl, cmd, false);

	nla_put(msg, KNTS_A_SERVER_ADDRESS, server.address_len, server.address);
	nla_put_u16(msg, KNTS_A_SERVER_PORT, port);
	return msg;
}

static void add_twice(void **state)
{
	netlink_refused(server_message(KNTS_CMD_SERVER_ADD, SERVER4, 123), -EEXIST);
}

static void set_unknown(void **state)
{
	netlink_refused(server_message(KNTS_CMD_SERVER_SET, SERVER4, 124), -ENOENT);
	netlink_refused(server_message(KNTS_CMD_SERVER_SET, SERVER6, 123), -ENOENT);
}

static void del_unknown(void **state)
{
	netlink_refused(server_message(KNTS_CMD_SERVER_DEL, SERVER4, 124), -ENOENT);
	netlink_refused(server_message(KNTS_CMD_SERVER_DEL, SERVER6, 123), -ENOENT);
}

static void add_foreign_address(void **state)
{
	netlink_refused(server_message(KNTS_CMD_SERVER_ADD, "192.0.2.1", 123),
			-EADDRNOTAVAIL);
	netlink_refused(server_message(KNTS_CMD_SERVER_ADD, "2001:db8::1", 123),
			-EADDRNOTAVAIL);
}

static void add_group_address(void **state)
{
	static const char *const groups[] = { "224.0.0.1", "255.255.255.255",
					      BROADCAST4, "ff02::1" };
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		netlink_refused(server_message(KNTS_CMD_SERVER_ADD, groups[i], 123),
				-EADDRNOTAVAIL);
}

static void add_busy_port(void **state)
{
	int fd = ask_socket(SERVER_NS, SERVER4, 3000, NULL, 0);

	netlink_refused(server_message(KNTS_CMD_SERVER_ADD, SERVER4, 3000),
			-EADDRINUSE);
	close(fd);
}

static void add_unknown_device(void **state)
{
	struct nl_msg *msg = server_message(KNTS_CMD_SERVER_ADD, SERVER4, 2000);

	nla_put_string(msg, KNTS_A_SERVER_DEVICE, "nowhere0");
	netlink_refused(msg, -ENODEV);
}

static void add_device_form(void **state)
{
	struct nl_msg *msg = server_message(KNTS_CMD_SERVER_ADD, SERVER4, 2000);

	nla_put(msg, KNTS_A_SERVER_DEVICE, 4, "eth1");
	netlink_refused(msg, 0);
	msg = server_message(KNTS_CMD_SERVER_ADD, SERVER4, 2000);
	nla_put_string(msg, KNTS_A_SERVER_DEVICE, "a-name-of-16-oct");
	netlink_refused(msg, 0);
}

static void add_short_addresses(void **state)
{
	struct nlraw *nl = &netlink_fixture()->nl;
	uint8_t address[17] = { 10, 77, 1, 1 };
	struct nl_msg *msg;
	int len;

	for (len = 0; len <= 17; len++) {
		if (len == 4 || len == 16)
			continue;
		msg = nlraw_message(nl, KNTS_CMD_SERVER_ADD, false);
		nla_put(msg, KNTS_A_SERVER_ADDRESS, len, address);
		nla_put_u16(msg, KNTS_A_SERVER_PORT, 2000);
		netlink_refused(msg, 0);
	}
}

static void add_port_twice(void **state)
{
	struct nl_msg *msg = server_message(KNTS_CMD_SERVER_ADD, SERVER4, 2000);

	nla_put_u16(msg, KNTS_A_SERVER_PORT, 2001);
	netlink_refused(msg, 0);
}

static void del_takes_no_policy(void **state)
{
	struct nl_msg *msg = server_message(KNTS_CMD_SERVER_DEL, SERVER4, 123);

	nla_put_u32(msg, KNTS_A_SERVER_REQUIRE_NTS, 1);
	netlink_refused(msg, 0);
}

static void add_too_many(void **state)
{
	struct fixture *f = netlink_fixture();
	struct knts_server server;
	uint16_t port;

	for (port = 1; port < KNTS_SERVERS_MAX; port++) {
		server = rig_server(SERVER6, 4000 + port);
		rig_serve(f->conn, &server);
	}
	netlink_refused(server_message(KNTS_CMD_SERVER_ADD, SERVER6, 4000), -ENOSPC);
	for (port = 1; port < KNTS_SERVERS_MAX; port++) {
		server = rig_server(SERVER6, 4000 + port);
		assert_int_equal(knts_server_del(f->conn, &server), 0);
	}
}

static void clock_set_read_only(void **state)
{
	static const int types[] = { KNTS_A_CLOCK_AGE_MS, KNTS_A_CLOCK_SYNCHRONISED };
	const struct command *c = commands;
	struct nl_msg *msg;
	size_t i, j;

	while (c->cmd != KNTS_CMD_CLOCK_SET)
		c++;
	for (i = 0; i < 2; i++) {
		msg = nlraw_message(&netlink_fixture()->nl, c->cmd, false);
		for (j = 0; j < c->field_count; j++)
			nla_put(msg, c->fields[j].type, c->fields[j].len,
				c->fields[j].data);
		nla_put_u8(msg, types[i], 1);
		netlink_refused(msg, 0);
	}
}

static struct nl_msg *phc_message(int cmd, const char *device)
{
	struct nl_msg *msg = nlraw_message(&netlink_fixture()->nl, cmd, false);

	nla_put_string(msg, KNTS_A_PHC_DEVICE, device);
	return msg;
}

static void phc_set_unknown_device(void **state)
{
	netlink_refused(phc_message(KNTS_CMD_PHC_SET, "nowhere0"), -ENODEV);
}

static void phc_device_form(void **state)
{
	static const int cmds[] = { KNTS_CMD_PHC_SET, KNTS_CMD_PHC_DEL };
	struct nl_msg *msg;
	size_t i;

	for (i = 0; i < 2; i++) {
		msg = nlraw_message(&netlink_fixture()->nl, cmds[i], false);
		nla_put(msg, KNTS_A_PHC_DEVICE, 4, "eth1");
		netlink_refused(msg, 0);
		netlink_refused(phc_message(cmds[i], "a-name-of-16-oct"), 0);
	}
}

static void phc_set_read_only(void **state)
{
	static const int types[] = {
		KNTS_A_PHC_DEPARTURE_DELAY_NS, KNTS_A_PHC_DEPARTURE_ERROR_NS,
		KNTS_A_PHC_DEPARTURE_DEVIATION_NS,
	};
	struct nl_msg *msg;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		msg = phc_message(KNTS_CMD_PHC_SET, "eth1");
		nla_put_u32(msg, types[i], 1);
		netlink_refused(msg, 0);
	}
}

static void phc_del_unknown(void **state)
{
	netlink_refused(phc_message(KNTS_CMD_PHC_DEL, "lo"), -ENOENT);
	netlink_refused(phc_message(KNTS_CMD_PHC_DEL, "nowhere0"), -ENOENT);
}

const struct refusal refusals[] = {
	{ "server-add: open already", add_twice },
	{ "server-set: not open", set_unknown },
	{ "server-del: not open", del_unknown },
	{ "server-add: not an address of this machine", add_foreign_address },
	{ "server-add: not a unicast address", add_group_address },
	{ "server-add: another program has the port", add_busy_port },
	{ "server-add: no such device", add_unknown_device },
	{ "server-add: device without end, or too long", add_device_form },
	{ "server-add: address of 0 to 17 octets", add_short_addresses },
	{ "server-add: port twice", add_port_twice },
	{ "server-add: one too many", add_too_many },
	{ "server-del: policy", del_takes_no_policy },
	{ "clock-set: what can only be read", clock_set_read_only },
	{ "phc-set: no such device", phc_set_unknown_device },
	{ "phc-set, phc-del: device without end, or too long", phc_device_form },
	{ "phc-set: what can only be read", phc_set_read_only },
	{ "phc-del: not known", phc_del_unknown },
};
const size_t refusal_count = sizeof(refusals) / sizeof(refusals[0]);
