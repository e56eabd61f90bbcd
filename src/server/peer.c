/* peer.c - addresses of clients, and what a proxy in front says of them. */
#include "server/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool
is_v4(const struct hf_addr *a)
{
	return memcmp(a->b, mapped, sizeof mapped) == 0;
}

bool
hf_addr_parse(struct hf_sv text, struct hf_addr *out)
{
	char copy[HF_ADDR_TEXT];
	struct hf_addr a;

	text = hf_sv_trim(text);
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct hf_sv){text.p + 1, text.n - 2};
	if (text.n == 0 || text.n >= sizeof copy)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	memcpy(a.b, mapped, sizeof mapped);
	if (inet_pton(AF_INET, copy, a.b + 12) != 1 &&
	    inet_pton(AF_INET6, copy, a.b) != 1)
		return false;
	*out = a;
	return true;
}

bool
hf_addr_of(const struct sockaddr *from, struct hf_addr *out)
{
	*out = (struct hf_addr){{0}};
	if (from && from->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;

		memcpy(out->b, mapped, sizeof mapped);
		memcpy(out->b + 12, &in->sin_addr, 4);
		return true;
	}
	if (from && from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)from;

		memcpy(out->b, &in6->sin6_addr, 16);
		return true;
	}
	return false;
}

/* Each line of the audit has an address: inet_ntop() goes by sprintf(). */
static struct hf_sv
write_v4(const uint8_t b[4], char *buf)
{
	char *at = buf;

	for (int i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		if (b[i] >= 100)
			*at++ = (char)('0' + b[i] / 100);
		if (b[i] >= 10)
			*at++ = (char)('0' + b[i] / 10 % 10);
		*at++ = (char)('0' + b[i] % 10);
	}
	*at = '\0';
	return (struct hf_sv){buf, (size_t)(at - buf)};
}

struct hf_sv
hf_addr_write(const struct hf_addr *a, char *buf)
{
	if (is_v4(a))
		return write_v4(a->b + 12, buf);
	return hf_sv_from(inet_ntop(AF_INET6, a->b, buf, HF_ADDR_TEXT));
}

bool
hf_addr_is_loopback(const struct hf_addr *a)
{
	static const uint8_t one[16] = {[15] = 1};

	return is_v4(a) ? a->b[12] == 127 : memcmp(a->b, one, sizeof one) == 0;
}

static bool
agree(const struct hf_addr *a, const struct hf_addr *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a->b, b->b, whole) != 0)
		return false;
	return rest == 0 || ((a->b[whole] ^ b->b[whole]) >> (8 - rest)) == 0;
}

bool
hf_addr_same_house(const struct hf_addr *a, const struct hf_addr *b)
{
	return agree(a, b, is_v4(a) ? 128 : 64);
}

/* Is there a bit behind the mask? */
static bool
has_more(const struct hf_net *net)
{
	for (unsigned i = net->bits; i < 128; i++)
		if (net->at.b[i / 8] >> (7 - i % 8) & 1)
			return true;
	return false;
}

static enum hf_rc
parse_net(struct hf_sv text, struct hf_net *out, struct hf_err *err)
{
	struct hf_sv at = hf_sv_trim(text), bits;
	size_t slash = hf_sv_find(at, '/');
	int64_t n = 0;

	bits = hf_sv_from_at(at, slash + 1);
	if (!hf_addr_parse((struct hf_sv){at.p, slash}, &out->at) ||
	    (slash < at.n && (!hf_sv_int(bits, &n) || n < 0)))
		return hf_fail(err, HF_INVALID, NULL,
			       "\"%.*s\" is no network; write 10.1.0.0/16 or "
			       "2001:db8::/32, several with a comma between",
			       (int)(at.n > 60 ? 60 : at.n), at.p);
	if (slash == at.n)
		n = 128;
	else if (is_v4(&out->at))
		n += 96;
	out->bits = n > 128 ? 129 : (unsigned)n;
	if (out->bits > 128 || has_more(out))
		return hf_fail(err, HF_INVALID, NULL,
			       "the network \"%.*s\" has an address that its mask does "
			       "not cover; set the bits behind the mask to 0",
			       (int)(at.n > 60 ? 60 : at.n), at.p);
	return HF_OK;
}

enum hf_rc
hf_nets_parse(struct hf_sv list, struct hf_nets *out, struct hf_err *err)
{
	struct hf_nets nets = {.n = 0};

	while (list.n) {
		struct hf_sv one = hf_sv_cut(&list, ',');
		enum hf_rc rc;

		if (nets.n == HF_NETS_MAX)
			return hf_fail(err, HF_INVALID, NULL,
				       "at most %d networks are taken", HF_NETS_MAX);
		rc = parse_net(one, &nets.item[nets.n], err);
		if (rc)
			return rc;
		nets.n++;
	}
	*out = nets;
	return HF_OK;
}

bool
hf_nets_have(const struct hf_nets *nets, const struct hf_addr *a)
{
	for (size_t i = 0; i < nets->n; i++)
		if (agree(&nets->item[i].at, a, nets->item[i].bits))
			return true;
	return false;
}

/* Cuts the last word of a comma list off. */
static struct hf_sv
cut_last(struct hf_sv *list)
{
	size_t at = list->n;
	struct hf_sv last;

	while (at > 0 && list->p[at - 1] != ',')
		at--;
	last = hf_sv_trim(hf_sv_from_at(*list, at));
	list->n = at ? at - 1 : 0;
	return last;
}

bool
hf_forwarded_for(struct hf_sv header, const struct hf_nets *proxies,
		 struct hf_addr *out)
{
	struct hf_addr a;

	while (header.n) {
		if (!hf_addr_parse(cut_last(&header), &a))
			return false;
		if (!hf_nets_have(proxies, &a)) {
			*out = a;
			return true;
		}
	}
	return false;
}

struct hf_sv
hf_forwarded_last(struct hf_sv header)
{
	return cut_last(&header);
}
