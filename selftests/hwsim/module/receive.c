// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>

#include "compat.h"
#include "hwsim.h"

#define FRAMES_MAX 1024
/* Shorter waits for a frame are spun away: a timer would take as long. */
#define SPIN_NS 2000

/* In a frame's skb->cb until the stack gets it. */
struct frame {
	s64 arrival_raw_ns;
};

static struct frame *frame_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct frame) > sizeof(skb->cb));
	return (struct frame *)skb->cb;
}

/* How long until the first frame is there: 0 if it is, -1 if there is none. */
static s64 wait_ns(struct hwsim_queue *queue)
{
	struct sk_buff *skb = skb_peek(&queue->frames);
	s64 left_ns;

	if (!skb)
		return -1;
	left_ns = frame_of(skb)->arrival_raw_ns - (s64)ktime_get_raw_ns();
	return max_t(s64, left_ns, 0);
}

static void deliver(struct hwsim_queue *queue, struct sk_buff *skb)
{
	skb_record_rx_queue(skb, queue - queue->sim->queues);
	DEV_STATS_INC(queue->sim->dev, rx_packets);
	napi_gro_receive(&queue->napi, skb);
}

static int poll(struct napi_struct *napi, int budget)
{
	struct hwsim_queue *queue = container_of(napi, struct hwsim_queue,
						 napi);
	s64 left_ns;
	int done = 0;

	while (done < budget) {
		left_ns = wait_ns(queue);
		if (left_ns < 0 || left_ns > SPIN_NS)
			break;
		if (left_ns) {
			cpu_relax();
			continue;
		}
		deliver(queue, skb_dequeue(&queue->frames));
		done++;
	}
	if (done == budget || !napi_complete_done(napi, done))
		return done;

	left_ns = wait_ns(queue);
	if (left_ns >= 0)
		hrtimer_start(&queue->timer, ns_to_ktime(left_ns),
			      HRTIMER_MODE_REL_PINNED);
	return done;
}

/* The device's interrupt, on the queue's CPU. */
static void interrupt(void *info)
{
	struct hwsim_queue *queue = info;

	napi_schedule(&queue->napi);
}

static enum hrtimer_restart timer_fires(struct hrtimer *timer)
{
	interrupt(container_of(timer, struct hwsim_queue, timer));
	return HRTIMER_NORESTART;
}

/* Receive side scaling: the queue that a flow's frames go to. */
struct hwsim_queue *hwsim_receive_queue(struct hwsim *sim, struct sk_buff *skb)
{
	return &sim->queues[skb_get_hash(skb) % sim->queue_count];
}

/* Takes the skb, which is lost if the queue is full, or the device is down. */
void hwsim_receive_frame(struct hwsim_queue *queue, struct sk_buff *skb,
			 s64 arrival_raw_ns)
{
	struct net_device *dev = queue->sim->dev;

	if (!netif_running(dev) ||
	    skb_queue_len_lockless(&queue->frames) >= FRAMES_MAX) {
		DEV_STATS_INC(dev, rx_missed_errors);
		kfree_skb(skb);
		return;
	}

	frame_of(skb)->arrival_raw_ns = arrival_raw_ns;
	skb_queue_tail(&queue->frames, skb);
	/* Busy: it has been told of another frame, and will find this one too. */
	if (smp_call_function_single_async(queue->cpu, &queue->csd) == -ENXIO)
		napi_schedule(&queue->napi);
}

void hwsim_receive_open(struct hwsim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->queue_count; i++)
		napi_enable(&sim->queues[i].napi);
}

static void nothing(void *info)
{
}

/* Nobody sends to it any more, or sees that it runs. */
void hwsim_receive_stop(struct hwsim *sim)
{
	unsigned int i;

	/* Interrupts that are on their way are over once another one is. */
	synchronize_net();
	on_each_cpu(nothing, NULL, 1);
	for (i = 0; i < sim->queue_count; i++) {
		struct hwsim_queue *queue = &sim->queues[i];

		napi_disable(&queue->napi);
		hrtimer_cancel(&queue->timer);
		skb_queue_purge(&queue->frames);
	}
}

int hwsim_receive_setup(struct hwsim *sim, unsigned int queues)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);
	unsigned int i;

	sim->queues = kcalloc(queues, sizeof(*sim->queues), GFP_KERNEL);
	if (!sim->queues)
		return -ENOMEM;

	sim->queue_count = queues;
	for (i = 0; i < queues; i++) {
		struct hwsim_queue *queue = &sim->queues[i];

		queue->sim = sim;
		queue->cpu = cpu;
		skb_queue_head_init(&queue->frames);
		INIT_CSD(&queue->csd, interrupt, queue);
		hwsim_compat_hrtimer_setup(&queue->timer, timer_fires,
					   HRTIMER_MODE_REL_PINNED);
		netif_napi_add(sim->dev, &queue->napi, poll);
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}

	return 0;
}

void hwsim_receive_teardown(struct hwsim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->queue_count; i++)
		netif_napi_del(&sim->queues[i].napi);
	kfree(sim->queues);
}
