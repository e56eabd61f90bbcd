/* path_eval.c - walking the nodes of an expression over a document. */
#include "fhir/path_impl.h"

enum hf_rc
hf_path_spend(struct path_ev *ev, size_t n)
{
	if (n <= ev->max_steps - ev->steps) {
		ev->steps += (unsigned)n;
		return HF_OK;
	}
	return hf_fail(ev->err, HF_TOO_LONG, NULL,
		       "the expression takes more than %u steps on this resource",
		       ev->max_steps);
}

/* Where an element stands in an object: its value, its "_name" and its type. */
struct slot {
	uint32_t node, extra;
	hf_type_id type;
};

static enum hf_rc go(struct path_ev *ev, const struct hf_pv *v,
		     const struct path_step *steps, unsigned n, struct hf_pvs *out);

static bool
is_extra(struct hf_sv key, struct hf_sv name)
{
	return key.n == name.n + 1 && key.p[0] == '_' &&
	       memcmp(key.p + 1, name.p, name.n) == 0;
}

/* Finds the plain member called name. */
static struct slot
find_plain(const struct hf_json *doc, uint32_t object, struct hf_sv name, bool extra)
{
	struct slot s = {HF_JSON_NONE, HF_JSON_NONE, 0};

	for (uint32_t c = object + 1; c < doc->nodes[object].next;
	     c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);

		if (key.n == name.n && memcmp(key.p, name.p, name.n) == 0) {
			s.node = c;
			if (!extra || s.extra != HF_JSON_NONE)
				break;
		} else if (extra && is_extra(key, name)) {
			s.extra = c;
			if (s.node != HF_JSON_NONE)
				break;
		}
	}
	return s;
}

/* Finds the member that holds the choice element name: valueQuantity for value,
 * where owner has such an element. */
static struct slot
find_choice(const struct hf_json *doc, uint32_t object, hf_type_id owner,
	    struct hf_sv name)
{
	struct slot s = {HF_JSON_NONE, HF_JSON_NONE, 0};

	for (uint32_t c = object + 1; c < doc->nodes[object].next;
	     c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);
		bool extra = key.n && key.p[0] == '_';
		hf_type_id type = 0;

		if (extra)
			key = hf_sv_from_at(key, 1);
		if (key.n <= name.n || memcmp(key.p, name.p, name.n) != 0 ||
		    key.p[name.n] < 'A' || key.p[name.n] > 'Z')
			continue;
		if (owner) {
			const struct hf_elem *e = hf_elem_find(owner, key, &type);

			if (!e || !hf_sv_eq(hf_sv_from(e->name), name))
				continue;
		}
		/* Two choices at once do not validate; the first one counts. */
		if (s.type && type != s.type)
			continue;
		s.type = type;
		*(extra ? &s.extra : &s.node) = c;
	}
	return s;
}

static bool
is_abstract(hf_type_id type)
{
	return type && hf_type_get(type)->kind == HF_KIND_ABSTRACT;
}

/* One value of a slot, then the rest of the steps. */
static enum hf_rc
go_on(struct path_ev *ev, const struct hf_json *doc, const struct slot *s,
      const struct path_step *steps, unsigned n, struct hf_pvs *out)
{
	struct hf_pv v = {.kind = HF_PV_NODE,
			  .type = s->type,
			  .doc = doc,
			  .node = s->node,
			  .extra = s->extra};

	if (v.node != HF_JSON_NONE && doc->nodes[v.node].type == HF_JSON_NULL)
		v.node = HF_JSON_NONE;
	if (v.extra != HF_JSON_NONE && doc->nodes[v.extra].type == HF_JSON_NULL)
		v.extra = HF_JSON_NONE;
	if (v.node == HF_JSON_NONE && v.extra == HF_JSON_NONE)
		return HF_OK;
	if ((v.type == 0 || is_abstract(v.type)) && v.node != HF_JSON_NONE &&
	    doc->nodes[v.node].type == HF_JSON_OBJECT)
		v.type = hf_path_resource_type(doc, v.node);
	return go(ev, &v, steps, n, out);
}

