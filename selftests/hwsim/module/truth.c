// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "hwsim.h"

static struct hwsim_record *ring;
static unsigned int ring_len;
static atomic64_t written;

void hwsim_truth_write(struct hwsim_record *record)
{
	u64 number = atomic64_inc_return(&written);
	struct hwsim_record *slot = &ring[(number - 1) % ring_len];

	WRITE_ONCE(slot->number, 0);
	/* The old number goes before its content does. */
	smp_wmb();
	record->number = 0;
	*slot = *record;
	record->number = number;
	/* The new one comes when all is there. */
	smp_store_release(&slot->number, number);
}

/* The packet's transmit timestamp is reported now; 0 is no packet's number. */
void hwsim_truth_reported(u64 number)
{
	struct hwsim_record *slot = &ring[(number - 1) % ring_len];

	/* Nothing is put into a record that is not whole. */
	if (number && smp_load_acquire(&slot->number) == number)
		WRITE_ONCE(slot->reported_raw_ns, ktime_get_raw_ns());
}

/* The record of a number, if it is still, or already, there. */
static bool truth_read(u64 number, struct hwsim_record *record)
{
	const struct hwsim_record *slot = &ring[(number - 1) % ring_len];

	/* The number, then the content. */
	if (smp_load_acquire(&slot->number) != number)
		return false;
	*record = *slot;
	/* The content, then whether it was the same all the time. */
	smp_rmb();
	record->number = number;
	return READ_ONCE(slot->number) == number;
}

/* The file is the sequence of all records; what the ring lost is passed over. */
static ssize_t file_read(struct file *file, char __user *to, size_t size,
			 loff_t *position)
{
	u64 last = atomic64_read(&written);
	struct hwsim_record record;
	size_t done = 0;
	u64 number;

	if (*position % sizeof(record))
		return -EINVAL;

	number = *position / sizeof(record) + 1;
	if (last > ring_len && number <= last - ring_len)
		number = last - ring_len + 1;
	for (; number <= last && size - done >= sizeof(record); number++) {
		if (!truth_read(number, &record))
			continue;
		if (copy_to_user(to + done, &record, sizeof(record)))
			return -EFAULT;
		done += sizeof(record);
	}

	*position = (number - 1) * sizeof(record);
	return done;
}

/* Whatever is written, the ring is emptied; no packet may cross meanwhile. */
static ssize_t file_write(struct file *file, const char __user *from,
			  size_t size, loff_t *position)
{
	memset(ring, 0, array_size(ring_len, sizeof(*ring)));
	atomic64_set(&written, 0);
	return size;
}

static const struct file_operations file_operations = {
	.owner = THIS_MODULE,
	.read = file_read,
	.write = file_write,
	.llseek = default_llseek,
};

int hwsim_truth_init(struct dentry *root, unsigned int records)
{
	ring = vzalloc(array_size(records, sizeof(*ring)));
	if (!ring)
		return -ENOMEM;
	ring_len = records;
	debugfs_create_file("truth", 0600, root, NULL, &file_operations);
	return 0;
}

void hwsim_truth_exit(void)
{
	vfree(ring);
}
