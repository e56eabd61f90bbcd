/* body.c - packing a resource for keeping, and putting it back together. */
#include "record/body.h"

enum { ID_SERVER, ID_UUID, ID_TEXT };

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_dash(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

/* A lower-case UUID into 16 bytes. */
static bool
uuid_pack(struct hf_sv id, char out[16])
{
	size_t n = 0;

	if (id.n != 36)
		return false;
	for (size_t i = 0; i < 36;) {
		int a, b;

		if (is_dash(i)) {
			if (id.p[i++] != '-')
				return false;
			continue;
		}
		a = hex(id.p[i]);
		b = hex(id.p[i + 1]);
		if (a < 0 || b < 0)
			return false;
		out[n++] = (char)(a << 4 | b);
		i += 2;
	}
	return true;
}

static void
uuid_unpack(const char *in, char out[36])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 36;) {
		unsigned char c;

		if (is_dash(i)) {
			out[i++] = '-';
			continue;
		}
		c = (unsigned char)*in++;
		out[i++] = digits[c >> 4];
		out[i++] = digits[c & 15];
	}
}

static void
put_varint(struct hf_buf *out, size_t v)
{
	while (v >= 0x80) {
		hf_buf_char(out, (char)(v | 0x80));
		v >>= 7;
	}
	hf_buf_char(out, (char)v);
}

static bool
get_varint(struct hf_sv *in, size_t *out)
{
	size_t v = 0;

	for (unsigned shift = 0; shift < 35 && in->n > 0; shift += 7) {
		unsigned char c = (unsigned char)in->p[0];

		*in = hf_sv_from_at(*in, 1);
		v |= (size_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*out = v;
			return true;
		}
	}
	return false;
}

struct packing {
	const struct hf_json *doc;
	hf_body_resolve resolve;
	void *ctx;
	struct hf_buf *out;
};

static bool
resolved(const struct packing *p, uint32_t i)
{
	struct hf_sv text = hf_json_raw(p->doc, i), to;

	if (!p->resolve || (!hf_sv_eq(hf_json_key(p->doc, i), HF_SV("reference")) &&
			    !hf_sv_starts(text, HF_SV("urn:uuid:"))))
		return false;
	if (!p->resolve(p->ctx, text, &to))
		return false;
	hf_buf_char(p->out, '"');
	hf_buf_sv(p->out, to);
	hf_buf_char(p->out, '"');
	return true;
}

/* Copies the nodes from..to of one array or object, commas between, without its
 * own brackets.  Each node carries how deep it stands by a stack of ends. */
static void
put_nodes(const struct packing *p, uint32_t from, uint32_t to)
{
	struct {
		uint32_t end;
		char close;
	} open[256];
	unsigned depth = 0;
	bool comma = false;

	for (uint32_t i = from; i < to; i++) {
		const struct hf_json_node *node = &p->doc->nodes[i];

		if (comma)
			hf_buf_char(p->out, ',');
		if (node->key_len)
			hf_buf_add(p->out, p->doc->text + node->key - 1,
				   node->key_len + 2u);
		if (node->key_len)
			hf_buf_char(p->out, ':');
		comma = true;
		if (node->type >= HF_JSON_ARRAY) {
			bool array = node->type == HF_JSON_ARRAY;

			assert(depth < HF_COUNT(open));
			hf_buf_char(p->out, array ? '[' : '{');
			open[depth].end = node->next;
			open[depth++].close = array ? ']' : '}';
			comma = false;
		} else if (node->type != HF_JSON_STRING || !resolved(p, i)) {
			hf_buf_sv(p->out, hf_json_source(p->doc, i));
		}
		while (depth > 0 && open[depth - 1].end == i + 1) {
			hf_buf_char(p->out, open[--depth].close);
			comma = true;
		}
	}
}

/* The members of object o other than those named, comma between. */
static void
put_members(const struct packing *p, uint32_t o, const struct hf_sv *without, size_t n)
{
	bool comma = false;

	for (uint32_t c = o + 1; c < p->doc->nodes[o].next; c = p->doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(p->doc, c);
		bool skip = false;

		for (size_t i = 0; i < n; i++)
			skip |= hf_sv_eq(key, without[i]);
		if (skip)
			continue;
		if (comma)
			hf_buf_char(p->out, ',');
		put_nodes(p, c, p->doc->nodes[c].next);
		comma = true;
	}
}

