/* path_check.c - what is certain to be wrong with an expression on a resource of a
 * known type, said before it is evaluated: elements that the type does not have, the
 * type of another resource, an order where there is none.
 *
 * Each node is given the set of types its results may have.  What is not known is
 * "any", and about that nothing is said. */
#include "fhir/path_impl.h"

enum { SET_MOST = 24 };

struct set {
	bool any;	/* nothing is known */
	bool system;	/* System values, which have no elements */
	bool unordered; /* from children() or descendants() */
	unsigned n;
	hf_type_id ids[SET_MOST];
};

struct checker {
	const struct hf_path *path;
	struct hf_err *err;
};

static const struct set anything = {.any = true};

static void
add(struct set *s, hf_type_id id)
{
	if (id == 0 || hf_type_get(id)->kind == HF_KIND_ABSTRACT) {
		s->any = true; /* a resource says itself what it is */
		return;
	}
	for (unsigned i = 0; i < s->n; i++)
		if (s->ids[i] == id)
			return;
	if (s->n == SET_MOST)
		s->any = true;
	else
		s->ids[s->n++] = id;
}

static void
add_all(struct set *to, const struct set *from)
{
	to->any = to->any || from->any;
	to->system = to->system || from->system;
	to->unordered = to->unordered || from->unordered;
	for (unsigned i = 0; i < from->n; i++)
		add(to, from->ids[i]);
}

static enum hf_rc
wrong(const struct checker *c, const struct path_node *n, const char *fmt,
      struct hf_sv name, const char *type)
{
	char what[200];

	snprintf(what, sizeof what, fmt, (int)(name.n > 60 ? 60 : name.n), name.p,
		 type);
	return hf_fail(c->err, HF_INVALID, NULL,
		       "the expression is wrong at column %u: %s", n->column, what);
}

static enum hf_rc node_types(const struct checker *c, uint32_t at,
			     const struct set *self, bool root, struct set *out);

/* What the element called name of the types in s holds. */
static enum hf_rc
member_types(const struct checker *c, const struct path_node *n, struct hf_sv name,
	     const struct set *s, struct set *out)
{
	bool found = s->any;

	*out = (struct set){.any = s->any, .unordered = s->unordered};
	for (unsigned i = 0; i < s->n; i++) {
		const struct hf_elem *e = hf_elem_by_name(s->ids[i], name);

		if (!e)
			continue;
		found = true;
		if (e->n_types == 0)
			out->any = true;
		for (uint16_t k = 0; k < e->n_types; k++)
			add(out, hf_elem_type(e, k));
	}
	if (found)
		return HF_OK;
	if (s->n == 0 && s->system)
		return wrong(c, n, "a value of this kind has no element %.*s%s", name,
			     "");
	if (s->n == 0)
		return HF_OK; /* of nothing: empty */
	return wrong(c, n, "there is no element %.*s in %s", name,
		     hf_type_get(s->ids[0])->name);
}

static enum hf_rc
chain_types(const struct checker *c, const struct path_node *n, const struct set *self,
	    bool root, struct set *out)
{
	const struct path_step *steps = c->path->steps + n->b;
	struct set s = *self;
	enum hf_rc rc = HF_OK;

	if (n->a != PATH_NONE)
		rc = node_types(c, n->a, self, root, &s);
	for (unsigned i = 0; rc == HF_OK && i < n->n; i++) {
		struct set next;
		hf_type_id type = steps[i].root;

		if (i == 0 && n->a == PATH_NONE && type) {
			bool fits = s.any;

			for (unsigned k = 0; k < s.n; k++)
				fits = fits || hf_type_is(s.ids[k], type);
			if (fits)
				continue;
			if (root)
				return wrong(
				    c, n, "it asks for a %.*s, but is put to a %s",
				    steps[i].name,
				    s.n ? hf_type_get(s.ids[0])->name : "value");
		}
		rc = member_types(c, n, steps[i].name, &s, &next);
		s = next;
	}
	*out = s;
	return rc;
}

/* What the named type leaves of a set. */
static struct set
narrowed(const struct set *s, struct path_type type)
{
	struct set out = {.system = type.kind != HF_PV_NODE};

	(void)s;
	if (type.id)
		add(&out, type.id);
	return out;
}

