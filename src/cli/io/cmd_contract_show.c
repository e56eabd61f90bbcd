/* cmd_contract_show.c - homefirst contract price: what is printed. */
#include "cli/io/cmd_contract_price.h"

#include "contract/charge.h"
#include "contract/trace.h"
#include "fhir/json.h"

static const char *
pounds(hf_pence v, char *buf)
{
	return hf_pence_text(v, HF_PENCE_POUNDS, buf, HF_MONEY_TEXT);
}

static const char *
plain(hf_pence v, char *buf)
{
	return hf_pence_text(v, HF_PENCE_PLAIN, buf, HF_MONEY_TEXT);
}

static void
table_row(const char *fy, const char *month, const char *pod, const struct hf_ct_sum *s)
{
	char v[HF_MONEY_TEXT], x[HF_MONEY_TEXT], n[28];

	printf("%-8s %-3s %-7s %12s %22s %20s\n", fy, month, pod,
	       hf_cli_count(s->n, n, sizeof n), pounds(s->value, v), pounds(s->xbd, x));
}

static void
show_table(const struct hf_cli_priced *w)
{
	char fy[HF_MONEY_TEXT], month[8];

	printf("%-8s %-3s %-7s %12s %22s %20s\n", "year", "P", "POD", "lines", "value",
	       "of it excess days");
	for (size_t y = 0; y < w->totals.n_years; y++) {
		const struct hf_ct_year *year = &w->totals.years[y];

		hf_fy_text(year->fy, fy, sizeof fy);
		for (int m = 0; m < 12; m++)
			for (uint8_t p = 0; p < HF_CT_PODS; p++) {
				if (year->pods[m][p].n == 0)
					continue;
				snprintf(month, sizeof month, "%d", m + 1);
				table_row(fy, month, hf_ct_pod_code(p),
					  &year->pods[m][p]);
			}
	}
	for (uint8_t p = 0; p < HF_CT_PODS; p++)
		if (w->totals.pods[p].n)
			table_row("all", "", hf_ct_pod_code(p), &w->totals.pods[p]);
	table_row("total", "", "", &w->totals.all);
	for (uint8_t p = 1; p < HF_CT_PROBLEMS; p++)
		if (w->totals.problems[p])
			printf("%lld LOCAL at £0.00, %s: %s\n",
			       (long long)w->totals.problems[p], hf_ct_problem_code(p),
			       hf_ct_problem_text(p));
	if (w->wrong)
		printf("%zu rows of the file were wrong and are in no figure\n",
		       w->wrong);
}

static const char *
list_id(const struct hf_cli_priced *w, const struct hf_ct_priced *l, char buf[48])
{
	snprintf(
	    buf, 48, "%.*s",
	    HF_SV_ARG(l->list < w->book.n ? w->book.lists[l->list]->id : HF_SV("")));
	return buf;
}

static void
show_csv(const struct hf_cli_priced *w)
{
	char v[HF_MONEY_TEXT], x[HF_MONEY_TEXT], fy[HF_MONEY_TEXT], id[48];
	char hrg[HF_CT_CODE_TEXT], provider[HF_CT_CODE_TEXT],
	    specialty[HF_CT_CODE_TEXT];

	printf("id,pod,year,period,value,excess_days,excess_value,problem,list,hrg,"
	       "provider,specialty\n");
	for (size_t i = 0; i < w->n; i++) {
		const struct hf_ct_priced *l = &w->out[i];

		printf("%llu,%s,%s,%d,%s,%u,%s,%s,%s,%s,%s,%s\n",
		       (unsigned long long)w->a[i].id, hf_ct_pod_code(l->pod),
		       hf_fy_text(l->fy, fy, sizeof fy), l->period, plain(l->value, v),
		       l->excess, plain(l->xbd, x), hf_ct_problem_code(l->problem),
		       list_id(w, l, id), hf_ct_code_text(w->a[i].hrg, hrg),
		       hf_ct_code_text(w->a[i].provider, provider),
		       hf_ct_code_text(w->a[i].specialty, specialty));
	}
}

static void
put_pounds(struct hf_jw *j, struct hf_sv key, hf_pence v)
{
	char text[HF_MONEY_TEXT];

	hf_jw_kv(j, key, hf_sv_from(plain(v, text)));
}

static void
put_sum(struct hf_jw *j, const struct hf_ct_sum *s)
{
	hf_jw_member(j, "lines");
	hf_jw_int(j, s->n);
	put_pounds(j, HF_SV("value"), s->value);
	hf_jw_member(j, "excess_days");
	hf_jw_int(j, s->excess);
	put_pounds(j, HF_SV("excess_value"), s->xbd);
}

static void
put_year(struct hf_jw *j, const struct hf_ct_year *year)
{
	char fy[HF_MONEY_TEXT];

	for (int m = 0; m < 12; m++)
		for (uint8_t p = 0; p < HF_CT_PODS; p++) {
			if (year->pods[m][p].n == 0)
				continue;
			hf_jw_obj(j);
			hf_jw_field(j, "year",
				    hf_sv_from(hf_fy_text(year->fy, fy, sizeof fy)));
			hf_jw_member(j, "period");
			hf_jw_int(j, m + 1);
			hf_jw_field(j, "pod", hf_sv_from(hf_ct_pod_code(p)));
			put_sum(j, &year->pods[m][p]);
			hf_jw_obj_end(j);
		}
}