static void
put_id(struct hf_sv id, struct hf_buf *out)
{
	char packed[16];

	if (id.n == 0) {
		hf_buf_char(out, ID_SERVER);
	} else if (uuid_pack(id, packed)) {
		hf_buf_char(out, ID_UUID);
		hf_buf_add(out, packed, sizeof packed);
	} else {
		assert(id.n <= 64);
		hf_buf_char(out, ID_TEXT);
		hf_buf_char(out, (char)id.n);
		hf_buf_sv(out, id);
	}
}

void
hf_body_pack(const struct hf_json *doc, uint32_t node, struct hf_sv id,
	     hf_body_resolve resolve, void *ctx, struct hf_buf *out)
{
	hf_body_pack_from(doc, node, id, (struct hf_sv){NULL, 0}, resolve, ctx, out);
}

void
hf_body_pack_from(const struct hf_json *doc, uint32_t node, struct hf_sv id,
		  struct hf_sv source, hf_body_resolve resolve, void *ctx,
		  struct hf_buf *out)
{
	static const struct hf_sv own[] = {
	    {"resourceType", 12}, {"id", 2}, {"meta", 4}};
	static const struct hf_sv ours[] = {{"versionId", 9}, {"lastUpdated", 11}};
	struct hf_buf meta = {0};
	struct packing p = {doc, resolve, ctx, &meta};
	uint32_t m = hf_json_member(doc, node, "meta");

	if (m != HF_JSON_NONE && hf_json_type(doc, m) == HF_JSON_OBJECT)
		put_members(&p, m, ours, HF_COUNT(ours));
	if (source.n) {
		hf_buf_sv(&meta,
			  meta.n ? HF_SV(",\"source\":\"") : HF_SV("\"source\":\""));
		hf_buf_sv(&meta, source);
		hf_buf_char(&meta, '"');
	}
	put_id(id, out);
	put_varint(out, meta.n);
	hf_buf_sv(out, hf_buf_view(&meta));
	out->failed |= meta.failed;
	hf_buf_free(&meta);
	p.out = out;
	put_members(&p, node, own, HF_COUNT(own));
}

void
hf_body_tombstone(struct hf_sv id, struct hf_buf *out)
{
	put_id(id, out);
	put_varint(out, 0);
}

/* Takes the id off the front of *kept. */
static bool
take_id(struct hf_sv *kept, char text[36], struct hf_sv *id)
{
	size_t n;

	if (kept->n == 0)
		return false;
	switch (kept->p[0]) {
	case ID_SERVER:
		*id = (struct hf_sv){NULL, 0};
		*kept = hf_sv_from_at(*kept, 1);
		return true;
	case ID_UUID:
		if (kept->n < 17)
			return false;
		uuid_unpack(kept->p + 1, text);
		*id = (struct hf_sv){text, 36};
		*kept = hf_sv_from_at(*kept, 17);
		return true;
	case ID_TEXT:
		if (kept->n < 2)
			return false;
		n = (unsigned char)kept->p[1];
		if (kept->n < 2 + n)
			return false;
		*id = (struct hf_sv){kept->p + 2, n};
		*kept = hf_sv_from_at(*kept, 2 + n);
		return true;
	default:
		return false;
	}
}

bool
hf_body_id(struct hf_sv kept, char text[36], struct hf_sv *id)
{
	return take_id(&kept, text, id);
}

size_t
hf_body_bound(size_t kept)
{
	return kept + 320;
}

bool
hf_body_unpack(struct hf_sv kept, struct hf_sv type, struct hf_sv id, uint32_t version,
	       hf_time at, struct hf_buf *out)
{
	char uuid[36], time[32], number[16];
	struct hf_sv own_id, meta;
	size_t n;
	int digits;

	if (!take_id(&kept, uuid, &own_id) || !get_varint(&kept, &n) || n > kept.n)
		return false;
	meta = (struct hf_sv){kept.p, n};
	kept = hf_sv_from_at(kept, n);
	if (own_id.n)
		id = own_id;
	digits = snprintf(number, sizeof number, "%u", version);
	hf_buf_lit(out, "{\"resourceType\":\"");
	hf_buf_sv(out, type);
	hf_buf_lit(out, "\",\"id\":\"");
	hf_buf_sv(out, id);
	hf_buf_lit(out, "\",\"meta\":{\"versionId\":\"");
	hf_buf_add(out, number, (size_t)digits);
	hf_buf_lit(out, "\",\"lastUpdated\":\"");
	hf_buf_add(out, hf_time_format(at, time, sizeof time), 24);
	hf_buf_char(out, '"');
	if (meta.n)
		hf_buf_char(out, ',');
	hf_buf_sv(out, meta);
	hf_buf_char(out, '}');
	if (kept.n)
		hf_buf_char(out, ',');
	hf_buf_sv(out, kept);
	hf_buf_char(out, '}');
	return !out->failed;
}
