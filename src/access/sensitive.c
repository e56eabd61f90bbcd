/* sensitive.c - codes of sensitive content, found in a resource in one pass.
 *
 * The pass goes over the tape once and stops at members called "code" alone; their
 * text is looked up first, and only what is in the table has its system looked at. */
#include "access/sensitive.h"

enum { CODE_MAX = 24 }; /* bytes: longer codes are in no list */

struct entry {
	struct hf_sv code;
	struct hf_sv word; /* of the system */
	const struct hf_category *category;
	uint32_t next; /* index + 1 of the next in the chain */
	bool prefix;
};

struct hf_policy_codes {
	const struct hf_code_system *systems;
	size_t n_systems;
	struct entry *entries;
	size_t n;
	uint32_t *head;
	size_t mask;
	uint32_t lengths; /* set of the lengths of prefixes */
};

static uint32_t
hash_of(const char *p, size_t n)
{
	uint32_t h = 0x811c9dc5u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x01000193u;
	return h ^ h >> 15;
}

static void
add(struct hf_policy_codes *t, const struct hf_category *category,
    const struct hf_sensitive *s)
{
	uint32_t *head = &t->head[hash_of(s->code.p, s->code.n) & t->mask];

	t->entries[t->n] = (struct entry){.code = s->code,
					  .word = s->system,
					  .category = category,
					  .next = *head,
					  .prefix = s->prefix};
	*head = (uint32_t)++t->n;
	if (s->prefix)
		t->lengths |= 1u << s->code.n;
}

struct hf_policy_codes *
hf_policy_codes_new(const struct hf_policy *policy,
		    const struct hf_code_system *systems, size_t n_systems,
		    struct hf_arena *arena)
{
	struct hf_policy_codes *t = HF_NEW(arena, struct hf_policy_codes);
	size_t n = 0, size = 16;

	for (size_t i = 0; i < policy->n_categories; i++)
		n += policy->categories[i].n_codes;
	while (size < 4 * n)
		size *= 2;
	if (!t)
		return NULL;
	t->systems = systems;
	t->n_systems = n_systems;
	t->mask = size - 1;
	t->entries = hf_arena_array(arena, n + 1, sizeof(*t->entries));
	t->head = hf_arena_array(arena, size, sizeof(*t->head));
	if (!t->entries || !t->head)
		return NULL;
	for (size_t i = 0; i < policy->n_categories; i++)
		for (size_t k = 0; k < policy->categories[i].n_codes; k++)
			add(t, &policy->categories[i], &policy->categories[i].codes[k]);
	return t;
}

/* ICD-10 and Read codes are written with and without their dots: without them they
 * are compared.  0 when it is too long to be in a list. */
static size_t
plain(struct hf_sv code, char out[CODE_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] == '.')
			continue;
		if (n == CODE_MAX)
			return 0;
		out[n++] = code.p[i];
	}
	return n;
}

static bool
is_system(const struct hf_policy_codes *t, struct hf_sv word, struct hf_sv url)
{
	for (size_t i = 0; i < t->n_systems; i++)
		if (hf_sv_eq(t->systems[i].word, word) &&
		    hf_sv_eq(t->systems[i].url, url))
			return true;
	return false;
}

/* The system beside the code at node; n 0 when there is none.  The members of an
 * object stand together, so it is among those before or behind. */
static struct hf_sv
system_of(const struct hf_json *doc, uint32_t object)
{
	uint32_t node = hf_json_member(doc, object, "system");

	if (node == HF_JSON_NONE || hf_json_type(doc, node) != HF_JSON_STRING)
		return (struct hf_sv){NULL, 0};
	return hf_json_raw(doc, node);
}

/* The object that has node as a member. */
static uint32_t
object_of(const struct hf_json *doc, uint32_t node)
{
	uint32_t i = node;

	while (i-- > 0)
		if (hf_json_type(doc, i) == HF_JSON_OBJECT && doc->nodes[i].next > node)
			return i;
	return HF_JSON_NONE;
}

struct looking {
	const struct hf_policy_codes *t;
	const struct hf_json *doc;
	bool (*found)(void *ctx, const struct hf_category *category);
	void *ctx;
};

/* Looks the first n bytes of code up; false when found wants no more. */
static bool
look_up(const struct looking *l, uint32_t node, const char *code, size_t n, bool whole)
{
	const struct hf_policy_codes *t = l->t;

	for (uint32_t at = t->head[hash_of(code, n) & t->mask]; at;
	     at = t->entries[at - 1].next) {
		const struct entry *e = &t->entries[at - 1];

		if (e->code.n != n || memcmp(e->code.p, code, n) != 0 ||
		    (!whole && !e->prefix) ||
		    !is_system(t, e->word, system_of(l->doc, object_of(l->doc, node))))
			continue;
		if (!l->found(l->ctx, e->category))
			return false;
	}
	return true;
}

static bool
look_at(const struct looking *l, uint32_t node)
{
	char code[CODE_MAX];
	size_t n = plain(hf_json_raw(l->doc, node), code);

	if (n == 0)
		return true;
	for (size_t k = 1; k < n; k++)
		if ((l->t->lengths & 1u << k) && !look_up(l, node, code, k, false))
			return false;
	return look_up(l, node, code, n, true);
}

void
hf_policy_codes_in(const struct hf_policy_codes *t, const struct hf_json *doc,
		   uint32_t node,
		   bool (*found)(void *ctx, const struct hf_category *category),
		   void *ctx)
{
	struct looking l = {t, doc, found, ctx};

	if (!t || t->n == 0 || node >= doc->n)
		return;
	for (uint32_t i = node; i < doc->nodes[node].next; i++) {
		const struct hf_json_node *x = &doc->nodes[i];

		if (x->key_len == 4 && x->type == HF_JSON_STRING &&
		    memcmp(doc->text + x->key, "code", 4) == 0 && !look_at(&l, i))
			return;
	}
}
