/* Pages of a search stay what they were while others write. */
#include "test_record_search.h"

enum { PEOPLE = 60 };

static void
put_patient(struct place *p, int i, const char *family, const char *gender)
{
	char json[300];

	snprintf(json, sizeof json,
		 "{\"resourceType\":\"Patient\",\"id\":\"p%03d\",\"name\":[{\"family\":"
		 "\"%s\"}],\"gender\":\"%s\",\"birthDate\":\"19%02d-01-01\"}",
		 i, family, gender, i % 100);
	place_put1(p, json);
}

static void
put_people(struct place *p)
{
	for (int i = 0; i < PEOPLE; i++)
		put_patient(p, i, "Many", i % 2 ? "male" : "female");
}

/* Goes on to the next page; the text of links lives in link. */
static void
follow(struct place *p, const char *type, struct hf_sv to, struct hf_search_result *r)
{
	char url[1000];

	snprintf(url, sizeof url, "%s?%.*s", type, HF_SV_ARG(to));
	if (place_ask(p, url, r) != HF_OK)
		fail_msg("%s: %s", url, p->err.text);
}

struct seen {
	char ids[4000];
	char families[8000];
	size_t pages;
};

static void
note(struct seen *s, const struct hf_search_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct hf_sv id = r->hits[i].v.id, body = r->hits[i].v.body;
		const char *f = memmem(body.p, body.n, "\"family\":\"", 10);

		snprintf(s->ids + strlen(s->ids), sizeof s->ids - strlen(s->ids),
			 "%.*s ", HF_SV_ARG(id));
		snprintf(s->families + strlen(s->families),
			 sizeof s->families - strlen(s->families), "%.*s ",
			 f ? (int)strcspn(f + 10, "\"") : 0, f ? f + 10 : "");
	}
	s->pages++;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The ids noted, sorted: a later page gives what has moved at its end. */
