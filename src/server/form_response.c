/* form_response.c - what was answered, as a QuestionnaireResponse with the texts of the
 * form. */
#include "server/form_build.h"

static void build_items(struct hf_jw *w, const struct hf_qn *q,
			const struct hf_json *doc, uint32_t list);

/* Values as they came; what else stands in an answer is left out. */
static void
build_answer(struct hf_jw *w, const struct hf_qn *q, const struct hf_json *doc,
	     uint32_t answer)
{
	hf_jw_obj(w);
	for (uint32_t c = answer + 1; c < doc->nodes[answer].next;
	     c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);

		if (hf_sv_is(key, "item")) {
			hf_jw_key(w, key);
			build_items(w, q, doc, c);
		} else if (hf_sv_starts(key, HF_SV("value"))) {
			hf_jw_key(w, key);
			hf_jw_raw(w, hf_json_source(doc, c));
		}
	}
	hf_jw_obj_end(w);
}

static void
build_item(struct hf_jw *w, const struct hf_qn *q, const struct hf_json *doc,
	   uint32_t node)
{
	uint32_t link = hf_json_member(doc, node, "linkId");
	int item = link == HF_JSON_NONE || hf_json_type(doc, link) != HF_JSON_STRING
		       ? -1
		       : hf_qn_find(q, hf_json_raw(doc, link));

	hf_jw_obj(w);
	/* What the form has not is left to the check to name. */
	hf_jw_field(w, "linkId", item < 0 ? HF_SV("-") : hf_sv_from(q->items[item].id));
	if (item >= 0 && *q->items[item].text)
		hf_jw_field(w, "text", hf_sv_from(q->items[item].text));
	for (uint32_t c = node + 1; c < doc->nodes[node].next; c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);

		if (hf_sv_is(key, "item")) {
			hf_jw_key(w, key);
			build_items(w, q, doc, c);
		} else if (hf_sv_is(key, "answer") &&
			   hf_json_type(doc, c) == HF_JSON_ARRAY) {
			hf_jw_key(w, key);
			hf_jw_arr(w);
			for (uint32_t a = c + 1; a < doc->nodes[c].next;
			     a = doc->nodes[a].next)
				if (hf_json_type(doc, a) == HF_JSON_OBJECT)
					build_answer(w, q, doc, a);
			hf_jw_arr_end(w);
		}
	}
	hf_jw_obj_end(w);
}

static void
build_items(struct hf_jw *w, const struct hf_qn *q, const struct hf_json *doc,
	    uint32_t list)
{
	hf_jw_arr(w);
	if (list != HF_JSON_NONE && hf_json_type(doc, list) == HF_JSON_ARRAY)
		for (uint32_t c = list + 1; c < doc->nodes[list].next;
		     c = doc->nodes[c].next)
			if (hf_json_type(doc, c) == HF_JSON_OBJECT)
				build_item(w, q, doc, c);
	hf_jw_arr_end(w);
}

void
hf_form_build_response(struct hf_jw *w, const struct hf_qn *q,
		       const struct hf_form_who *who, const struct hf_json *doc,
		       uint32_t items)
{
	char canonical[240];

	snprintf(canonical, sizeof canonical, "%s|%s", q->url, q->version);
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("QuestionnaireResponse"));
	hf_jw_field(w, "questionnaire", hf_sv_from(canonical));
	hf_jw_member(w, "_questionnaire");
	hf_jw_obj(w);
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV("http://hl7.org/fhir/StructureDefinition/display"));
	hf_jw_field(w, "valueString", hf_sv_from(q->title));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_field(w, "status", HF_SV("completed"));
	if (who->patient.n)
		hf_form_put_reference(w, "subject", "Patient/", who->patient);
	hf_write_time(w, "authored", who->at);
	if (who->who.n)
		hf_form_put_reference(w, "author", "", who->who);
	hf_jw_member(w, "item");
	build_items(w, q, doc, items);
	hf_jw_obj_end(w);
}
