// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "aes/select.h"
#include "clients.h"
#include "clock.h"
#include "endpoint.h"
#include "histogram.h"
#include "interleave.h"
#include "keyring.h"
#include "knts.h"
#include "netlink_gen.h"
#include "phc.h"
#include "respond.h"
#include "rxstamp.h"
#include "stats.h"
#include "txstamp.h"

static unsigned int net_id __ro_after_init;

struct knts_net *knts_main_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init net_setup(struct net *net)
{
	struct knts_net *knet = knts_main_net(net);
	int err;

	knet->net = net;
	mutex_init(&knet->lock);
	knts_clock_setup(knet);
	err = knts_stats_setup(knet);
	if (err)
		return err;
	err = knts_phc_setup(knet);
	if (err)
		goto err_teardown_stats;
	err = knts_endpoint_setup(knet);
	if (err)
		goto err_teardown_phc;

	return 0;

err_teardown_phc:
	knts_phc_teardown(knet);
err_teardown_stats:
	knts_stats_teardown(knet);
	return err;
}

/*
 * The servers first: after them no packet looks at the rest. And before any
 * device goes: the stack keeps a broadcast's route in the socket, and the
 * loopback device waits for that route's end.
 */
static void __net_exit net_close(struct net *net)
{
	struct knts_net *knet = knts_main_net(net);

	knts_endpoint_teardown(knet);
	knts_phc_teardown(knet);
}

static void __net_exit net_teardown(struct net *net)
{
	struct knts_net *knet = knts_main_net(net);

	knts_txstamp_teardown(knet);
	knts_interleave_teardown(knet);
	knts_keyring_teardown(knet);
	knts_clock_teardown(knet);
	knts_clients_teardown(knet);
	knts_histogram_teardown(knet);
	knts_stats_teardown(knet);
	mutex_destroy(&knet->lock);
}

static struct pernet_operations net_ops = {
	.init = net_setup,
	.pre_exit = net_close,
	.exit = net_teardown,
	.id = &net_id,
	.size = sizeof(struct knts_net),
};

static int __init knts_init(void)
{
	int err;

	knts_aes_init();
	knts_rxstamp_init();
	err = knts_respond_init();
	if (err)
		return err;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto err_exit_respond;
	err = genl_register_family(&knts_nl_family);
	if (err)
		goto err_unregister_net;

	return 0;

err_unregister_net:
	unregister_pernet_subsys(&net_ops);
err_exit_respond:
	knts_respond_exit();
	return err;
}

static void __exit knts_exit(void)
{
	genl_unregister_family(&knts_nl_family);
	unregister_pernet_subsys(&net_ops);
	knts_respond_exit();
	/* The last devices are freed by a function of this module. */
	rcu_barrier();
}

module_init(knts_init);
module_exit(knts_exit);

MODULE_DESCRIPTION("NTS-authenticated NTP server");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("knts");