static bool
needs_order(const char *name)
{
	static const char *const names[] = {"first", "last", "skip", "tail", "take"};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Functions that give items of their input, or of that and their arguments. */
static bool
gives_input(const char *name)
{
	static const char *const names[] = {
	    "combine", "union", "trace", "sort", "checkModifiers", "defineVariable"};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum hf_rc
call_types(const struct checker *c, const struct path_node *n, const struct set *self,
	   bool root, struct set *out)
{
	const struct path_fn *fn = hf_path_fn_get(n->fn);
	bool lambda = fn->arg == ARG_LAMBDA;
	struct set in = *self, args = {0};
	enum hf_rc rc = HF_OK;

	if (n->a != PATH_NONE)
		rc = node_types(c, n->a, self, root, &in);
	for (unsigned i = 0; rc == HF_OK && i < n->n; i++) {
		struct set arg = {0}, each = in;

		each.unordered = false;
		/* repeat() goes on with what it gives; $total is of any type. */
		if (strcmp(fn->name, "repeat") == 0 ||
		    strcmp(fn->name, "repeatAll") == 0)
			each = anything;
		rc =
		    node_types(c, c->path->args[n->b + i], lambda ? &each : self,
			       root && (!lambda || strcmp(fn->name, "iif") == 0), &arg);
		/* The condition of iif() is none of its results. */
		if (i > 0 || strcmp(fn->name, "iif") != 0)
			add_all(&args, &arg);
	}
	if (rc != HF_OK)
		return rc;
	if (in.unordered && needs_order(fn->name))
		return wrong(c, n, "%.*s() needs an order, and children() has none%s",
			     hf_sv_from(fn->name), "");
	*out = anything;
	if (fn->same_type || gives_input(fn->name)) {
		*out = in;
		if (gives_input(fn->name) && fn->arg == ARG_VALUE)
			add_all(out, &args);
	} else if (strcmp(fn->name, "select") == 0 || strcmp(fn->name, "iif") == 0) {
		*out = args;
	} else if (strcmp(fn->name, "extension") == 0) {
		*out = (struct set){0};
		add(out, hf_type_find(HF_SV("Extension")));
	} else if (strcmp(fn->name, "children") == 0 ||
		   strcmp(fn->name, "descendants") == 0) {
		out->unordered = true;
	}
	return HF_OK;
}

static enum hf_rc
node_types(const struct checker *c, uint32_t at, const struct set *self, bool root,
	   struct set *out)
{
	const struct path_node *n = &c->path->nodes[at];
	struct set a = {0}, b = {0};
	enum hf_rc rc;

	*out = (struct set){.system = true};
	switch ((enum path_op)n->op) {
	case PATH_EMPTY:
		*out = (struct set){0};
		return HF_OK;
	case PATH_VAR:
	case PATH_TOTAL:
		*out = anything;
		return HF_OK;
	case PATH_THIS:
		*out = *self;
		return HF_OK;
	case PATH_CHAIN:
		return chain_types(c, n, self, root, out);
	case PATH_CALL:
		return call_types(c, n, self, root, out);
	case PATH_AT:
		rc = node_types(c, n->b, self, root, &b);
		if (rc == HF_OK)
			rc = node_types(c, n->a, self, root, out);
		if (rc == HF_OK && out->unordered)
			return wrong(c, n,
				     "an index needs an order, and children() has "
				     "none%.*s%s",
				     HF_SV(""), "");
		return rc;
	case PATH_IS:
	case PATH_AS:
		rc = n->a == PATH_NONE ? HF_OK : node_types(c, n->a, self, root, &a);
		if (rc == HF_OK && n->op == PATH_AS)
			*out = narrowed(&a, n->type);
		return rc;
	case PATH_NEGATE:
		return node_types(c, n->a, self, root, &a);
	case PATH_UNION:
		rc = node_types(c, n->a, self, root, &a);
		if (rc == HF_OK)
			rc = node_types(c, n->b, self, root, &b);
		*out = a;
		add_all(out, &b);
		return rc;
	case PATH_BINARY:
		rc = node_types(c, n->a, self, root, &a);
		return rc == HF_OK ? node_types(c, n->b, self, root, &b) : rc;
	default:
		return HF_OK; /* a literal */
	}
}

enum hf_rc
hf_path_check(const struct hf_path *path, hf_type_id context, struct hf_err *err)
{
	const struct checker c = {path, err};
	struct set self = {0}, out;

	if (context == 0)
		return HF_OK;
	add(&self, context);
	return node_types(&c, path->root, &self, true, &out);
}