/* All values of a slot: an array's elements each with their "_name" partner. */
static enum hf_rc
spread(struct path_ev *ev, const struct hf_json *doc, struct slot s,
       const struct path_step *steps, unsigned n, struct hf_pvs *out)
{
	bool many = s.node != HF_JSON_NONE && doc->nodes[s.node].type == HF_JSON_ARRAY;
	bool many_extra =
	    s.extra != HF_JSON_NONE && doc->nodes[s.extra].type == HF_JSON_ARRAY;
	uint32_t a = s.node + 1, b = s.extra + 1, end_a, end_b;

	if (!many && !many_extra)
		return go_on(ev, doc, &s, steps, n, out);
	end_a = many ? doc->nodes[s.node].next : 0;
	end_b = many_extra ? doc->nodes[s.extra].next : 0;
	while ((many && a < end_a) || (many_extra && b < end_b)) {
		struct slot one = {HF_JSON_NONE, HF_JSON_NONE, s.type};
		enum hf_rc rc;

		if (many && a < end_a) {
			one.node = a;
			a = doc->nodes[a].next;
		}
		if (many_extra && b < end_b) {
			one.extra = b;
			b = doc->nodes[b].next;
		}
		rc = go_on(ev, doc, &one, steps, n, out);
		if (rc != HF_OK)
			return rc;
	}
	return HF_OK;
}

/* The object whose members v's elements are: itself, or for a primitive what
 * stands under "_name".  HF_JSON_NONE when there is none. */
static uint32_t
object_of(const struct hf_pv *v)
{
	if (v->node != HF_JSON_NONE && v->doc->nodes[v->node].type == HF_JSON_OBJECT)
		return v->node;
	if (v->extra != HF_JSON_NONE && v->doc->nodes[v->extra].type == HF_JSON_OBJECT)
		return v->extra;
	return HF_JSON_NONE;
}

/* Finds step in v; all NONE when v has no such element. */
static struct slot
find(const struct hf_pv *v, uint32_t object, const struct path_step *step)
{
	const struct hf_elem *e = step->elem;
	struct slot s;

	if (v->type == 0) {
		s = find_plain(v->doc, object, step->name, true);
		if (s.node == HF_JSON_NONE && s.extra == HF_JSON_NONE)
			s = find_choice(v->doc, object, 0, step->name);
		return s;
	}
	if (step->owner != v->type)
		e = hf_elem_by_name(v->type, step->name);
	if (!e)
		return (struct slot){HF_JSON_NONE, HF_JSON_NONE, 0};
	if (e->choice)
		return find_choice(v->doc, object, v->type, step->name);
	s.type = e->n_types ? hf_elem_type(e, 0) : 0;
	{
		hf_type_id type = s.type;

		s = find_plain(v->doc, object, step->name,
			       type == 0 ||
				   hf_type_get(type)->kind == HF_KIND_PRIMITIVE);
		s.type = type;
	}
	return s;
}

/* Follows n steps from v; what is at their end goes to *out. */
static enum hf_rc
go(struct path_ev *ev, const struct hf_pv *v, const struct path_step *steps, unsigned n,
   struct hf_pvs *out)
{
	uint32_t object;
	struct slot s;

	if (n == 0)
		return hf_path_push(ev, out, v);
	if (hf_path_spend(ev, 1) != HF_OK)
		return HF_TOO_LONG;
	if (v->kind == HF_PV_TYPE && n == 1) {
		if (hf_sv_is(steps->name, "name"))
			return hf_path_push_str(ev, out, v->text);
		if (hf_sv_is(steps->name, "namespace"))
			return hf_path_push_str(ev, out, v->unit);
	}
	if (v->kind != HF_PV_NODE)
		return HF_OK;
	if (steps->root && v->type && hf_type_is(v->type, steps->root))
		return go(ev, v, steps + 1, n - 1, out);
	object = object_of(v);
	if (object == HF_JSON_NONE)
		return HF_OK;
	s = find(v, object, steps);
	if (s.node == HF_JSON_NONE && s.extra == HF_JSON_NONE)
		return HF_OK;
	return spread(ev, v->doc, s, steps + 1, n - 1, out);
}

