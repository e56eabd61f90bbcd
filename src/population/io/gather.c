/* gather.c - chunks and bodies unpacked, with the ordinals and codes of memory. */
#include <stdlib.h>

#include "population/io/load_int.h"
#include "population/own.h"

enum { OWN_MOST = 64 << 20 };

void
hf_pop_gather_free(struct hf_pop_gather *g)
{
	hf_buf_free(&g->raw);
	hf_arena_free(&g->arena);
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "not enough memory for the population");
}

static bool
taken(const struct hf_pop_gather *g, uint32_t person)
{
	return !g->only || (g->only[person / 64] >> (person % 64) & 1);
}

/* A code of the store as it is here.  One that no row of pop_code has means nothing. */
static uint16_t
code_here(const struct hf_pop_loader *l, enum hf_pop_kind kind, uint16_t code)
{
	return code < l->n_code[kind] ? l->code[kind][code] : 0;
}

/* Has a later feed told of this day anew? */
static bool
is_shadowed(const struct hf_pop_loader *l, size_t feed, uint16_t day)
{
	const struct hf_pop_feed_row *f = &l->feeds[feed];

	for (size_t i = feed + 1; i < l->n_feeds; i++)
		if (l->feeds[i].from <= day && day < l->feeds[i].to &&
		    hf_sv_eq(l->feeds[i].kind, f->kind) &&
		    hf_sv_eq(l->feeds[i].source, f->source))
			return true;
	return false;
}

static bool
has_shadow(const struct hf_pop_loader *l, size_t feed)
{
	const struct hf_pop_feed_row *f = &l->feeds[feed];

	for (size_t i = feed + 1; i < l->n_feeds; i++)
		if (l->feeds[i].from < f->to && f->from < l->feeds[i].to &&
		    hf_sv_eq(l->feeds[i].kind, f->kind) &&
		    hf_sv_eq(l->feeds[i].source, f->source))
			return true;
	return false;
}

static void
event_here(const struct hf_pop_loader *l, struct hf_pop_event *e, uint16_t *pool)
{
	e->provider = code_here(l, HF_POP_PROVIDER, e->provider);
	e->specialty = code_here(l, HF_POP_SPECIALTY, e->specialty);
	e->hrg = code_here(l, HF_POP_HRG, e->hrg);
	e->dx = code_here(l, HF_POP_ICD10, e->dx);
	e->proc = code_here(l, HF_POP_PROC, e->proc);
	for (size_t i = 1; e->dx_more && i <= pool[e->dx_more]; i++)
		pool[e->dx_more + i] = code_here(l, HF_POP_ICD10, pool[e->dx_more + i]);
	e->flags &= (uint8_t)~HF_POP_F_RECORD;
}

/* Each row's person; false when the row is not to be taken. */
static bool
person_here(const struct hf_pop_gather *g, uint32_t *person)
{
	if (*person >= g->l->n_person)
		return false;
	*person = g->l->person[*person];
	return taken(g, *person);
}

static size_t
take_events(struct hf_pop_gather *g, size_t feed, struct hf_pop_event *e, size_t n)
{
	bool shadow = has_shadow(g->l, feed);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!person_here(g, &e[i].person))
			continue;
		if (shadow && is_shadowed(g->l, feed, e[i].day)) {
			atomic_fetch_add(&g->l->replaced, 1);
			continue;
		}
		event_here(g->l, &e[i], g->part->pool);
		e[kept++] = e[i];
	}
	return kept;
}

static size_t
take_rows(struct hf_pop_gather *g, size_t feed, enum hf_pop_rows kind, void *rows,
	  size_t n)
{
	struct hf_pop_loader *l = g->l;
	struct hf_pop_about *a = rows;
	struct hf_pop_registration *r = rows;
	struct hf_pop_condition *c = rows;
	struct hf_pop_value *v = rows;
	size_t kept = 0;

	if (kind == HF_POP_ROWS_EVENT)
		return take_events(g, feed, rows, n);
	for (size_t i = 0; i < n; i++) {
		if (kind == HF_POP_ROWS_PERSON && person_here(g, &a[i].person)) {
			a[i].p.lsoa = code_here(l, HF_POP_LSOA, a[i].p.lsoa);
			a[i].p.flags &= (uint8_t)~HF_POP_P_FROM_RECORD;
			memcpy(a[i].p.pid, hf_pop_names_pid(l->names, a[i].person),
			       HF_POP_PID);
			a[kept++] = a[i];
		} else if (kind == HF_POP_ROWS_REGISTRATION &&
			   person_here(g, &r[i].person)) {
			r[i].practice = code_here(l, HF_POP_PRACTICE, r[i].practice);
			r[kept++] = r[i];
		} else if (kind == HF_POP_ROWS_CONDITION &&
			   person_here(g, &c[i].person)) {
			c[i].code = code_here(l, HF_POP_CONDITION, c[i].code);
			c[kept++] = c[i];
		} else if (kind == HF_POP_ROWS_VALUE && person_here(g, &v[i].person)) {
			v[i].code = code_here(l, HF_POP_VALUE, v[i].code);
			v[kept++] = v[i];
		}
	}
	return kept;
}

