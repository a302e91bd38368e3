// SPDX-License-Identifier: GPL-2.0-only
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/udp_tunnel.h>

#include "compat/extack.h"
#include "endpoint.h"
#include "histogram.h"
#include "report.h"
#include "respond.h"

static int sockaddr_fill(struct sockaddr_storage *storage,
			 const struct knts_address *address)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
	struct sockaddr_in *in = (struct sockaddr_in *)storage;

	memset(storage, 0, sizeof(*storage));
	if (address->family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_addr.s_addr = address->ip.s6_addr32[0];
		in->sin_port = htons(address->port);
		return sizeof(*in);
	}

	in6->sin6_family = AF_INET6;
	in6->sin6_addr = address->ip;
	in6->sin6_port = htons(address->port);
	in6->sin6_scope_id = address->ifindex;
	return sizeof(*in6);
}

/* The sentence for an error of socket() or bind(). */
static int explain(int err, const struct sockaddr_storage *sa,
		   struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EADDRINUSE:
		knts_compat_refuse(extack, NULL,
				   "another program has this port",
				   ": %pISpc", sa);
		break;
	case -EADDRNOTAVAIL:
		knts_compat_refuse(extack, NULL,
				   "not an address of this machine",
				   ": %pISpc", sa);
		break;
	case -EACCES:
		knts_compat_refuse(extack, NULL,
				   "so low a port needs CAP_NET_BIND_SERVICE",
				   ": %pISpc", sa);
		break;
	case -EAFNOSUPPORT:
		knts_compat_refuse(extack, NULL, "IPv6 is off on this machine",
				   ": %pISpc", sa);
		break;
	default:
		knts_compat_refuse(extack, NULL, "cannot bind to this address",
				   ": %pISpc", sa);
		break;
	}

	return err;
}

static int check_address(const struct knts_net *knet,
			 const struct knts_address *address,
			 struct netlink_ext_ack *extack)
{
	const struct in6_addr *ip6 = &address->ip;
	__be32 ip4 = ip6->s6_addr32[0];
	unsigned int type;

	if (address->family == AF_INET) {
		if (!ip4)
			return 0;
		type = inet_addr_type(knet->net, ip4);
		if (type != RTN_BROADCAST && type != RTN_MULTICAST)
			return 0;
		knts_compat_refuse(extack, NULL, "not a unicast address",
				   ": %pI4", &ip4);
	} else if (ipv6_addr_is_multicast(ip6)) {
		knts_compat_refuse(extack, NULL, "not a unicast address",
				   ": %pI6c", ip6);
	} else if (ipv6_addr_v4mapped(ip6)) {
		knts_compat_refuse(extack, NULL,
				   "write this address as IPv4", ": %pI6c",
				   ip6);
	} else if (ipv6_addr_type(ip6) & IPV6_ADDR_LINKLOCAL &&
		   !address->ifindex) {
		knts_compat_refuse(extack, NULL,
				   "a link-local address needs its device",
				   ": %pI6c", ip6);
	} else {
		return 0;
	}

	return -EADDRNOTAVAIL;
}

static int socket_open(struct knts_endpoint *endpoint,
		       struct netlink_ext_ack *extack)
{
	const struct knts_address *address = &endpoint->address;
	struct sockaddr_storage sa;
	struct socket *sock;
	struct sock *sk;
	int sa_len;
	int err;

	sa_len = sockaddr_fill(&sa, address);
	err = sock_create_kern(endpoint->knet->net, address->family, SOCK_DGRAM,
			       IPPROTO_UDP, &sock);
	if (err)
		return explain(err, &sa, extack);

	sk = sock->sk;
	endpoint->sock = sock;
	if (address->family == AF_INET6)
		sk->sk_ipv6only = 1;
	if (address->ifindex) {
		err = sock_bindtoindex(sk, address->ifindex, true);
		if (err)
			goto err_release_sock;
	}

	/* Before it is bound, so that no packet ever gets into its queue. */
	rcu_assign_sk_user_data(sk, endpoint);
	WRITE_ONCE(udp_sk(sk)->encap_rcv, knts_respond_rcv);
	WRITE_ONCE(udp_sk(sk)->encap_type, 1);
	udp_tunnel_encap_enable(sk);

	/* The cast serves the address type of every kernel. */
	err = kernel_bind(sock, (void *)&sa, sa_len);
	if (err)
		goto err_release_sock;

	return 0;

err_release_sock:
	/* A hook may have refused it when it was bound: packets may be there. */
	rcu_assign_sk_user_data(sk, NULL);
	sock_release(sock);
	synchronize_net();
	return explain(err, &sa, extack);
}

struct knts_endpoint *knts_endpoint_find(struct knts_net *knet,
					 const struct knts_address *address)
{
	struct knts_endpoint *endpoint;

	list_for_each_entry(endpoint, &knet->endpoints, node) {
		const struct knts_address *other = &endpoint->address;

		if (other->family == address->family &&
		    other->port == address->port &&
		    other->ifindex == address->ifindex &&
		    ipv6_addr_equal(&other->ip, &address->ip))
			return endpoint;
	}

	return NULL;
}