enum hf_rc
hf_path_member(struct path_ev *ev, const struct hf_pv *v, const struct path_step *step,
	       struct hf_pvs *out)
{
	return go(ev, v, step, 1, out);
}

enum hf_rc
hf_path_children(struct path_ev *ev, const struct hf_pv *v, struct hf_pvs *out)
{
	uint32_t object = v->kind == HF_PV_NODE ? object_of(v) : HF_JSON_NONE;
	const struct hf_json *doc = v->doc;

	if (object == HF_JSON_NONE)
		return HF_OK;
	for (uint32_t c = object + 1; c < doc->nodes[object].next;
	     c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c), name = key;
		struct slot s = {c, HF_JSON_NONE, 0};
		enum hf_rc rc;

		if (hf_path_spend(ev, 1) != HF_OK)
			return HF_TOO_LONG;
		if (hf_sv_is(key, "resourceType"))
			continue;
		if (key.n && key.p[0] == '_') {
			name = hf_sv_from_at(key, 1);
			/* With its value beside it, it was given there. */
			if (hf_json_get(doc, object, name) != HF_JSON_NONE)
				continue;
			s = (struct slot){HF_JSON_NONE, c, 0};
		} else {
			s.extra = find_plain(doc, object, name, true).extra;
		}
		if (v->type)
			hf_elem_find(v->type, name, &s.type);
		rc = spread(ev, doc, s, NULL, 0, out);
		if (rc != HF_OK)
			return rc;
	}
	return HF_OK;
}

enum hf_rc
hf_path_truth(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *list,
	      enum path_tri *out)
{
	struct hf_pv v;

	*out = TRI_EMPTY;
	if (list->n == 0)
		return HF_OK;
	if (list->n > 1)
		return hf_path_fail(ev, n,
				    "expected true or false, but there are several "
				    "values; say which, for example by exists()");
	*out = TRI_TRUE;
	if (hf_path_system(ev, &list->items[0], &v) && v.kind == HF_PV_BOOL && !v.b)
		*out = TRI_FALSE;
	return HF_OK;
}

enum hf_rc
hf_path_single(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *list,
	       struct hf_pv *out, bool *has)
{
	*has = false;
	*out = (struct hf_pv){0};
	if (list->n > 1)
		return hf_path_fail(ev, n,
				    "expected one value, but there are several; say "
				    "which, for example by first()");
	if (list->n == 1) {
		const struct hf_pv *v = &list->items[0];

		*has = hf_path_system(ev, v, out);
		if (ev->full)
			return hf_path_full(ev);
		/* An element with elements is there, but of no System type. */
		if (!*has && v->node != HF_JSON_NONE) {
			*out = *v;
			*has = true;
		}
	}
	return HF_OK;
}

static enum hf_rc
run_chain(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	  struct hf_pvs *out)
{
	const struct path_step *steps = ev->path->steps + n->b;
	struct hf_pvs in = {0};
	enum hf_rc rc;

	if (n->a == PATH_NONE)
		return go(ev, f->self, steps, n->n, out);
	rc = hf_path_run(ev, n->a, f, &in);
	for (size_t i = 0; rc == HF_OK && i < in.n; i++)
		rc = go(ev, &in.items[i], steps, n->n, out);
	return rc;
}

static enum hf_rc
run_at(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
       struct hf_pvs *out)
{
	struct hf_pvs in = {0}, at = {0};
	struct path_frame mine = *f;
	struct hf_pv index;
	enum hf_rc rc;
	bool has;

	if ((rc = hf_path_run(ev, n->a, f, &in)) != HF_OK ||
	    (rc = hf_path_run(ev, n->b, &mine, &at)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &at, &index, &has)) != HF_OK || !has)
		return rc;
	if (index.kind != HF_PV_INT)
		return hf_path_fail(ev, n, "an index is a whole number");
	if (index.i < 0 || (uint64_t)index.i >= in.n)
		return HF_OK;
	return hf_path_push(ev, out, &in.items[index.i]);
}

