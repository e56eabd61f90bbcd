/* caseload.c - the caseload opened over a store. */
#include "hub/io/case_int.h"

#include "base/io/log.h"
#include "record/hub_task.h"
#include "record/person_text.h"

/* An instance that no definition here can read: it must not be lost silently (HZ3).
 * What is in it is not said. */
static void
strand(struct hf_caseload *cl, struct hf_sv id, struct hf_sv what,
       const struct hf_err *why)
{
	size_t i = 0;

	hf_log(HF_LOG_ERROR, "pathways", "Task/%.*s (%.*s) cannot be read: %s",
	       HF_SV_ARG(id), HF_SV_ARG(what), why->text);
	while (i < cl->n_stranded && !hf_sv_eq(cl->stranded[i].what, what))
		i++;
	if (i == CASE_STRANDED)
		i--;
	if (i == cl->n_stranded) {
		cl->stranded[i].what = hf_arena_sv(&cl->arena, what);
		cl->n_stranded++;
	}
	cl->stranded[i].n++;
}

static enum hf_rc
say_stranded(const struct hf_caseload *cl, struct hf_err *err)
{
	struct hf_buf b = {.cap = 1000};
	size_t all = 0;
	enum hf_rc rc;

	for (size_t i = 0; i < cl->n_stranded; i++) {
		hf_buf_printf(&b, "%s%zu of %.*s", i ? ", " : "", cl->stranded[i].n,
			      HF_SV_ARG(cl->stranded[i].what));
		all += cl->stranded[i].n;
	}
	rc =
	    hf_fail(err, HF_RULE, "--pathways",
		    "%zu running instance%s cannot go on by the definitions that are "
		    "here: %.*s.  Give the documents they began with (--pathways DIR), "
		    "or take them over to another version (homefirst pathway migrate "
		    "--data DIR --to FILE)",
		    all, all == 1 ? "" : "s", (int)b.n, b.p ? b.p : "");
	hf_buf_free(&b);
	return rc;
}

static enum hf_rc
load_task(void *of, struct hf_reader *reader, hf_rid rid, struct hf_arena *scratch,
	  struct hf_err *err)
{
	struct hf_caseload *cl = of;
	struct hf_case_read *r = HF_NEW(scratch, struct hf_case_read);
	struct hf_sv what;
	struct hf_err why;
	enum hf_rc rc;

	if (!r)
		return hf_fail(err, HF_FAULT, NULL, "no memory");
	rc = hf_store_read_rid(reader, rid, 0, scratch, &r->task, err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(r->task.body, NULL, scratch, &r->doc, err);
	if (rc || !hf_hub_task_is(&r->doc, 0, "pathway", scratch))
		return rc;
	if (hf_case_read_doc(cl, reader, scratch, r, &why) != HF_OK) {
		(void)hf_case_def_of(cl, &r->doc, scratch, &what);
		strand(cl, r->task.id, what, &why);
		return HF_OK;
	}
	hf_case_put(cl, &r->row);
	return HF_OK;
}

enum hf_rc
hf_caseload_open(const struct hf_caseload_config *config, struct hf_caseload **out,
		 struct hf_err *err)
{
	struct hf_caseload *cl = calloc(1, sizeof *cl);
	struct hf_reader *reader = NULL;
	enum hf_rc rc;

	if (!cl)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the caseload");
	pthread_mutex_init(&cl->lock, NULL);
	pthread_cond_init(&cl->wake, NULL);
	cl->config = *config;
	cl->store = config->store;
	cl->arena.cap = 256 << 20;
	cl->task = hf_resource_find(HF_SV("Task"));
	cl->episode = hf_resource_find(HF_SV("EpisodeOfCare"));
	cl->request = hf_resource_find(HF_SV("ServiceRequest"));
	cl->provenance = hf_resource_find(HF_SV("Provenance"));
	cl->patient = hf_resource_find(HF_SV("Patient"));
	rc = hf_case_defs_load(cl, err);
	if (rc == HF_OK)
		rc = hf_reader_get(cl->store, &reader, err);
	/* What goes on is in-progress: see build.c.  In one snapshot, as in hub.c. */
	if (rc == HF_OK) {
		rc = hf_reader_begin(reader, err);
		if (rc == HF_OK)
			rc =
			    hf_hub_each_task(reader, "in-progress", load_task, cl, err);
		hf_reader_end(reader);
	}
	hf_reader_put(reader);
	if (rc == HF_OK && cl->n_stranded && !config->strays)
		rc = say_stranded(cl, err);
	if (rc == HF_OK && config->clocks && !hf_case_clock_start(cl))
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for the clocks");
	if (rc) {
		hf_caseload_close(cl);
		return rc;
	}
	*out = cl;
	return HF_OK;
}

void
hf_caseload_close(struct hf_caseload *cl)
{
	if (!cl)
		return;
	hf_case_clock_stop(cl);
	for (size_t i = 0; i < cl->n_slots; i++)
		hf_arena_free(&cl->slots[i].arena);
	free(cl->slots);
	free(cl->chains);
	hf_wheel_free(&cl->wheel);
	hf_case_defs_free(cl);
	hf_arena_free(&cl->arena);
	pthread_cond_destroy(&cl->wake);
	pthread_mutex_destroy(&cl->lock);
	free(cl);
}
