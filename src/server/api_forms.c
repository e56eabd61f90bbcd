/* api_forms.c - the forms there are, and scoring as one types. */
#include "server/form_write.h"
#include "server/serve.h"

void hf_api_forms(struct hf_call *call);
void hf_api_form(struct hf_call *call);
void hf_api_form_check(struct hf_call *call);

/* The description of a form, from its document. */
static struct hf_sv
description_of(struct hf_call *c, const struct hf_qn *q)
{
	struct hf_json doc;

	if (hf_json_parse(q->text, NULL, c->arena, &doc, NULL) != HF_OK)
		return HF_SV("");
	return hf_json_str(&doc, hf_json_member(&doc, 0, "description"), c->arena);
}

static void
write_line(struct hf_call *c, struct hf_jw *w, const struct hf_qn *q)
{
	const struct hf_score *s =
	    hf_forms_score(&c->server->forms, hf_sv_from(q->score));

	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(q->id));
	hf_jw_field(w, "title", hf_sv_from(q->title));
	hf_jw_field(w, "version", hf_sv_from(q->version));
	hf_api_text(w, "description", description_of(c, q));
	if (s) {
		hf_jw_field(w, "score", hf_sv_from(s->id));
		hf_jw_field(w, "scoreTitle", hf_sv_from(s->title));
		hf_api_number(w, "ageMin", s->age_min);
		hf_api_number(w, "ageMax", s->age_max);
	}
	hf_jw_obj_end(w);
}

void
hf_api_forms(struct hf_call *c)
{
	const struct hf_forms *forms = &c->server->forms;
	struct hf_jw w;

	if (!hf_api_no_params(c))
		return;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "forms");
	hf_jw_arr(&w);
	for (size_t i = 0; i < forms->n_forms; i++)
		write_line(c, &w, &forms->forms[i]);
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

void
hf_api_form(struct hf_call *c)
{
	const struct hf_score *s;
	const struct hf_qn *q;
	struct hf_jw w;

	if (!hf_api_no_params(c))
		return;
	q = hf_form_of(c, 0);
	if (!q)
		return;
	s = hf_forms_score(&c->server->forms, hf_sv_from(q->score));
	hf_api_begin(c, &w);
	hf_jw_member(&w, "questionnaire");
	hf_jw_raw(&w, q->text);
	if (s)
		hf_form_write_table(&w, s);
	hf_api_end(c);
}

/* ---- as one types ---- */

static void
write_reckoned(struct hf_jw *w, const struct hf_filled *f)
{
	hf_jw_member(w, "reckoned");
	hf_jw_arr(w);
	for (size_t i = 0; i < f->form->n_items; i++) {
		if (!f->answers.reckoned[i].kind)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "linkId", hf_sv_from(f->form->items[i].id));
		hf_qn_value_write(w, &f->form->items[i], &f->answers.reckoned[i]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* About nobody: it scores what it is sent and keeps nothing. */
void
hf_api_form_check(struct hf_call *c)
{
	struct hf_issues issues = {.arena = c->arena};
	struct hf_form_sent sent;
	struct hf_filled filled;
	struct hf_json doc;
	const struct hf_qn *q;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	q = hf_form_of(c, 0);
	if (!q)
		return;
	rc = hf_form_read(c, q, "item at confirmed version age", &sent, &err);
	if (rc == HF_OK)
		rc = hf_form_fill(c, q, &sent,
				  &(struct hf_form_who){.at = sent.at, .now = c->now},
				  &(struct hf_qn_asked){.age = sent.age, .now = c->now},
				  &issues, &doc, &filled, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_form_write_findings(&w, &issues);
	write_reckoned(&w, &filled);
	hf_form_write_score(c, &w, &filled);
	hf_api_end(c);
}