static enum hf_rc
run_type(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	 struct hf_pvs *out)
{
	struct hf_pvs in = {0};
	enum hf_rc rc;

	rc = n->a == PATH_NONE ? hf_path_push(ev, &in, f->self)
			       : hf_path_run(ev, n->a, f, &in);
	if (rc != HF_OK)
		return rc;
	if (n->op == PATH_IS) {
		if (in.n > 1)
			return hf_path_fail(ev, n,
					    "is asks about one value, but there are "
					    "several");
		return in.n ? hf_path_push_bool(ev, out,
						hf_path_is(&in.items[0], n->type))
			    : HF_OK;
	}
	/* as is let act on several values like ofType: the expressions of search
	 * parameters use it so. */
	for (size_t i = 0; rc == HF_OK && i < in.n; i++)
		if (hf_path_is(&in.items[i], n->type))
			rc = hf_path_push(ev, out, &in.items[i]);
	return rc;
}

/* A variable of the caller's, or one that defineVariable() made before. */
static enum hf_rc
run_named(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	  struct hf_pvs *out)
{
	const struct hf_pv *items = NULL;
	size_t count = 0;
	bool found = false;
	enum hf_rc rc = HF_OK;

	for (const struct path_defined *d = f->defined; d && !found; d = d->before) {
		found = hf_sv_eq(d->name, n->text);
		items = d->value.items;
		count = d->value.n;
	}
	for (size_t i = 0; !found && i < ev->env->n_vars; i++) {
		found = hf_sv_eq(ev->env->vars[i].name, n->text);
		items = ev->env->vars[i].items;
		count = ev->env->vars[i].n;
	}
	if (!found)
		return hf_path_fail(ev, n, "no variable of this name has a value here");
	for (size_t i = 0; rc == HF_OK && i < count; i++)
		rc = hf_path_push(ev, out, &items[i]);
	return rc;
}

static enum hf_rc
run_variable(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	     struct hf_pvs *out)
{
	switch (n->fn) {
	case PATH_VAR_NAMED:
		return run_named(ev, n, f, out);
	case PATH_VAR_UCUM:
		return hf_path_push_str(ev, out, HF_SV("http://unitsofmeasure.org"));
	case PATH_VAR_SCT:
		return hf_path_push_str(ev, out, HF_SV("http://snomed.info/sct"));
	case PATH_VAR_LOINC:
		return hf_path_push_str(ev, out, HF_SV("http://loinc.org"));
	case PATH_VAR_VS:
	case PATH_VAR_EXT:
		return hf_path_push_str(
		    ev, out,
		    hf_arena_printf(ev->arena, "http://hl7.org/fhir/%s/%.*s",
				    n->fn == PATH_VAR_VS ? "ValueSet"
							 : "StructureDefinition",
				    HF_SV_ARG(n->text)));
	default: /* %context is the resource too: evaluation begins there */
		return hf_path_push(ev, out, &ev->root);
	}
}

static enum hf_rc
run_literal(struct path_ev *ev, const struct path_node *n, struct hf_pvs *out)
{
	struct hf_pv v = {.text = n->text};

	switch (n->op) {
	case PATH_BOOL:
		return hf_path_push_bool(ev, out, n->flag);
	case PATH_INT:
		return hf_path_push_int(ev, out, n->i);
	case PATH_DECIMAL:
		v.kind = HF_PV_DECIMAL;
		break;
	case PATH_STRING:
		v.kind = HF_PV_STRING;
		break;
	case PATH_DATE:
		v.kind = HF_PV_DATE;
		v.b = n->flag;
		break;
	case PATH_TIME:
		v.kind = HF_PV_TIME;
		break;
	default:
		assert(n->op == PATH_QUANTITY);
		v.kind = HF_PV_QUANTITY;
		v.unit = n->unit;
		break;
	}
	return hf_path_push(ev, out, &v);
}

