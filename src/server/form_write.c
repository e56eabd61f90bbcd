/* form_write.c - see form_write.h. */
#include "server/form_write.h"

#include "server/serve.h"

const struct hf_qn *
hf_form_of(struct hf_call *c, size_t arg)
{
	const struct hf_qn *q = hf_forms_find(&c->server->forms, c->arg[arg]);
	struct hf_err err;

	if (!q) {
		hf_fail(&err, HF_NOT_FOUND, "form", "there is no form of this id");
		hf_api_fail(c, &err);
	}
	return q;
}

/* ---- what is sent ---- */

static bool
is_named(const char *members, struct hf_sv key)
{
	struct hf_sv rest = hf_sv_from(members);

	while (rest.n)
		if (hf_sv_eq(hf_sv_cut(&rest, ' '), key))
			return true;
	return false;
}

static enum hf_rc
read_body(struct hf_call *c, const char *members, struct hf_json *doc,
	  struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = HF_FORM_BODY, .depth = 32, .nodes = 40000};
	enum hf_rc rc;

	if (hf_media_of(hf_req_header(c->req, "Content-Type")) != HF_MEDIA_JSON)
		return hf_fail(err, HF_MEDIA, NULL,
			       "send it as JSON, with Content-Type: application/json");
	rc = hf_json_parse(hf_req_body(c->req), &limits, c->arena, doc, err);
	if (rc)
		return rc;
	if (hf_json_type(doc, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL, "send one JSON object");
	for (uint32_t i = 1; i < doc->nodes[0].next; i = doc->nodes[i].next)
		if (!is_named(members, hf_json_key(doc, i)))
			return hf_fail(err, HF_INVALID, NULL,
				       "the members taken here are: %s", members);
	return HF_OK;
}

static enum hf_rc
read_at(struct hf_call *c, const struct hf_json *doc, hf_time *out, struct hf_err *err)
{
	static const hf_time slack = 5 * 60000;
	uint32_t node = hf_json_member(doc, 0, "at");
	struct hf_date date;

	*out = c->now;
	if (node == HF_JSON_NONE)
		return HF_OK;
	if (!hf_date_parse(hf_json_str(doc, node, c->arena), false, &date) ||
	    date.precision < HF_PREC_MINUTE)
		return hf_fail(err, HF_INVALID, "at",
			       "expected a date and time with its zone");
	if (date.lo > c->now + slack)
		return hf_fail(err, HF_RULE, "at", "it lies in the future");
	*out = date.lo;
	return HF_OK;
}

enum hf_rc
hf_form_read(struct hf_call *c, const struct hf_qn *form, const char *members,
	     struct hf_form_sent *out, struct hf_err *err)
{
	uint32_t node;
	int64_t age = -1;
	enum hf_rc rc = read_body(c, members, &out->doc, err);

	if (rc == HF_OK)
		rc = read_at(c, &out->doc, &out->at, err);
	if (rc)
		return rc;
	out->items = hf_json_member(&out->doc, 0, "item");
	out->confirmed = hf_json_member(&out->doc, 0, "confirmed");
	node = hf_json_member(&out->doc, 0, "age");
	if (node != HF_JSON_NONE &&
	    (!hf_sv_int(hf_json_raw(&out->doc, node), &age) || age < 0 || age > 150))
		return hf_fail(err, HF_INVALID, "age", "expected years");
	out->age = (int)age;
	node = hf_json_member(&out->doc, 0, "version");
	if (node != HF_JSON_NONE && !hf_sv_eq(hf_json_str(&out->doc, node, c->arena),
					      hf_sv_from(form->version)))
		return hf_fail(err, HF_STALE, "version",
			       "the form has changed since: it is version %s now",
			       form->version);
	return HF_OK;
}

/* ---- filling in ---- */

static void
score(struct hf_call *c, const struct hf_qn_asked *asked, struct hf_filled *f)
{
	f->score = hf_forms_score(&c->server->forms, hf_sv_from(f->form->score));
	if (!f->score)
		return;
	f->n_values = hf_qn_score_values(f->form, f->score, &f->answers, f->values);
	f->scored = hf_score_run(f->score, asked->age, f->values, f->n_values,
				 &f->result, &f->refused) == HF_OK;
}

enum hf_rc
hf_form_fill(struct hf_call *c, const struct hf_qn *form,
	     const struct hf_form_sent *sent, const struct hf_form_who *who,
	     const struct hf_qn_asked *asked, struct hf_issues *issues,
	     struct hf_json *doc, struct hf_filled *out, struct hf_err *err)
{
	struct hf_buf b = {.cap = (size_t)4 * HF_FORM_BODY};
	struct hf_jw w = {.out = &b};
	struct hf_sv text;
	enum hf_rc rc;

