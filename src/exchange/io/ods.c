/* ods.c - files of the Organisation Data Service: all rows first, then one line for
 * each organisation they touch.  The organisations of a store and a file fit into
 * memory. */
#include "exchange/io/ods.h"

#include <stdlib.h>

#include "exchange/io/source.h"
#include "record/person_text.h"

enum {
	FILE_MAX = 256 << 20,
	ARENA_MAX = 2000 << 20,
	SCAN = 256,
	CHUNK = 384 << 10,
	GROUPED = 200, /* organisations in one change */
	SAMPLE = 1000
};

struct refused {
	struct hf_import_refused what;
	struct refused *next;
};

struct hf_ods_feed {
	struct hf_arena arena;
	struct hf_ods_org **slots; /* by code, open addressing */
	size_t n, size;
	struct hf_ods_org **touched; /* in the order of the input */
	size_t n_touched, size_touched, at;
	struct refused *refused, **refused_end;
	struct hf_buf *files; /* texts, which rows point into */
	size_t n_files;
	int64_t bytes;
};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the organisations");
}

/* ---- organisations by code ---- */

static uint64_t
hash(struct hf_sv code)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < code.n; i++)
		h = (h ^ (unsigned char)code.p[i]) * 1099511628211u;
	return h;
}

static struct hf_ods_org **
slot(struct hf_ods_org **slots, size_t size, struct hf_sv code)
{
	size_t i = hash(code) & (size - 1);

	while (slots[i] && !hf_sv_eq(slots[i]->code, code))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static bool
more_slots(struct hf_ods_feed *f)
{
	size_t size = f->size ? f->size * 2 : 1024;
	struct hf_ods_org **slots = calloc(size, sizeof(struct hf_ods_org *));

	if (!slots)
		return false;
	for (size_t i = 0; i < f->size; i++)
		if (f->slots[i])
			*slot(slots, size, f->slots[i]->code) = f->slots[i];
	free(f->slots);
	f->slots = slots;
	f->size = size;
	return true;
}

static struct hf_ods_org *
find(const struct hf_ods_feed *f, struct hf_sv code)
{
	return f->size ? *slot(f->slots, f->size, code) : NULL;
}

/* NULL: no memory. */
static struct hf_ods_org *
add(struct hf_ods_feed *f, struct hf_sv code, struct hf_sv id, struct hf_sv body)
{
	struct hf_ods_org *o = HF_NEW(&f->arena, struct hf_ods_org);

	if (!o || (f->n * 2 >= f->size && !more_slots(f)))
		return NULL;
	o->code = code;
	o->id = id;
	o->body = body;
	*slot(f->slots, f->size, code) = o;
	f->n++;
	return o;
}

/* The code of an Organization, upper case, kept; n 0: none. */
static struct hf_sv
code_of(struct hf_ods_feed *f, const struct hf_json *doc, struct hf_arena *page)
{
	uint32_t list = hf_json_member(doc, 0, "identifier");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		uint32_t one = hf_json_at(doc, list, i);
		struct hf_sv system = hf_dig_text(doc, one, "system", page);
		struct hf_sv value = hf_dig_text(doc, one, "value", page);
		char *p;

		if (!hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organization-code") &&
		    !hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organisation-code"))
			continue;
		p = value.n ? hf_arena_cstr(&f->arena, value) : NULL;
		for (size_t k = 0; p && k < value.n; k++)
			if (p[k] >= 'a' && p[k] <= 'z')
				p[k] = (char)(p[k] - 'a' + 'A');
		if (p)
			return (struct hf_sv){p, value.n};
	}
	return (struct hf_sv){0};
}

static enum hf_rc
learn(struct hf_ods_feed *f, struct hf_reader *reader, hf_rid rid,
      struct hf_arena *page, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_sv code, id, body;
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, page, &v, err);

	if (rc == HF_GONE || rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, page, &doc, err);
	if (rc)
		return rc;
	code = code_of(f, &doc, page);
	if (code.n == 0 || find(f, code))
		return HF_OK;
	id = hf_arena_sv(&f->arena, v.id);
	body = hf_arena_sv(&f->arena, v.body);
	return id.p && body.p && add(f, code, id, body) ? HF_OK : no_memory(err);
}

static enum hf_rc
learn_all(struct hf_ods_feed *f, struct hf_reader *reader, struct hf_err *err)
{
	hf_type_id type = hf_resource_find(HF_SV("Organization"));
	struct hf_arena page = {.cap = 256 << 20};
	hf_rid after = 0;
	enum hf_rc rc;

	do {
		struct hf_entry *entries;
		size_t n;

		hf_arena_reset(&page);
		rc = hf_store_scan(reader, type, after, SCAN, &page, &entries, &n,
				   &after, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++)
			rc = learn(f, reader, entries[i].rid, &page, err);
	} while (rc == HF_OK && after != 0);
	hf_arena_free(&page);
	return rc;
}