static enum hf_rc
take_chunk(struct hf_pop_gather *g, size_t feed, enum hf_pop_rows kind, size_t n,
	   struct hf_sv body, struct hf_err *err)
{
	struct hf_pop_planes h;
	struct hf_sv planes;
	void *rows;
	enum hf_rc rc = hf_pop_chunk_open(body, kind, n, &g->raw, &planes, err);

	if (rc == HF_OK)
		rc = hf_pop_planes_head(planes, &h, err);
	if (rc != HF_OK)
		return rc;
	rows = hf_pop_part_room(g->part, kind, n);
	if (!rows || !hf_pop_part_pool(g->part, h.n_dx))
		return no_memory(err);
	rc = hf_pop_planes_get(&planes, kind, rows, g->part->pool, &g->part->n_pool,
			       err);
	if (rc == HF_OK)
		g->part->rows[kind].n += take_rows(g, feed, kind, rows, n);
	atomic_fetch_add(&g->l->rows, n);
	return rc;
}

enum hf_rc
hf_pop_gather_feed(struct hf_pop_gather *g, size_t feed, uint32_t stripe,
		   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    g->db, HF_Q_POPULATION_CHUNKS,
	    HF_ARGS(HF_INT(g->l->feeds[feed].id), HF_INT(stripe)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		int64_t kind = hf_rows_int(&rows, HF_C_POPULATION_CHUNKS_KIND);
		int64_t n = hf_rows_int(&rows, HF_C_POPULATION_CHUNKS_N);

		if (kind < 0 || kind >= HF_POP_ROWS_KINDS || n < 0)
			rc = hf_fail(err, HF_FAULT, "pop_chunk",
				     "a row that cannot be: run homefirst check");
		else if (g->kinds >> kind & 1)
			rc = take_chunk(
			    g, feed, (enum hf_pop_rows)kind, (size_t)n,
			    hf_rows_blob(&rows, HF_C_POPULATION_CHUNKS_BODY), err);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

/* ---- the record ---- */

struct own_codes {
	uint16_t *here[HF_POP_KINDS];
};

static enum hf_rc
own_codes(struct hf_pop_gather *g, const struct hf_pop_own *own, struct own_codes *out,
	  struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&g->l->lock);
	for (int k = 0; rc == HF_OK && k < HF_POP_KINDS; k++) {
		const struct hf_pop_dictionary *d = &own->dict[k];

		out->here[k] = hf_arena_array(&g->arena, d->n + 1, sizeof(uint16_t));
		if (!out->here[k])
			rc = no_memory(err);
		for (size_t i = 1; rc == HF_OK && i < d->n; i++)
			rc = hf_pop_names_code(g->l->names, (enum hf_pop_kind)k,
					       d->text[i], true, &out->here[k][i], err);
	}
	pthread_mutex_unlock(&g->l->lock);
	return rc;
}

static void
own_event(struct hf_pop_gather *g, const struct hf_pop_own *own,
	  const struct own_codes *codes, const struct hf_pop_event *from,
	  uint32_t person, struct hf_pop_event *to)
{
	struct hf_pop_part *p = g->part;

	*to = *from;
	to->person = person;
	to->provider = codes->here[HF_POP_PROVIDER][from->provider];
	to->specialty = codes->here[HF_POP_SPECIALTY][from->specialty];
	to->hrg = codes->here[HF_POP_HRG][from->hrg];
	to->dx = codes->here[HF_POP_ICD10][from->dx];
	to->proc = codes->here[HF_POP_PROC][from->proc];
	to->flags |= HF_POP_F_RECORD;
	if (from->dx_more) {
		size_t n = own->dx_pool[from->dx_more];

		to->dx_more = (uint32_t)p->n_pool;
		p->pool[p->n_pool] = (uint16_t)n;
		for (size_t i = 1; i <= n; i++)
			p->pool[p->n_pool + i] =
			    codes->here[HF_POP_ICD10][own->dx_pool[from->dx_more + i]];
		p->n_pool += n + 1;
	}
}

static enum hf_rc
own_events(struct hf_pop_gather *g, const struct hf_pop_own *own,
	   const struct own_codes *codes, uint32_t person, struct hf_err *err)
{
	struct hf_pop_event *e =
	    hf_pop_part_room(g->part, HF_POP_ROWS_EVENT, own->n_event);
	size_t n = 0;

	if (!e || !hf_pop_part_pool(g->part, own->n_dx_pool))
		return no_memory(err);
	pthread_mutex_lock(&g->l->lock); /* asking makes the table of months */
	for (size_t i = 0; i < own->n_event; i++) {
		const struct hf_pop_event *from = &own->event[i];

		if (hf_pop_covers_has(&g->l->covers,
				      codes->here[HF_POP_PROVIDER][from->provider],
				      from->setting, from->day))
			atomic_fetch_add(&g->l->duplicates, 1);
		else
			own_event(g, own, codes, from, person, &e[n++]);
	}
	pthread_mutex_unlock(&g->l->lock);
	g->part->rows[HF_POP_ROWS_EVENT].n += n;
	return HF_OK;
}

static enum hf_rc
own_rest(struct hf_pop_gather *g, const struct hf_pop_own *own,
	 const struct own_codes *codes, uint32_t person, struct hf_err *err)
{
	struct hf_pop_part *p = g->part;
	struct hf_pop_about *a = hf_pop_part_room(p, HF_POP_ROWS_PERSON, 1);
	struct hf_pop_registration *r =
	    hf_pop_part_room(p, HF_POP_ROWS_REGISTRATION, own->n_reg);
	struct hf_pop_condition *c =
	    hf_pop_part_room(p, HF_POP_ROWS_CONDITION, own->n_cond);
	struct hf_pop_value *v = hf_pop_part_room(p, HF_POP_ROWS_VALUE, own->n_value);

	if (!a || !r || !c || !v)
		return no_memory(err);
	*a = (struct hf_pop_about){person, own->person};
	a->p.lsoa = codes->here[HF_POP_LSOA][own->person.lsoa];
	a->p.flags |= HF_POP_P_FROM_RECORD;
	for (size_t i = 0; i < own->n_reg; i++) {
		r[i] = own->reg[i];
		r[i].person = person;
		r[i].practice = codes->here[HF_POP_PRACTICE][r[i].practice];
	}
	for (size_t i = 0; i < own->n_cond; i++) {
		c[i] = own->cond[i];
		c[i].person = person;
		c[i].code = codes->here[HF_POP_CONDITION][c[i].code];
	}
	for (size_t i = 0; i < own->n_value; i++) {
		v[i] = own->value[i];
		v[i].person = person;
		v[i].code = codes->here[HF_POP_VALUE][v[i].code];
	}
	p->rows[HF_POP_ROWS_PERSON].n++;
	p->rows[HF_POP_ROWS_REGISTRATION].n += own->n_reg;
	p->rows[HF_POP_ROWS_CONDITION].n += own->n_cond;
	p->rows[HF_POP_ROWS_VALUE].n += own->n_value;
	return HF_OK;
}

static enum hf_rc
take_own(struct hf_pop_gather *g, struct hf_sv body, uint32_t person,
	 struct hf_err *err)
{
	struct own_codes codes;
	struct hf_pop_own own;
	enum hf_rc rc;

	g->arena.cap = OWN_MOST;
	rc = hf_pop_unpack(body, &g->arena, &own, err);
	if (rc == HF_OK)
		rc = own_codes(g, &own, &codes, err);
	if (rc == HF_OK && g->kinds >> HF_POP_ROWS_EVENT & 1)
		rc = own_events(g, &own, &codes, person, err);
	if (rc == HF_OK && g->kinds >> HF_POP_ROWS_PERSON & 1)
		rc = own_rest(g, &own, &codes, person, err);
	hf_arena_reset(&g->arena);
	return rc;
}

enum hf_rc
hf_pop_gather_record(struct hf_pop_gather *g, int64_t shelf, uint32_t person,
		     struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(g->db, HF_Q_POPULATION_RECORD_GET,
				    HF_ARGS(HF_INT(shelf)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		struct hf_sv body = hf_rows_blob(&rows, 0);
		struct hf_pop_own_head head;

		/* Another person's by now: the next look at what changed sees it. */
		if (hf_pop_own_head(body, &head) &&
		    memcmp(head.pid, hf_pop_names_pid(g->l->names, person),
			   HF_POP_PID) == 0)
			rc = take_own(g, body, person, err);
		atomic_fetch_add(&g->l->rows, 1);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}
