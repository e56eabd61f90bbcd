/* peer.h - addresses of clients, and what a proxy in front says of them.
 *
 * IPv4 stands as an IPv4-mapped IPv6 address, so that there is one kind.  A proxy is
 * believed when its own address lies in one of the networks that the operator named;
 * from everybody else such headers are as if they were not there. */
#ifndef HF_SERVER_PEER_H
#define HF_SERVER_PEER_H

#include "base/err.h"

struct sockaddr;

struct hf_addr {
	uint8_t b[16];
};

struct hf_net {
	struct hf_addr at;
	unsigned bits; /* of 128 that have to agree */
};

enum { HF_NETS_MAX = 8, HF_ADDR_TEXT = 46 };

/* A list of networks; none to begin with. */
struct hf_nets {
	struct hf_net item[HF_NETS_MAX];
	size_t n;
};

/* "192.0.2.7", "2001:db8::1", "[2001:db8::1]"; false when it is no address. */
bool hf_addr_parse(struct hf_sv text, struct hf_addr *out);
/* False for an address that is neither IPv4 nor IPv6; *out is then all zero. */
bool hf_addr_of(const struct sockaddr *from, struct hf_addr *out);
/* As people write it, into buf of HF_ADDR_TEXT bytes. */
struct hf_sv hf_addr_write(const struct hf_addr *a, char *buf);
bool hf_addr_is_loopback(const struct hf_addr *a);
/* Are they one household?  The same address, or with IPv6 the same /64. */
bool hf_addr_same_house(const struct hf_addr *a, const struct hf_addr *b);

/* "10.0.0.0/8,::1" apart; an address alone is a network of one.  HF_INVALID with what
 * is expected: also when bits behind the mask are set, or there are too many. */
enum hf_rc hf_nets_parse(struct hf_sv list, struct hf_nets *out, struct hf_err *err);
bool hf_nets_have(const struct hf_nets *nets, const struct hf_addr *a);

/* Who is behind the proxies: the last address of an X-Forwarded-For header that is no
 * proxy of ours.  False when there is none or it is not readable: *out is untouched. */
bool hf_forwarded_for(struct hf_sv header, const struct hf_nets *proxies,
		      struct hf_addr *out);
/* The last word of a header that proxies add to ("http, https"). */
struct hf_sv hf_forwarded_last(struct hf_sv header);

#endif
