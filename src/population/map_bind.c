/* map_bind.c - a map tied to the header of one file. */
#include "population/map_int.h"

enum { NAME_MAX = 128 };

struct header {
	char text[HF_CSV_FIELDS][NAME_MAX];
	struct hf_sv name[HF_CSV_FIELDS];
	size_t n;
};

static void
fold_header(const struct hf_csv_row *row, struct header *h)
{
	h->n = row->n;
	for (size_t i = 0; i < row->n; i++)
		h->name[i] = (struct hf_sv){
		    h->text[i], hf_map_fold(row->fields[i], h->text[i], NAME_MAX)};
}

/* Does a name of the map with '#' for a number stand for this one? */
static bool
matches(struct hf_sv pattern, struct hf_sv name)
{
	size_t at = hf_sv_find(pattern, '#');
	size_t digits = 0;

	if (at == pattern.n)
		return hf_sv_eq(pattern, name);
	if (!hf_sv_starts(name, (struct hf_sv){pattern.p, at}))
		return false;
	name = hf_sv_from_at(name, at);
	while (digits < name.n && name.p[digits] >= '0' && name.p[digits] <= '9')
		digits++;
	return digits > 0 && digits < 4 &&
	       hf_sv_eq(hf_sv_from_at(name, digits), hf_sv_from_at(pattern, at + 1));
}

static bool
is_many(const struct hf_map_column *col)
{
	return col->field == HF_F_DX_MORE;
}

static void
take(struct hf_map_bound *out, size_t at, size_t column, enum hf_map_field field)
{
	out->col[out->n].at = (uint16_t)at;
	out->col[out->n++].column = (uint16_t)column;
	out->has |= (uint64_t)1 << field;
}

/* Columns of the file called by the first of the names that the file has: a file that
 * was changed half may hold the old column beside the new one. */
static enum hf_rc
find(const struct hf_map *map, size_t column, const struct header *h, bool *taken,
     struct hf_map_bound *out, struct hf_err *err)
{
	const struct hf_map_column *col = &map->columns[column];

	for (size_t k = 0; k < col->n_names; k++) {
		size_t found = 0;

		for (size_t i = 0; i < h->n; i++) {
			if (taken[i] || !matches(col->names[k], h->name[i]))
				continue;
			if (found && !is_many(col))
				return hf_fail(err, HF_INVALID,
					       hf_map_field_name(col->field),
					       "two columns of the file (%zu is the "
					       "second) have the name of one",
					       i + 1);
			found++;
			taken[i] = true;
			take(out, i, column, col->field);
		}
		if (found && !is_many(col))
			break;
	}
	return HF_OK;
}

static size_t
missing(const struct hf_map *map, const struct hf_map_bound *b, char *names,
	size_t size)
{
	size_t n = 0, at = 0;

	names[0] = 0;
	for (size_t i = 0; i < map->n_columns; i++) {
		const struct hf_map_column *col = &map->columns[i];

		if (!col->required || (b->has & (uint64_t)1 << col->field))
			continue;
		if (at < size)
			at += (size_t)snprintf(names + at, size - at, "%s%s",
					       n ? ", " : "",
					       hf_map_field_name(col->field));
		n++;
	}
	return n;
}

static enum hf_rc
bind(const struct hf_map *map, const struct header *h, struct hf_map_bound *out,
     struct hf_err *err)
{
	bool taken[HF_CSV_FIELDS] = {0};
	char names[200];

	*out = (struct hf_map_bound){.map = map, .width = map->headless ? 0 : h->n};
	for (size_t i = 0; i < map->n_columns; i++) {
		const struct hf_map_column *col = &map->columns[i];

		if (col->position) {
			if (col->position > h->n)
				continue;
			taken[col->position - 1] = true;
			take(out, col->position - 1, i, col->field);
		}
	}
	/* Exact names first: "diag#" would else take the column of dx. */
	for (int many = 0; many < 2; many++)
		for (size_t i = 0; i < map->n_columns; i++) {
			enum hf_rc rc = HF_OK;

			if (map->columns[i].n_names &&
			    is_many(&map->columns[i]) == (many == 1))
				rc = find(map, i, h, taken, out, err);
			if (rc != HF_OK)
				return rc;
		}
	for (size_t i = 0; i < h->n; i++)
		out->unread += !taken[i];
	if (missing(map, out, names, sizeof names))
		return hf_fail(err, HF_INVALID, map->id,
			       "the file has no column for: %s. Put the name it has "
			       "into the map",
			       names);
	return HF_OK;
}

enum hf_rc
hf_map_bind(const struct hf_map *map, const struct hf_csv_row *header,
	    struct hf_map_bound *out, struct hf_err *err)
{
	struct header h;

	fold_header(header, &h);
	return bind(map, &h, out, err);
}

enum hf_rc
hf_map_detect(const struct hf_map *maps, size_t n, const struct hf_csv_row *header,
	      size_t *out, struct hf_err *err)
{
	struct header h;
	char names[200] = "";
	size_t found = 0, which = 0, at = 0;

	fold_header(header, &h);
	for (size_t i = 0; i < n; i++) {
		struct hf_map_bound b;

		if (maps[i].headless || bind(&maps[i], &h, &b, NULL) != HF_OK)
			continue;
		which = i;
		if (at < sizeof names)
			at += (size_t)snprintf(names + at, sizeof names - at, "%s%s",
					       found ? ", " : "", maps[i].id);
		found++;
	}
	if (found == 0)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "the header goes with no map: say --map, or write one");
	if (found > 1)
		return hf_fail(err, HF_RULE, NULL,
			       "the header goes with more than one map (%s): say --map",
			       names);
	*out = which;
	return HF_OK;
}
