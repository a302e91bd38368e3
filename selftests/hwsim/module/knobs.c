// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "hwsim.h"

/* A file's private data is its element of hwsim.knobs, its inode's number none. */
static const struct knob {
	const char *name;
	s64 initial;
	s64 least;
	s64 most;
} knobs[] = {
#define KNOB_ROW(symbol, file, value, low, high) \
	[HWSIM_##symbol] = { \
		.name = file, .initial = value, .least = low, .most = high, \
	},
	HWSIM_KNOBS(KNOB_ROW)
#undef KNOB_ROW
};

static enum hwsim_knob knob_of(const struct file *file, const struct hwsim *sim)
{
	const char *name = file_dentry(file)->d_name.name;
	unsigned int knob;

	for (knob = 0; knob < HWSIM_KNOB_COUNT; knob++)
		if (!strcmp(knobs[knob].name, name))
			break;
	return knob;
}

static ssize_t file_read(struct file *file, char __user *to, size_t size,
			 loff_t *position)
{
	const struct hwsim *sim = file->private_data;
	char text[24];
	int len;

	len = scnprintf(text, sizeof(text), "%lld\n",
			hwsim_knob(sim, knob_of(file, sim)));
	return simple_read_from_buffer(to, size, position, text, len);
}

static ssize_t file_write(struct file *file, const char __user *from,
			  size_t size, loff_t *position)
{
	struct hwsim *sim = file->private_data;
	enum hwsim_knob knob = knob_of(file, sim);
	long long value;
	int err;

	err = kstrtoll_from_user(from, size, 0, &value);
	if (err)
		return err;
	if (value < knobs[knob].least || value > knobs[knob].most)
		return -ERANGE;

	WRITE_ONCE(sim->knobs[knob], value);
	hwsim_phc_dialled(sim, knob);
	return size;
}

static const struct file_operations file_operations = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = file_read,
	.write = file_write,
	.llseek = default_llseek,
};

void hwsim_knobs_setup(struct hwsim *sim, struct dentry *root)
{
	unsigned int knob;

	sim->folder = debugfs_create_dir(sim->dev->name, root);
	for (knob = 0; knob < HWSIM_KNOB_COUNT; knob++) {
		sim->knobs[knob] = knobs[knob].initial;
		debugfs_create_file(knobs[knob].name, 0600, sim->folder, sim,
				    &file_operations);
	}
}