/* ---- rows ---- */

/* Opens an organisation for a change and remembers that it is to be written. */
static enum hf_rc
touch(struct hf_ods_feed *f, struct hf_ods_org *o, struct hf_err *err)
{
	if (o->open)
		return HF_OK;
	if (f->n_touched == f->size_touched) {
		size_t size = f->size_touched ? f->size_touched * 2 : 1024;
		struct hf_ods_org **more =
		    realloc(f->touched, size * sizeof(struct hf_ods_org *));

		if (!more)
			return no_memory(err);
		f->touched = more;
		f->size_touched = size;
	}
	f->touched[f->n_touched++] = o;
	return hf_ods_open(o, &f->arena, err);
}

/* The organisation of a code, made when new_too; NULL without. */
static enum hf_rc
org_of(struct hf_ods_feed *f, struct hf_sv code, bool new_too, struct hf_ods_org **out,
       struct hf_err *err)
{
	struct hf_ods_org *o = find(f, code);

	if (!o && new_too) {
		struct hf_sv id =
		    hf_arena_printf(&f->arena, "ods-%.*s", HF_SV_ARG(code));

		o = id.p ? add(f, code, id, (struct hf_sv){0}) : NULL;
		if (!o)
			return no_memory(err);
	}
	*out = o;
	if (!o)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no organisation with the code %.*s",
			       HF_SV_ARG(code));
	return HF_OK;
}

static enum hf_rc
assign(struct hf_ods_feed *f, struct hf_ods_org *o, const struct hf_ods_fact *fact,
       struct hf_err *err)
{
	struct hf_ods_fact network = {.code = fact->parent,
				      .kind = "pcn",
				      .text = "Primary care network",
				      .name = fact->parent_name.n ? fact->parent_name
								  : fact->parent,
				      .details = true,
				      .only_new = true,
				      .active = true};
	struct hf_ods_org *parent;
	struct hf_sv ref;
	enum hf_rc rc = org_of(f, fact->parent, fact->parent_new, &parent, err);

	if (rc == HF_OK && parent->body.n == 0) {
		rc = touch(f, parent, err);
		if (rc == HF_OK)
			rc = hf_ods_take(parent, &network, &f->arena, err);
	}
	if (rc)
		return rc;
	ref = hf_arena_printf(&f->arena, "Organization/%.*s", HF_SV_ARG(parent->id));
	rc = ref.p ? touch(f, o, err) : no_memory(err);
	return rc ? rc : hf_ods_assign(o, ref, fact->from, &f->arena, err);
}

static enum hf_rc
take(struct hf_ods_feed *f, const struct hf_ods_fact *fact, struct hf_err *err)
{
	struct hf_ods_org *o;
	enum hf_rc rc = org_of(f, fact->code, fact->details, &o, err);

	/* The parent is looked for first: a row is taken whole or not at all. */
	if (rc == HF_OK && fact->parent.n)
		rc = assign(f, o, fact, err);
	if (rc == HF_OK && (fact->details || fact->successor.n)) {
		rc = touch(f, o, err);
		if (rc == HF_OK)
			rc = hf_ods_take(o, fact, &f->arena, err);
	}
	return rc;
}

static enum hf_rc
refuse(struct hf_ods_feed *f, const char *path, uint64_t line, struct hf_sv text,
       const struct hf_err *why, struct hf_err *err)
{
	struct refused *r = HF_NEW(&f->arena, struct refused);

	if (!r)
		return no_memory(err);
	r->what = (struct hf_import_refused){
	    .path = path, .line = line, .text = text, .why = *why};
	*f->refused_end = r;
	f->refused_end = &r->next;
	return HF_OK;
}

static enum hf_rc
tell(const char *path, const struct hf_csv_row *first, int *map, struct hf_err *err)
{
	if (*map < 0)
		*map = hf_ods_map_guess(hf_sv_from(path), first);
	if (*map < 0)
		return hf_fail(
		    err, HF_INVALID, path,
		    "a CSV file that is not known by its name or header: say "
		    "what it is with --map");
	return HF_OK;
}