static void
sort_ids(struct seen *s)
{
	char words[PEOPLE * 2][8];
	size_t n = 0;
	char *at = s->ids;

	while (*at) {
		size_t len = strcspn(at, " ");

		assert_true(n < HF_COUNT(words) && len < sizeof words[0]);
		memcpy(words[n], at, len);
		words[n++][len] = '\0';
		at += len + 1;
	}
	qsort(words, n, sizeof words[0], by_text);
	s->ids[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(s->ids + strlen(s->ids), sizeof s->ids - strlen(s->ids), "%s ",
			 words[i]);
}

static void
read_all(struct place *p, const char *url, void (*between)(struct place *),
	 struct seen *out)
{
	struct hf_search_result r;

	*out = (struct seen){0};
	if (place_ask(p, url, &r) != HF_OK)
		fail_msg("%s: %s", url, p->err.text);
	note(out, &r);
	while (r.next.n) {
		char next[600];

		snprintf(next, sizeof next, "%.*s", HF_SV_ARG(r.next));
		if (between)
			between(p);
		follow(p, "Patient", hf_sv_from(next), &r);
		note(out, &r);
		assert_true(out->pages < 100);
	}
}

static const char *const walks[] = {
    "Patient?family=many&_count=7",		  /* along the index */
    "Patient?gender=female,male&_count=7",	  /* along a scan */
    "Patient?family=many&_count=7&_sort=-gender", /* sorted by bodies */
    "Patient?_count=7",
    "Patient?_lastUpdated=gt2020&_count=7", /* along the log of commits */
    "Patient?birthdate=ge1900&_count=7",
    "Patient?_sort=-birthdate&_count=7", /* along the index of the date */
    "Patient?birthdate=lt2000&gender:not=other&_sort=birthdate&_count=7",
};

static int writes;

/* Every write that could disturb a page: new ones, changed, moved and deleted. */
static void
disturb(struct place *p)
{
	int i = writes++;

	put_patient(p, 500 + i, "Many", "female");
	put_patient(p, i % PEOPLE, "Moved", "other");
	put_patient(p, (i * 7 + 30) % PEOPLE, "Aaron", "male");
	if (i < 20)
		place_delete(p, "Patient",
			     i == 0   ? "p055"
			     : i == 1 ? "p003"
			     : i == 2 ? "p041"
				      : "p020");
}

BOTH(pages_together_give_each_hit_once)
{
	struct seen one, many;

	put_people(p);
	for (size_t i = 0; i < HF_COUNT(walks); i++) {
		char all[200];

		read_all(p, walks[i], NULL, &many);
		assert_int_equal(many.pages, (PEOPLE + 6) / 7);
		snprintf(all, sizeof all, "%.*s_count=100%s",
			 (int)(strstr(walks[i], "_count") - walks[i]), walks[i],
			 strstr(walks[i], "_count=7") + 8);
		read_all(p, all, NULL, &one);
		assert_int_equal(one.pages, 1);
		assert_string_equal(one.ids, many.ids);
	}
}

BOTH(later_pages_stay_as_they_were_while_others_write)
{
	struct seen before, during;

	writes = 0;

	for (size_t i = 0; i < HF_COUNT(walks); i++) {
		put_people(p);
		for (int k = 0; k < 100; k++) {
			char id[8];

			snprintf(id, sizeof id, "p%03d", 500 + k);
			if (writes && k < writes)
				place_delete(p, "Patient", id);
		}
		writes = 0;
		read_all(p, walks[i], NULL, &before);
		read_all(p, walks[i], disturb, &during);
		sort_ids(&before);
		sort_ids(&during);
		if (strcmp(before.ids, during.ids) != 0)
			print_error("%s\n", walks[i]);
		assert_string_equal(before.ids, during.ids);
		assert_null(strstr(during.families, "Moved"));
		assert_null(strstr(during.families, "Aaron"));
	}
}

BOTH(a_page_leads_back_to_the_one_before)
{
	struct hf_search_result r;
	char first[500], next[500], prev[500];

	put_people(p);
	for (size_t i = 0; i < HF_COUNT(walks); i++) {
		assert_int_equal(place_ask(p, walks[i], &r), HF_OK);
		assert_int_equal(r.prev.n, 0);
		snprintf(first, sizeof first, "%.*s", HF_SV_ARG(ids_of(p, &r)));
		snprintf(next, sizeof next, "%.*s", HF_SV_ARG(r.next));
		follow(p, "Patient", hf_sv_from(next), &r);
		snprintf(prev, sizeof prev, "%.*s", HF_SV_ARG(r.prev));
		follow(p, "Patient", hf_sv_from(prev), &r);
		assert_sv_equal(ids_of(p, &r), first);
		assert_int_equal(r.prev.n, 0);
		assert_sv_equal(r.next, next);
	}
}

BOTH(a_page_is_for_the_one_who_asked_and_the_same_question)
{
	struct hf_search_result r;
	char next[500], url[600];

	put_people(p);
	assert_int_equal(place_ask(p, "Patient?family=many&_count=7", &r), HF_OK);
	snprintf(next, sizeof next, "%.*s", HF_SV_ARG(r.next));
	snprintf(url, sizeof url, "Patient?%s", next);
	p->user = HF_SV("somebody-else");
	assert_refused(p, url, HF_GONE, "expired");
	p->user = HF_SV("tester");
	snprintf(url, sizeof url, "Patient?gender=male&%s", strstr(next, "_page="));
	assert_refused(p, url, HF_INVALID, "_page");
	assert_refused(p, "Patient?family=many&_page=0123456789abcdef.1", HF_GONE,
		       "expired");
	snprintf(url, sizeof url, "Patient?%s9", next);
	assert_refused(p, url, HF_INVALID, "_page");
	hf_search_forget(p->store);
	snprintf(url, sizeof url, "Patient?%s", next);
	assert_refused(p, url, HF_GONE, "expired");
}

HF_TEST_MAIN("record/search pages", BOTH_TESTS(pages_together_give_each_hit_once),
	     BOTH_TESTS(later_pages_stay_as_they_were_while_others_write),
	     BOTH_TESTS(a_page_leads_back_to_the_one_before),
	     BOTH_TESTS(a_page_is_for_the_one_who_asked_and_the_same_question))