static void endpoint_count_changed(struct knts_net *knet, int change)
{
	knet->endpoint_count += change;
	/* 0 tells a dump that it need not look for changes. */
	if (!++knet->endpoint_seq)
		knet->endpoint_seq = 1;
}

int knts_endpoint_open(struct knts_net *knet, const struct knts_endpoint *like,
		       struct netlink_ext_ack *extack)
{
	struct knts_endpoint *endpoint;
	int err;

	err = check_address(knet, &like->address, extack);
	if (err)
		return err;
	if (knts_endpoint_find(knet, &like->address)) {
		NL_SET_ERR_MSG(extack, "such a server is open already");
		return -EEXIST;
	}
	if (knet->endpoint_count == KNTS_SERVERS_MAX) {
		knts_compat_refuse(extack, NULL, "no more servers can be open",
				   " than %u", KNTS_SERVERS_MAX);
		return -ENOSPC;
	}

	err = knts_histogram_setup(knet);
	if (err)
		return err;
	endpoint = kmemdup(like, sizeof(*like), GFP_KERNEL_ACCOUNT);
	if (!endpoint)
		return -ENOMEM;
	endpoint->knet = knet;

	net_enable_timestamp();
	err = socket_open(endpoint, extack);
	if (err)
		goto err_free_endpoint;

	list_add_tail(&endpoint->node, &knet->endpoints);
	endpoint_count_changed(knet, 1);
	knts_report_server_ntf(endpoint, KNTS_CMD_SERVER_UP_NTF);
	return 0;

err_free_endpoint:
	net_disable_timestamp();
	kfree(endpoint);
	return err;
}

/*
 * Free servers that are on no namespace's list any more. No packet sees a
 * server once its socket's user data is gone and a grace period has passed; no
 * packet runs in this module on its behalf once its socket is gone and another
 * has passed.
 */
static void endpoints_free(struct list_head *dying, bool tell)
{
	struct knts_endpoint *endpoint, *next;

	if (list_empty(dying))
		return;

	list_for_each_entry(endpoint, dying, node)
		rcu_assign_sk_user_data(endpoint->sock->sk, NULL);
	synchronize_net();

	list_for_each_entry(endpoint, dying, node) {
		kernel_sock_shutdown(endpoint->sock, SHUT_RDWR);
		sock_release(endpoint->sock);
	}
	synchronize_net();

	list_for_each_entry_safe(endpoint, next, dying, node) {
		net_disable_timestamp();
		if (tell)
			knts_report_server_ntf(endpoint,
					       KNTS_CMD_SERVER_DOWN_NTF);
		kfree(endpoint);
	}
}

void knts_endpoint_close(struct knts_endpoint *endpoint)
{
	struct knts_net *knet = endpoint->knet;
	LIST_HEAD(dying);

	list_move(&endpoint->node, &dying);
	endpoint_count_changed(knet, -1);
	endpoints_free(&dying, true);
}

static void device_renamed(struct knts_net *knet, const struct net_device *dev)
{
	struct knts_endpoint *endpoint;

	list_for_each_entry(endpoint, &knet->endpoints, node)
		if (endpoint->address.ifindex == dev->ifindex)
			strscpy(endpoint->device, dev->name, IFNAMSIZ);
}

static void device_gone(struct knts_net *knet, const struct net_device *dev)
{
	struct knts_endpoint *endpoint, *next;
	LIST_HEAD(dying);

	list_for_each_entry_safe(endpoint, next, &knet->endpoints, node) {
		if (endpoint->address.ifindex != dev->ifindex)
			continue;
		list_move(&endpoint->node, &dying);
		endpoint_count_changed(knet, -1);
	}
	endpoints_free(&dying, true);
}

static int device_event(struct notifier_block *block, unsigned long event,
			void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct knts_net *knet = container_of(block, struct knts_net, devices);

	if (event != NETDEV_UNREGISTER && event != NETDEV_CHANGENAME)
		return NOTIFY_DONE;

	mutex_lock(&knet->lock);
	if (event == NETDEV_UNREGISTER)
		device_gone(knet, dev);
	else
		device_renamed(knet, dev);
	mutex_unlock(&knet->lock);
	return NOTIFY_DONE;
}

int knts_endpoint_setup(struct knts_net *knet)
{
	INIT_LIST_HEAD(&knet->endpoints);
	knet->endpoint_seq = 1;
	knet->devices.notifier_call = device_event;
	return register_netdevice_notifier_net(knet->net, &knet->devices);
}

/* Nobody is told: the module, or the namespace with all listeners, goes. */
void knts_endpoint_teardown(struct knts_net *knet)
{
	LIST_HEAD(dying);

	mutex_lock(&knet->lock);
	list_splice_init(&knet->endpoints, &dying);
	knet->endpoint_count = 0;
	mutex_unlock(&knet->lock);
	endpoints_free(&dying, false);
	unregister_netdevice_notifier_net(knet->net, &knet->devices);
}
