/* tables.c - look-ups in the generated FHIR tables.  All pure, none allocates. */
#include "fhir/tables.h"
#include "fhir/tables_gen.h"

const struct hf_type *
hf_type_get(hf_type_id id)
{
	assert(id > 0 && id <= hf_gen_n_types);
	return &hf_gen_types[id];
}

hf_type_id
hf_type_find(struct hf_sv name)
{
	const struct hf_gen_hash *h = &hf_gen_type_hash;
	uint32_t mask = (1u << h->bits) - 1;

	for (uint32_t at = hf_gen_slot(h, name.p, name.n);; at = (at + 1) & mask) {
		hf_type_id id = h->slots[at];

		if (id == 0)
			return 0;
		if (hf_sv_eq(name, hf_sv_from(hf_gen_types[id].name)))
			return id;
	}
}

hf_type_id
hf_resource_find(struct hf_sv name)
{
	hf_type_id id = hf_type_find(name);

	return id <= hf_n_resource_types ? id : 0;
}

bool
hf_type_is(hf_type_id id, hf_type_id base)
{
	for (; id != 0; id = hf_gen_types[id].base)
		if (id == base)
			return true;
	return false;
}

static const struct hf_gen_prop *
find_prop(hf_type_id owner, struct hf_sv name)
{
	const struct hf_gen_type *t = &hf_gen_extra[owner];
	uint32_t mask = (1u << t->hash.bits) - 1;

	assert(owner > 0 && owner <= hf_gen_n_types);
	for (uint32_t at = hf_gen_slot(&t->hash, name.p, name.n);;
	     at = (at + 1) & mask) {
		uint16_t k = t->hash.slots[at];
		const struct hf_gen_prop *p;

		if (k == 0)
			return NULL;
		p = &t->props[k - 1];
		if (p->len == name.n && memcmp(p->name, name.p, name.n) == 0)
			return p;
	}
}

const struct hf_elem *
hf_elem_find(hf_type_id owner, struct hf_sv json_name, hf_type_id *type)
{
	const struct hf_gen_prop *p = find_prop(owner, json_name);

	if (!p || p->type == 0)
		return NULL;
	*type = p->type;
	return &hf_gen_elems[hf_gen_types[owner].elem + p->elem];
}

const struct hf_elem *
hf_elem_by_name(hf_type_id owner, struct hf_sv name)
{
	const struct hf_gen_prop *p = find_prop(owner, name);
	const struct hf_elem *e;

	if (!p)
		return NULL;
	e = &hf_gen_elems[hf_gen_types[owner].elem + p->elem];
	return e->choice && p->type != 0 ? NULL : e;
}

uint64_t
hf_elem_required(hf_type_id owner)
{
	assert(owner > 0 && owner <= hf_gen_n_types);
	return hf_gen_extra[owner].required;
}

const struct hf_elem *
hf_elem_get(hf_type_id owner, uint16_t k)
{
	assert(k < hf_type_get(owner)->n_elem);
	return &hf_gen_elems[hf_gen_types[owner].elem + k];
}

hf_type_id
hf_elem_type(const struct hf_elem *e, uint16_t k)
{
	assert(k < e->n_types);
	return hf_gen_elem_types[e->types + k];
}

hf_type_id
hf_elem_target(const struct hf_elem *e, uint16_t k)
{
	assert(k < e->n_targets);
	return hf_gen_elem_types[e->targets + k];
}

enum hf_bind
hf_binding_check(uint16_t binding, struct hf_sv system, struct hf_sv code)
{
	const struct hf_gen_binding *b = &hf_gen_bindings[binding];
	const struct hf_gen_hash *h = &b->hash;
	uint32_t mask = (1u << h->bits) - 1;

	assert(binding > 0 && binding <= hf_gen_n_bindings);
	if (h->bits == 0)
		return HF_BIND_UNCHECKED;
	for (uint32_t at = hf_gen_slot(h, code.p, code.n);; at = (at + 1) & mask) {
		const struct hf_gen_code *c;

		if (h->slots[at] == 0)
			return HF_BIND_OUT;
		c = &b->codes[h->slots[at] - 1];
		if (c->len != code.n || memcmp(c->code, code.p, code.n) != 0)
			continue;
		if (!system.p ||
		    hf_sv_eq(system, hf_sv_from(hf_gen_systems[c->system])))
			return HF_BIND_IN;
	}
}

const char *
hf_binding_url(uint16_t binding)
{
	assert(binding > 0 && binding <= hf_gen_n_bindings);
	return hf_gen_bindings[binding].url;
}

uint16_t
hf_binding_find(struct hf_sv url)
{
	url.n = hf_sv_find(url, '|');
	for (uint16_t i = 1; i <= hf_gen_n_bindings; i++) {
		struct hf_sv of = hf_sv_from(hf_gen_bindings[i].url);

		of.n = hf_sv_find(of, '|');
		if (hf_sv_eq(of, url))
			return i;
	}
	return 0;
}

bool
hf_binding_code(uint16_t binding, uint32_t at, struct hf_sv *system, struct hf_sv *code)
{
	const struct hf_gen_binding *b = &hf_gen_bindings[binding];

	assert(binding > 0 && binding <= hf_gen_n_bindings);
	if (at >= b->n_codes)
		return false;
	*system = hf_sv_from(hf_gen_systems[b->codes[at].system]);
	*code = (struct hf_sv){b->codes[at].code, b->codes[at].len};
	return true;
}

uint16_t
hf_n_sps(void)
{
	return hf_gen_n_sps;
}

uint16_t
hf_n_sp_expressions(void)
{
	return hf_gen_n_expressions;
}

/* The parameters of a type lie in code order. */
const struct hf_sp *
hf_sp_find(hf_type_id type, struct hf_sv code)
{
	uint16_t first, n;

	hf_sp_of_type(type, &first, &n);
	while (n > 0) {
		uint16_t half = n / 2;
		const struct hf_sp *sp = &hf_gen_sps[first + half];
		int order = hf_sv_cmp(code, hf_sv_from(sp->code));

		if (order == 0)
			return sp;
		if (order > 0) {
			first = (uint16_t)(first + half + 1);
			n = (uint16_t)(n - half - 1);
		} else {
			n = half;
		}
	}
	return NULL;
}

const struct hf_sp *
hf_sp_get(uint16_t id)
{
	assert(id > 0 && id <= hf_gen_n_sps);
	return &hf_gen_sps[id];
}

void
hf_sp_of_type(hf_type_id type, uint16_t *first, uint16_t *n)
{
	assert(type > 0 && type <= hf_gen_n_types);
	*first = hf_gen_extra[type].sp;
	*n = hf_gen_extra[type].n_sp;
}

hf_type_id
hf_sp_target(const struct hf_sp *sp, uint16_t k)
{
	assert(k < sp->n_targets);
	return hf_gen_sp_targets[sp->targets + k];
}

const char *const *
hf_compartment_params(hf_type_id type)
{
	assert(type > 0 && type <= hf_gen_n_types);
	return hf_gen_extra[type].compartment;
}
