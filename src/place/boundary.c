/* boundary.c - the geometry of a locality out of base64 and GeoJSON (RFC 7946). */
#include "place/place_int.h"

enum { BYTES_MOST = 256 << 10, RING_LEAST = 4, LAT_MOST = 90, LONG_MOST = 180 };

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* p NULL when it is no base64 or there is no memory. */
static struct hf_sv
decode(struct hf_sv in, struct hf_arena *arena)
{
	struct hf_sv out = {0};
	unsigned bits = 0, held = 0;
	char *p;

	while (in.n && in.p[in.n - 1] == '=')
		in.n--;
	p = in.n <= BYTES_MOST / 3 * 4 ? hf_arena_alloc(arena, in.n + 1) : NULL;
	for (size_t i = 0; p && i < in.n; i++) {
		int d = digit(in.p[i]);

		if (in.p[i] == ' ' || in.p[i] == '\n' || in.p[i] == '\r')
			continue;
		if (d < 0)
			return (struct hf_sv){0};
		bits = (bits << 6 | (unsigned)d) & 0xffffffu;
		held += 6;
		if (held >= 8) {
			held -= 8;
			p[out.n++] = (char)(bits >> held & 0xff);
		}
	}
	out.p = p;
	return out;
}

/* A number in degrees; only its whole part is looked at. */
static bool
degrees(const struct hf_json *d, uint32_t node, int most)
{
	struct hf_sv text;
	int64_t v;

	if (node == HF_JSON_NONE || hf_json_type(d, node) != HF_JSON_NUMBER)
		return false;
	text = hf_json_raw(d, node);
	text.n = hf_sv_find(text, '.');
	if (hf_sv_is(text, "-0"))
		return true;
	return hf_sv_int(text, &v) && v >= -most && v <= most;
}

static bool
is_array(const struct hf_json *d, uint32_t node)
{
	return node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_ARRAY;
}

/* Arrays in arrays down to rings of positions. */
static bool
coordinates(const struct hf_json *d, uint32_t node, int depth)
{
	uint32_t n = 0;

	if (!is_array(d, node))
		return false;
	if (depth == 0) {
		n = hf_json_count(d, node);
		return n >= 2 && n <= 3 && degrees(d, node + 1, LONG_MOST) &&
		       degrees(d, node + 2, LAT_MOST);
	}
	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next, n++)
		if (!coordinates(d, c, depth - 1))
			return false;
	return n >= (depth == 1 ? RING_LEAST : 1);
}

struct hf_sv
hf_boundary_geometry(struct hf_sv base64, struct hf_arena *arena)
{
	static const struct hf_json_limits limits = {.bytes = BYTES_MOST, .depth = 16};
	struct hf_sv text = decode(base64, arena), type;
	struct hf_json d;
	uint32_t node = 0, geometry;

	if (!text.p || hf_json_parse(text, &limits, arena, &d, NULL) != HF_OK)
		return (struct hf_sv){0};
	geometry = hf_json_member(&d, 0, "geometry");
	if (geometry != HF_JSON_NONE)
		node = geometry;
	type = hf_json_str(&d, hf_json_member(&d, node, "type"), arena);
	if (!(hf_sv_is(type, "Polygon") &&
	      coordinates(&d, hf_json_member(&d, node, "coordinates"), 2)) &&
	    !(hf_sv_is(type, "MultiPolygon") &&
	      coordinates(&d, hf_json_member(&d, node, "coordinates"), 3)))
		return (struct hf_sv){0};
	return hf_json_source(&d, node);
}
