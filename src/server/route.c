/* route.c - matching a path against a table of routes. */
#include "server/route.h"

/* One part of the path from *at on, up to the next / or the end. */
static struct hf_sv
take_part(struct hf_sv path, size_t *at)
{
	struct hf_sv part = hf_sv_from_at(path, *at);

	part.n = hf_sv_find(part, '/');
	*at += part.n;
	return part;
}

/* Walks pattern and path side by side: most lines part company within a few
 * characters. */
static bool
match_pattern(const char *pattern, struct hf_sv path, struct hf_sv *args)
{
	const char *p = pattern;
	size_t at = 0, n = 0;

	while (*p) {
		const char *close;

		if (*p != '{') {
			if (at == path.n || path.p[at] != *p)
				return false;
			at++;
			p++;
			continue;
		}
		assert(n < HF_ROUTE_ARGS);
		close = strchr(p, '}');
		assert(close);
		if (close[-1] == '*') {
			args[n] = hf_sv_from_at(path, at);
			return args[n].n > 0;
		}
		args[n] = take_part(path, &at);
		if (args[n++].n == 0)
			return false;
		p = close + 1;
	}
	return at == path.n;
}

enum hf_matched
hf_route_match_in(const struct hf_route *routes, size_t n, enum hf_method method,
		  struct hf_sv path, const struct hf_route **out,
		  struct hf_sv args[HF_ROUTE_ARGS], unsigned *allow)
{
	enum hf_method as = method == HF_HEAD ? HF_GET : method;
	const struct hf_route *found = NULL;
	unsigned set = 0;

	/* FHIR clients may ask [base]/ for [base]. */
	if (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (size_t i = 0; i < n && path.n; i++) {
		struct hf_sv got[HF_ROUTE_ARGS];

		if (found && routes[i].method == as)
			continue;
		memset(got, 0, sizeof got);
		if (!match_pattern(routes[i].pattern, path, got))
			continue;
		/* {rest*} matches what nobody knows: it tells nothing of methods. */
		if (routes[i].method == as || !strstr(routes[i].pattern, "*}"))
			set |= 1u << routes[i].method;
		if (routes[i].method == as) {
			found = &routes[i];
			memcpy(args, got, sizeof got);
		}
	}
	if (set & 1u << HF_GET)
		set |= 1u << HF_HEAD;
	if (set)
		set |= 1u << HF_OPTIONS;
	*allow = set;
	if (found) {
		*out = found;
		return HF_MATCHED;
	}
	return set ? HF_MATCHED_PATH : HF_MATCHED_NONE;
}

static const char *const method_names[] = {
    [HF_GET] = "GET",	      [HF_HEAD] = "HEAD",      [HF_POST] = "POST",
    [HF_PUT] = "PUT",	      [HF_PATCH] = "PATCH",    [HF_DELETE] = "DELETE",
    [HF_OPTIONS] = "OPTIONS", [HF_METHOD_OTHER] = "?",
};

const char *
hf_method_name(enum hf_method method)
{
	return method_names[method];
}

struct hf_sv
hf_route_allow(unsigned allow, struct hf_arena *arena)
{
	char text[64];
	size_t n = 0;

	for (unsigned m = 0; m < HF_METHOD_OTHER; m++)
		if (allow & 1u << m) {
			int w = snprintf(text + n, sizeof text - n, "%s%s",
					 n ? ", " : "", method_names[m]);

			n += (size_t)w;
		}
	return hf_arena_sv(arena, (struct hf_sv){text, n});
}