static enum hf_rc
run_negate(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	   struct hf_pvs *out)
{
	struct hf_pvs in = {0};
	struct hf_decimal d;
	struct hf_pv v;
	enum hf_rc rc;
	bool has;

	if ((rc = hf_path_run(ev, n->a, f, &in)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &in, &v, &has)) != HF_OK || !has)
		return rc;
	if (v.kind == HF_PV_INT) {
		if (v.i == INT64_MIN)
			return HF_OK;
		return hf_path_push_int(ev, out, n->flag ? -v.i : v.i);
	}
	if ((v.kind != HF_PV_DECIMAL && v.kind != HF_PV_QUANTITY) ||
	    !hf_decimal_parse(v.text, &d))
		return hf_path_fail(ev, n, "only a number or a quantity has a sign");
	if (!n->flag)
		return hf_path_push(ev, out, &v);
	v.text = v.text.p[0] == '-'
		     ? hf_sv_from_at(v.text, 1)
		     : hf_arena_printf(ev->arena, "-%.*s", HF_SV_ARG(v.text));
	return v.text.p ? hf_path_push(ev, out, &v) : hf_path_full(ev);
}

static enum hf_rc
run_union(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	  struct hf_pvs *out)
{
	struct path_frame left = *f, right = *f;
	struct hf_pvs both = {0};
	enum hf_rc rc;

	if ((rc = hf_path_run(ev, n->a, &left, &both)) != HF_OK ||
	    (rc = hf_path_run(ev, n->b, &right, &both)) != HF_OK)
		return rc;
	for (size_t i = 0; rc == HF_OK && i < both.n; i++)
		rc = hf_path_push_new(ev, out, &both.items[i]);
	return rc;
}

static enum hf_rc
run_call(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	 struct hf_pvs *out)
{
	const struct path_fn *fn = hf_path_fn_get(n->fn);
	struct hf_pvs in = {0};
	enum hf_rc rc;

	rc = n->a == PATH_NONE ? hf_path_push(ev, &in, f->self)
			       : hf_path_run(ev, n->a, f, &in);
	if (rc != HF_OK)
		return rc;
	return fn->call(ev, n, f, &in, out);
}

enum hf_rc
hf_path_run(struct path_ev *ev, uint32_t at, struct path_frame *f, struct hf_pvs *out)
{
	const struct path_node *n = &ev->path->nodes[at];

	if (hf_path_spend(ev, 1) != HF_OK)
		return HF_TOO_LONG;
	switch ((enum path_op)n->op) {
	case PATH_EMPTY:
		return HF_OK;
	case PATH_VAR:
		return run_variable(ev, n, f, out);
	case PATH_THIS:
		return hf_path_push(ev, out, f->self);
	case PATH_INDEX:
		return hf_path_push_int(ev, out, f->index);
	case PATH_TOTAL:
		for (size_t i = 0; f->total && i < f->total->n; i++)
			if (hf_path_push(ev, out, &f->total->items[i]) != HF_OK)
				return HF_TOO_LONG;
		return HF_OK;
	case PATH_CHAIN:
		return run_chain(ev, n, f, out);
	case PATH_AT:
		return run_at(ev, n, f, out);
	case PATH_CALL:
		return run_call(ev, n, f, out);
	case PATH_IS:
	case PATH_AS:
		return run_type(ev, n, f, out);
	case PATH_NEGATE:
		return run_negate(ev, n, f, out);
	case PATH_UNION:
		return run_union(ev, n, f, out);
	case PATH_BINARY:
		return hf_path_binary(ev, n, f, out);
	default:
		return run_literal(ev, n, out);
	}
}

enum hf_rc
hf_path_eval(const struct hf_path *path, const struct hf_path_env *env,
	     struct hf_arena *arena, struct hf_pvs *out, struct hf_err *err)
{
	struct path_ev ev = {
	    .path = path,
	    .env = env,
	    .arena = arena,
	    .err = err,
	    .max_steps = env->max_steps ? env->max_steps : PATH_MAX_STEPS,
	    .root = {.kind = HF_PV_NODE,
		     .type = env->type,
		     .doc = env->doc,
		     .node = env->node,
		     .extra = HF_JSON_NONE},
	};
	struct path_frame f = {.self = &ev.root};
	struct hf_pvs found = {0};
	enum hf_rc rc;

	if (ev.root.type == 0)
		ev.root.type = hf_path_resource_type(env->doc, env->node);
	rc = hf_path_run(&ev, path->root, &f, &found);
	if (rc == HF_OK && ev.full)
		rc = hf_path_full(&ev);
	if (rc == HF_OK)
		*out = found;
	return rc;
}