	*out = (struct hf_filled){.form = form};
	hf_form_build_response(&w, form, who, &sent->doc, sent->items);
	text =
	    b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(c->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	if (!text.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "the answers are too long");
	rc = hf_json_parse(text, NULL, c->arena, doc, err);
	if (rc == HF_OK)
		rc = hf_qn_check(form, doc, 0, asked, c->arena, issues, &out->answers,
				 err);
	if (rc == HF_OK)
		score(c, asked, out);
	return rc;
}

static bool
is_confirmed(struct hf_call *c, const struct hf_form_sent *sent, const char *id)
{
	const struct hf_json *d = &sent->doc;
	uint32_t list = sent->confirmed;

	if (list == HF_JSON_NONE || hf_json_type(d, list) != HF_JSON_ARRAY)
		return false;
	for (uint32_t i = list + 1; i < d->nodes[list].next; i = d->nodes[i].next)
		if (hf_sv_eq(hf_json_str(d, i, c->arena), hf_sv_from(id)))
			return true;
	return false;
}

void
hf_form_ask_again(struct hf_call *c, const struct hf_filled *f,
		  const struct hf_form_sent *sent, struct hf_issues *issues)
{
	for (size_t i = 0; f->scored && i < f->score->n_items; i++)
		if ((f->result.confirm & (uint64_t)1 << i) &&
		    !is_confirmed(c, sent, f->score->items[i].id))
			hf_issue_add(issues, HF_SEV_ERROR, "confirm",
				     hf_sv_from(f->score->items[i].id),
				     "this value is extreme: look again, then confirm "
				     "it");
}

/* ---- answers ---- */

void
hf_form_end(struct hf_call *c, int status)
{
	struct hf_buf *out = hf_req_buf(c->req);

	if (status == 200 || out->failed) {
		hf_api_end(c);
		return;
	}
	hf_buf_char(out, '}');
	hf_call_header(c, "Cache-Control", HF_SV("no-store"));
	hf_call_reply(c, status, "application/json; charset=utf-8", hf_buf_view(out));
}

void
hf_form_write_findings(struct hf_jw *w, const struct hf_issues *issues)
{
	hf_jw_member(w, "findings");
	hf_jw_arr(w);
	for (size_t i = 0; i < issues->n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "path", issues->items[i].path);
		hf_jw_field(w, "code", hf_sv_from(issues->items[i].code));
		hf_jw_field(w, "text", issues->items[i].text);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_items(struct hf_jw *w, const char *name, const struct hf_score *s, uint64_t set)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n_items; i++) {
		if (!(set & (uint64_t)1 << i))
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(s->items[i].id));
		hf_jw_field(w, "title", hf_sv_from(s->items[i].title));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_level(struct hf_jw *w, const struct hf_score_level *level)
{
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(level->id));
	hf_jw_field(w, "title", hf_sv_from(level->title));
	hf_api_text(w, "action", hf_sv_from(level->action));
	if (level->to >= level->from) {
		hf_api_number(w, "from", level->from);
		hf_api_number(w, "to", level->to);
	}
	hf_jw_obj_end(w);
}

static void
write_raise(struct hf_jw *w, const struct hf_score_raise *raise)
{
	hf_jw_obj(w);
	hf_jw_field(w, "task", hf_sv_from(raise->task));
	hf_jw_field(w, "title", hf_sv_from(raise->title));
	hf_jw_field(w, "role", hf_sv_from(raise->role));
	hf_jw_obj_end(w);
}

static void
write_points(struct hf_jw *w, const struct hf_filled *f)
{
	hf_jw_member(w, "points");
	hf_jw_obj(w);
	for (size_t i = 0; i < f->score->n_items; i++)
		if (f->result.points[i] >= 0)
			hf_api_number(w, f->score->items[i].id, f->result.points[i]);
	hf_jw_obj_end(w);
}

void
hf_form_write_score(struct hf_call *c, struct hf_jw *w, const struct hf_filled *f)
{
	const struct hf_score *s = f->score;

	if (!s)
		return;
	hf_jw_member(w, "score");
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(s->id));
	hf_jw_field(w, "title", hf_sv_from(s->title));
	hf_api_flag(w, "complete", f->scored && f->result.complete);
	if (!f->scored)
		hf_jw_field(w, "refused", hf_sv_from(f->refused.text));
	if (f->scored && f->result.complete)
		hf_api_number(w, "total", f->result.total);
	if (f->scored && f->result.level >= 0) {
		hf_jw_member(w, "level");
		write_level(w, &s->levels[f->result.level]);
	}
	if (f->scored) {
		write_points(w, f);
		write_items(w, "missing", s, f->result.missing);
		hf_api_text(w, "missingText", hf_form_missing_words(f, c->arena));
		write_items(w, "confirm", s, f->result.confirm);
		hf_jw_member(w, "raised");
		hf_jw_arr(w);
		for (size_t i = 0; i < s->n_raises; i++)
			if ((f->result.raised & (uint64_t)1 << i) && *s->raises[i].task)
				write_raise(w, &s->raises[i]);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static void
write_number(struct hf_jw *w, const char *name, bool has, struct hf_decimal d)
{
	char text[HF_DECIMAL_TEXT];

	if (!has || hf_decimal_format(d, text) == 0)
		return;
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_raw(w, hf_sv_from(text));
}

void
hf_form_write_table(struct hf_jw *w, const struct hf_score *s)
{
	hf_jw_member(w, "score");
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(s->id));
	hf_jw_field(w, "version", hf_sv_from(s->version));
	hf_jw_field(w, "title", hf_sv_from(s->title));
	hf_jw_field(w, "source", hf_sv_from(s->source));
	hf_api_text(w, "licence", hf_sv_from(s->licence));
	hf_api_flag(w, "scored", s->scored);
	hf_api_number(w, "ageMin", s->age_min);
	hf_api_number(w, "ageMax", s->age_max);
	hf_api_number(w, "min", s->total_min);
	hf_api_number(w, "max", s->total_max);
	hf_jw_member(w, "items");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_score_item *item = &s->items[i];

		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(item->id));
		hf_jw_field(w, "title", hf_sv_from(item->title));
		hf_api_text(w, "unit", hf_sv_from(item->unit));
		write_number(w, "min", item->has_min, item->min);
		write_number(w, "max", item->has_max, item->max);
		write_number(w, "low", item->has_low, item->low);
		write_number(w, "high", item->has_high, item->high);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "levels");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->n_levels; i++)
		write_level(w, &s->levels[i]);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}