static enum hf_rc
take_file(struct hf_ods_feed *f, const char *path, struct hf_sv text, int map,
	  struct hf_err *err)
{
	struct hf_csv csv = {.rest = text};
	struct hf_ods_columns columns = {{0}};
	struct hf_csv_row row;
	bool first = true, header = false;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK) {
		struct hf_err why = {0};
		struct hf_ods_fact fact;
		enum hf_rc bad = hf_csv_next(&csv, &f->arena, &row, &why);

		if (bad == HF_OK && row.n == 0)
			return HF_OK;
		if (bad == HF_OK && first) {
			rc = tell(path, &row, &map, err);
			first = false;
			if (rc)
				break;
			header = hf_ods_header((enum hf_ods_map)map, &row, &columns);
			if (header)
				continue;
			if (map == HF_ODS_PCN || map == HF_ODS_TREE)
				return hf_fail(err, HF_INVALID, path,
					       "the header of such a file is missing");
		}
		if (bad == HF_OK)
			bad = hf_ods_row((enum hf_ods_map)map, &columns, &row,
					 &f->arena, &fact, &why);
		if (bad == HF_OK)
			bad = take(f, &fact, &why);
		if (bad == HF_TOO_LONG)
			rc = no_memory(err);
		else if (bad)
			rc = refuse(f, path, csv.line, row.text, &why, err);
	}
	return rc;
}

static enum hf_rc
read_file(struct hf_ods_feed *f, const struct hf_source_file *file, int map,
	  struct hf_err *err)
{
	struct hf_buf *text = &f->files[f->n_files++];
	struct hf_source *source;
	enum hf_rc rc = hf_source_open(file, &source, err);

	if (rc)
		return rc;
	rc = hf_source_all(source, FILE_MAX, text, err);
	hf_source_close(source);
	if (rc)
		return rc;
	f->bytes += (int64_t)text->n;
	return take_file(f, file->path, hf_buf_view(text), map, err);
}

/* ---- the feed ---- */

static enum hf_rc
more(void *ctx, struct hf_buf *text, int64_t *done, struct hf_err *err)
{
	struct hf_ods_feed *f = ctx;

	while (text->n < CHUNK && f->at < f->n_touched) {
		hf_ods_write(f->touched[f->at++], text);
		hf_buf_char(text, '\n');
		if (f->at % GROUPED == 0)
			hf_buf_char(text, '\n');
		++*done;
	}
	return text->failed ? no_memory(err) : HF_OK;
}

static enum hf_rc
sample(void *ctx, struct hf_buf *text, struct hf_err *err)
{
	struct hf_ods_feed *f = ctx;

	for (size_t i = 0; i < f->n_touched && i < SAMPLE; i++) {
		hf_ods_write(f->touched[i], text);
		hf_buf_char(text, '\n');
	}
	return text->failed ? no_memory(err) : HF_OK;
}

static bool
refused(void *ctx, struct hf_import_refused *out)
{
	struct hf_ods_feed *f = ctx;

	if (!f->refused)
		return false;
	*out = f->refused->what;
	f->refused = f->refused->next;
	return true;
}

bool
hf_ods_is_csv(const char *path)
{
	struct hf_sv name = hf_sv_from(path);

	if (hf_sv_ends(name, HF_SV(".gz")))
		name.n -= 3;
	else if (hf_sv_ends(name, HF_SV(".zst")))
		name.n -= 4;
	return hf_sv_ends(name, HF_SV(".csv"));
}

int64_t
hf_ods_feed_bytes(const struct hf_ods_feed *f)
{
	return f->bytes;
}

void
hf_ods_feed_free(struct hf_ods_feed *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_files; i++)
		hf_buf_free(&f->files[i]);
	free(f->files);
	free(f->slots);
	free(f->touched);
	hf_arena_free(&f->arena);
	free(f);
}

enum hf_rc
hf_ods_feed_new(struct hf_store *store, const char *const *paths, size_t n, int map,
		struct hf_ods_feed **out, struct hf_import_feed *feed,
		struct hf_err *err)
{
	struct hf_ods_feed *f = calloc(1, sizeof *f);
	struct hf_reader *reader;
	enum hf_rc rc;

	if (!f)
		return no_memory(err);
	f->arena.cap = ARENA_MAX;
	f->refused_end = &f->refused;
	f->files = calloc(n ? n : 1, sizeof *f->files);
	rc = f->files ? hf_reader_get(store, &reader, err) : no_memory(err);
	if (rc == HF_OK) {
		rc = learn_all(f, reader, err);
		hf_reader_put(reader);
	}
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = read_file(f, &(struct hf_source_file){.path = paths[i]}, map, err);
	if (rc) {
		hf_ods_feed_free(f);
		return rc;
	}
	*feed = (struct hf_import_feed){.name = n ? paths[0] : "",
					.total = (int64_t)f->n_touched,
					.more = more,
					.refused = refused,
					.sample = sample,
					.ctx = f};
	*out = f;
	return HF_OK;
}
