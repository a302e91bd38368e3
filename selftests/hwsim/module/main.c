// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/module.h>

#include "hwsim.h"

#define QUEUES_MAX 64
#define RECORDS_MAX (1U << 22)

static unsigned int queues = 4;
module_param(queues, uint, 0444);
MODULE_PARM_DESC(queues, "receive and transmit queues of each device (4)");

static unsigned int records = 65536;
module_param(records, uint, 0444);
MODULE_PARM_DESC(records, "packets of which the truth is kept (65536)");

static struct dentry *root;
static struct hwsim *pair[2];

static int sim_setup(unsigned int index)
{
	struct net_device *dev = hwsim_netdev_alloc(index, queues);
	struct hwsim *sim;
	int err;

	if (!dev)
		return -ENOMEM;

	sim = netdev_priv(dev);
	err = hwsim_receive_setup(sim, queues);
	if (err)
		goto err_free_dev;
	hwsim_knobs_setup(sim, root);
	hwsim_stamps_setup(sim);
	err = hwsim_phc_register(sim);
	if (err)
		goto err_teardown_receive;

	pair[index] = sim;
	return 0;

err_teardown_receive:
	debugfs_remove(sim->folder);
	hwsim_receive_teardown(sim);
err_free_dev:
	free_netdev(dev);
	return err;
}

static void sim_teardown(struct hwsim *sim)
{
	debugfs_remove(sim->folder);
	hwsim_phc_unregister(sim);
	hwsim_receive_teardown(sim);
	free_netdev(sim->dev);
}

static int __init hwsim_init(void)
{
	int err;

	if (!queues || queues > QUEUES_MAX || !records || records > RECORDS_MAX)
		return -EINVAL;

	root = debugfs_create_dir("knts_hwsim", NULL);
	err = hwsim_truth_init(root, records);
	if (err)
		goto err_remove_root;
	err = sim_setup(0);
	if (err)
		goto err_exit_truth;
	err = sim_setup(1);
	if (err)
		goto err_teardown_first;

	pair[0]->peer = pair[1];
	pair[1]->peer = pair[0];
	err = hwsim_netdev_register(pair[0]);
	if (err)
		goto err_teardown_second;
	err = hwsim_netdev_register(pair[1]);
	if (err)
		goto err_unregister_first;
	return 0;

err_unregister_first:
	hwsim_netdev_unregister(pair[0]);
err_teardown_second:
	sim_teardown(pair[1]);
err_teardown_first:
	sim_teardown(pair[0]);
err_exit_truth:
	hwsim_truth_exit();
err_remove_root:
	debugfs_remove(root);
	return err;
}

static void __exit hwsim_exit(void)
{
	/* Both stop sending before what either receives is freed. */
	hwsim_netdev_unregister(pair[1]);
	hwsim_netdev_unregister(pair[0]);
	sim_teardown(pair[1]);
	sim_teardown(pair[0]);
	debugfs_remove(root);
	hwsim_truth_exit();
}

module_init(hwsim_init);
module_exit(hwsim_exit);

MODULE_DESCRIPTION("A pair of simulated NICs with PHCs, to test knts");
MODULE_AUTHOR("The knts project");
MODULE_LICENSE("GPL");