static void
put_problems(struct hf_jw *j, const struct hf_ct_totals *t)
{
	hf_jw_arr(j);
	for (uint8_t p = 1; p < HF_CT_PROBLEMS; p++) {
		if (t->problems[p] == 0)
			continue;
		hf_jw_obj(j);
		hf_jw_field(j, "code", hf_sv_from(hf_ct_problem_code(p)));
		hf_jw_member(j, "lines");
		hf_jw_int(j, t->problems[p]);
		hf_jw_field(j, "text", hf_sv_from(hf_ct_problem_text(p)));
		hf_jw_obj_end(j);
	}
	hf_jw_arr_end(j);
}

static void
flush(struct hf_buf *out)
{
	fwrite(out->p, 1, out->n, stdout);
	putchar('\n');
	hf_buf_free(out);
}

static void
show_json(const struct hf_cli_priced *w)
{
	struct hf_buf out = {0};
	struct hf_jw j = {.out = &out};

	hf_jw_obj(&j);
	hf_jw_member(&j, "totals");
	hf_jw_arr(&j);
	for (size_t y = 0; y < w->totals.n_years; y++)
		put_year(&j, &w->totals.years[y]);
	hf_jw_arr_end(&j);
	hf_jw_member(&j, "total");
	hf_jw_obj(&j);
	put_sum(&j, &w->totals.all);
	hf_jw_obj_end(&j);
	hf_jw_member(&j, "problems");
	put_problems(&j, &w->totals);
	hf_jw_member(&j, "wrong_rows");
	hf_jw_int(&j, (int64_t)w->wrong);
	hf_jw_obj_end(&j);
	flush(&out);
}

/* NDJSON: an Invoice a month. */
static void
show_fhir(const struct hf_cli_priced *w)
{
	for (size_t y = 0; y < w->totals.n_years; y++)
		for (int m = 0; m < 12; m++) {
			const struct hf_ct_year *year = &w->totals.years[y];
			struct hf_buf out = {0};
			struct hf_jw j = {.out = &out};
			int64_t n = 0;

			for (uint8_t p = 0; p < HF_CT_PODS; p++)
				n += year->pods[m][p].n;
			if (n == 0)
				continue;
			hf_ct_invoice(&j, year, m);
			flush(&out);
		}
}

static void
trace_fhir(const struct hf_cli_priced *w, size_t i)
{
	struct hf_buf out = {0};
	struct hf_jw j = {.out = &out};

	hf_ct_charge_item(&j, &w->book, &w->a[i], &w->out[i]);
	flush(&out);
}

static void
put_steps(struct hf_jw *j, const struct hf_cli_priced *w, size_t i)
{
	struct hf_sv rest = hf_sv_from_at(hf_buf_view(&w->traces), w->out[i].trace);
	struct hf_buf one = {0};
	struct hf_ct_step step;

	hf_jw_arr(j);
	while (hf_ct_step_next(&rest, &step)) {
		one.n = 0;
		hf_ct_step_text(&step, &w->book, &w->a[i], &w->out[i], &one);
		hf_jw_obj(j);
		hf_jw_field(j, "clause", hf_sv_from(hf_ct_step_clause(step.code)));
		hf_jw_field(j, "text", hf_buf_view(&one));
		hf_jw_obj_end(j);
	}
	hf_jw_arr_end(j);
	hf_buf_free(&one);
}

static void
trace_json(const struct hf_cli_priced *w, size_t i)
{
	struct hf_buf out = {0};
	struct hf_jw j = {.out = &out};

	hf_jw_obj(&j);
	hf_jw_member(&j, "id");
	hf_jw_int(&j, (int64_t)w->a[i].id);
	hf_jw_field(&j, "pod", hf_sv_from(hf_ct_pod_code(w->out[i].pod)));
	put_pounds(&j, HF_SV("value"), w->out[i].value);
	hf_jw_field(&j, "problem", hf_sv_from(hf_ct_problem_code(w->out[i].problem)));
	hf_jw_member(&j, "steps");
	put_steps(&j, w, i);
	hf_jw_obj_end(&j);
	flush(&out);
}

static int
show_trace(const struct hf_command *cmd, const struct hf_cli_price_ask *q,
	   const struct hf_cli_priced *w)
{
	struct hf_buf out = {0};
	char v[HF_MONEY_TEXT];
	int64_t id;
	size_t i = 0;

	if (!hf_sv_int(hf_sv_from(q->trace), &id) || id < 0)
		return hf_misuse(cmd, "--trace takes the id of a row");
	while (i < w->n && w->a[i].id != (uint64_t)id)
		i++;
	if (i == w->n) {
		fprintf(stderr, "homefirst %s: no row has this id\n", cmd->name);
		return HF_EXIT_FAILED;
	}
	if (q->how == HF_CLI_JSON || q->how == HF_CLI_FHIR) {
		(q->how == HF_CLI_FHIR ? trace_fhir : trace_json)(w, i);
		return HF_EXIT_DONE;
	}
	hf_ct_trace_text(hf_buf_view(&w->traces), &w->book, &w->a[i], &w->out[i], &out);
	printf("%llu  %s  %s\n%.*s", (unsigned long long)w->a[i].id,
	       hf_ct_pod_code(w->out[i].pod), pounds(w->out[i].value, v), (int)out.n,
	       out.p);
	hf_buf_free(&out);
	return HF_EXIT_DONE;
}

int
hf_cli_price_show(const struct hf_command *cmd, const struct hf_cli_price_ask *q,
		  const struct hf_cli_priced *w)
{
	if (q->trace)
		return show_trace(cmd, q, w);
	if (q->how == HF_CLI_TABLE)
		show_table(w);
	else if (q->how == HF_CLI_CSV)
		show_csv(w);
	else if (q->how == HF_CLI_FHIR)
		show_fhir(w);
	else
		show_json(w);
	return HF_EXIT_DONE;
}
