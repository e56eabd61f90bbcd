/* downtime.c - the pages of the pack. */
#include "hub/downtime.h"

#include <stdio.h>

enum { MARK = 6, STALE_MINUTES = 10 };

/* In a few lines what the NHS pages look like, in colour and on paper. */
static const char style[] =
    "body{font:16px/1.4 Arial,sans-serif;color:#212b32;margin:0;background:#fff}"
    "header{background:#005eb8;color:#fff;padding:8px 16px;font-weight:700;"
    "-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "main{padding:0 16px 32px;max-width:1000px}"
    "h1{font-size:28px;margin:16px 0 4px}h2{font-size:20px;margin:24px 0 8px}"
    "h3{font-size:18px;margin:0}"
    ".made{border:3px solid #d5281b;padding:8px 12px;margin:12px 0}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:4px 8px 4px 0;"
    "border-bottom:1px solid #aeb7bd}"
    "section{border:2px solid #212b32;padding:8px 12px;margin:12px 0;"
    "break-inside:avoid}"
    ".late{color:#d5281b;font-weight:700}"
    ".person{margin:0 0 4px}.notes{height:64px;border:1px solid #aeb7bd;"
    "padding:4px;color:#4c6272}"
    "th[scope=row]{width:170px}a{color:#005eb8}"
    "@media print{body{font-size:12px}main{max-width:none;padding:0}a{color:#212b32;"
    "text-decoration:none}}";

/* ---- words ---- */

static const char *const days[] = {"Monday", "Tuesday",	 "Wednesday", "Thursday",
				   "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void
put_day(struct hf_buf *b, hf_time at)
{
	struct hf_civil c = hf_london_civil(at);

	hf_buf_printf(b, "%s %d %s %d", days[hf_weekday(hf_london_day(at))], c.day,
		      months[c.month - 1], c.year);
}

static void
put_clock_time(struct hf_buf *b, hf_time at)
{
	struct hf_civil c = hf_london_civil(at);

	hf_buf_printf(b, "%02d:%02d", c.hour, c.minute);
}

/* "14:05", of another day "14:05 on Mon 3 Mar", of another year with that. */
static void
put_when(struct hf_buf *b, hf_time at, hf_time now)
{
	struct hf_civil c = hf_london_civil(at);

	put_clock_time(b, at);
	if (hf_london_day(at) != hf_london_day(now))
		hf_buf_printf(b, " on %.3s %d %s", days[hf_weekday(hf_london_day(at))],
			      c.day, months[c.month - 1]);
	if (c.year != hf_london_civil(now).year)
		hf_buf_printf(b, " %d", c.year);
}

/* "1 h 5 min", "3 days" */
static void
put_span(struct hf_buf *b, int64_t ms)
{
	int64_t minutes = ms / 60000;

	if (minutes >= 48 * 60)
		hf_buf_printf(b, "%lld days", (long long)(minutes / (24 * 60)));
	else if (minutes >= 60)
		hf_buf_printf(b, "%lld h %lld min", (long long)(minutes / 60),
			      (long long)(minutes % 60));
	else
		hf_buf_printf(b, "%lld min", (long long)minutes);
}

static void
put_left(struct hf_buf *b, hf_time due, hf_time now)
{
	/* A limit of two hours is kept at two hours sharp (C1). */
	bool late = due < now;

	hf_buf_printf(b, late ? "<span class=\"late\">late by " : "<span>in ");
	put_span(b, late ? now - due : due - now);
	hf_buf_lit(b, "</span>");
}

/* "999 123 4567" */
static void
put_nhs(struct hf_buf *b, struct hf_sv nhs)
{
	if (nhs.n != 10) {
		hf_buf_html(b, nhs.n ? nhs : HF_SV("not known"));
		return;
	}
	hf_buf_html(b, (struct hf_sv){nhs.p, 3});
	hf_buf_char(b, ' ');
	hf_buf_html(b, (struct hf_sv){nhs.p + 3, 3});
	hf_buf_char(b, ' ');
	hf_buf_html(b, (struct hf_sv){nhs.p + 6, 4});
}

/* ---- what every page has ---- */

static void
put_made(struct hf_buf *b, const struct hf_downtime *p)
{
	hf_buf_lit(b, "<p class=\"made\"><strong>Made at ");
	put_clock_time(b, p->at);
	hf_buf_lit(b, " on ");
	put_day(b, p->at);
	hf_buf_lit(b, ".</strong> ");
	if (p->every_minutes) {
		int stale = 2 * p->every_minutes > STALE_MINUTES ? 2 * p->every_minutes
								 : STALE_MINUTES;

		hf_buf_printf(b,
			      "A new one is made every %d minute%s. If it is after "
			      "<strong>",
			      p->every_minutes, p->every_minutes == 1 ? "" : "s");
		put_when(b, p->at + stale * (hf_time)60000, p->at);
		hf_buf_lit(b, "</strong> now, this is out of date. ");
	} else {
		hf_buf_lit(b, "It was made once and is not made again. ");
	}
	hf_buf_lit(b,
		   "What has happened since then is not in it: ask, and do not take "
		   "it that nothing has. Write down what you do, and put it into "
		   "homefirst when it answers again. This page names people: keep it "
		   "with you, and destroy it afterwards.</p>\n");
}

static void
begin(struct hf_buf *b, const struct hf_downtime *p, struct hf_sv title)
{
	hf_buf_lit(b, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta "
		      "charset=\"utf-8\">\n<meta name=\"viewport\" "
		      "content=\"width=device-width, initial-scale=1\">\n<title>");
	hf_buf_html(b, title);
	hf_buf_lit(b, " - downtime pack</title>\n<style>");
	hf_buf_sv(b, hf_sv_from(style));
	hf_buf_lit(b, "</style>\n</head>\n<body>\n<header>homefirst: downtime "
		      "pack</header>\n<main>\n<h1>");
	hf_buf_html(b, title);
	hf_buf_lit(b, "</h1>\n");
	put_made(b, p);
}

static void
end(struct hf_buf *b)
{
	hf_buf_lit(b, "</main>\n</body>\n</html>\n");
}

/* The last characters of the id: enough to find it again in homefirst. */
static struct hf_sv
mark_of(const struct hf_downtime_entry *e)
{
	return hf_sv_from_at(e->id, e->id.n > MARK ? e->id.n - MARK : 0);
}

static void
put_person(struct hf_buf *b, const struct hf_downtime_entry *e)
{
	hf_buf_html(b, e->name);
	hf_buf_lit(b, ", born ");
	hf_buf_html(b, e->born.n ? e->born : HF_SV("not known"));
	if (e->age.n) {
		hf_buf_lit(b, " (");
		hf_buf_html(b, e->age);
		hf_buf_lit(b, ")");
	}
}

/* ---- the page of a team ---- */

static void
put_row(struct hf_buf *b, struct hf_sv label, struct hf_sv text)
{
	if (text.n == 0)
		return;
	hf_buf_lit(b, "<tr><th scope=\"row\">");
	hf_buf_html(b, label);
	hf_buf_lit(b, "</th><td>");
	hf_buf_html(b, text);
	hf_buf_lit(b, "</td></tr>\n");
}

static void
put_clock(struct hf_buf *b, const struct hf_downtime_clock *c, hf_time now)
{
	hf_buf_lit(b, "<tr><th scope=\"row\">Clock: ");
	hf_buf_html(b, c->title);
	hf_buf_lit(b, "</th><td>");
	if (c->due == HF_TIME_MAX) {
		hf_buf_lit(b, "no end is known");
	} else {
		hf_buf_lit(b, "runs out at <strong>");
		put_when(b, c->due, now);
		hf_buf_lit(b, "</strong>, ");
		put_left(b, c->due, now);
	}
	if (c->paused)
		hf_buf_lit(b, " (it stands still)");
	hf_buf_lit(b, "; begun at ");
	put_when(b, c->start, now);
	hf_buf_lit(b, "</td></tr>\n");
}

static void
put_entry(struct hf_buf *b, const struct hf_downtime_entry *e, hf_time now)
{
	hf_buf_lit(b, "<section id=\"r-");
	hf_buf_html(b, mark_of(e));
	hf_buf_lit(b, "\">\n<h3>");
	put_person(b, e);
	hf_buf_lit(b, "</h3>\n<p class=\"person\">");
	if (e->sex.n) {
		hf_buf_html(b, e->sex);
		hf_buf_lit(b, ", ");
	}
	hf_buf_lit(b, "NHS number ");
	put_nhs(b, e->nhs);
	hf_buf_lit(b, ". Referral ");
	hf_buf_html(b, mark_of(e));
	hf_buf_lit(b, "</p>\n<table>\n");
	put_row(b, HF_SV("Problem"), e->problem);
	put_row(b, HF_SV("Urgency"), e->urgency);
	hf_buf_lit(b, "<tr><th scope=\"row\">State</th><td>");
	hf_buf_html(b, e->state);
	hf_buf_lit(b, " since ");
	put_when(b, e->since, now);
	hf_buf_lit(b, "; received at ");
	put_when(b, e->received, now);
	hf_buf_lit(b, "</td></tr>\n");
	for (size_t i = 0; i < e->n_clocks; i++)
		put_clock(b, &e->clocks[i], now);
	for (size_t i = 0; i < e->n_facts; i++)
		put_row(b, e->facts[i].label, e->facts[i].text);
	hf_buf_lit(b, "</table>\n<p class=\"notes\">Time, what was done, by whom:</p>\n"
		      "</section>\n");
}

static size_t
count(const struct hf_downtime *p, struct hf_sv team)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += hf_sv_eq(p->entries[i].team, team);
	return n;
}

void
hf_downtime_page(const struct hf_downtime *p, const struct hf_downtime_team *team,
		 struct hf_buf *b)
{
	struct hf_sv id = team ? team->id : (struct hf_sv){0};
	size_t n = count(p, id);

	begin(b, p, team ? team->name : HF_SV("With the hub"));
	if (team) {
		hf_buf_lit(b, "<p>");
		hf_buf_html(b, team->provider);
		if (team->phone.n) {
			hf_buf_lit(b, ". Telephone: ");
			hf_buf_html(b, team->phone);
		}
		if (team->free >= 0)
			hf_buf_printf(b, ". Free slots: %d", team->free);
		hf_buf_lit(b, "</p>\n");
	}
	if (n == 0)
		hf_buf_lit(b, "<p>There was no open referral here.</p>\n");
	else
		hf_buf_printf(b, "<p>%zu open %s, by what runs out first.</p>\n", n,
			      n == 1 ? "referral" : "referrals");
	for (size_t i = 0; i < p->n; i++)
		if (hf_sv_eq(p->entries[i].team, id))
			put_entry(b, &p->entries[i], p->at);
	hf_buf_lit(b, "<p><a href=\"index.html\">All teams</a></p>\n");
	end(b);
}

/* ---- the first page ---- */

void
hf_downtime_file(struct hf_sv team, char name[HF_DOWNTIME_NAME])
{
	size_t n = 0;

	if (team.n == 0) {
		snprintf(name, HF_DOWNTIME_NAME, "hub.html");
		return;
	}
	n = (size_t)snprintf(name, HF_DOWNTIME_NAME, "team-");
	for (size_t i = 0; i < team.n && n < HF_DOWNTIME_NAME - 6; i++) {
		char c = team.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-';

		name[n++] = plain ? c : '_';
	}
	snprintf(name + n, HF_DOWNTIME_NAME - n, ".html");
}

static void
put_team(struct hf_buf *b, const struct hf_downtime *p, struct hf_sv id,
	 struct hf_sv name, struct hf_sv phone, int left)
{
	char file[HF_DOWNTIME_NAME];

	hf_downtime_file(id, file);
	hf_buf_printf(b, "<tr><td><a href=\"%s\">", file);
	hf_buf_html(b, name);
	hf_buf_printf(b, "</a></td><td>%zu</td><td>", count(p, id));
	if (left >= 0)
		hf_buf_printf(b, "%d", left);
	hf_buf_lit(b, "</td><td>");
	hf_buf_html(b, phone);
	hf_buf_lit(b, "</td></tr>\n");
}

static void
put_due(struct hf_buf *b, const struct hf_downtime *p,
	const struct hf_downtime_entry *e, const struct hf_downtime_clock *c)
{
	char file[HF_DOWNTIME_NAME];

	hf_downtime_file(e->team, file);
	hf_buf_lit(b, "<tr><td>");
	put_when(b, c->due, p->at);
	hf_buf_lit(b, "</td><td>");
	put_left(b, c->due, p->at);
	hf_buf_printf(b, "</td><td><a href=\"%s#r-", file);
	hf_buf_html(b, mark_of(e));
	hf_buf_lit(b, "\">");
	put_person(b, e);
	hf_buf_lit(b, "</a></td><td>");
	hf_buf_html(b, c->title);
	hf_buf_lit(b, "</td><td>");
	hf_buf_html(b, e->team.n ? e->team_name : HF_SV("With the hub"));
	hf_buf_lit(b, "</td></tr>\n");
}

/* The clock that runs out first, of those that run. */
static const struct hf_downtime_clock *
first_clock(const struct hf_downtime_entry *e)
{
	const struct hf_downtime_clock *first = NULL;

	for (size_t i = 0; i < e->n_clocks; i++)
		if (!e->clocks[i].paused && e->clocks[i].due != HF_TIME_MAX &&
		    (!first || e->clocks[i].due < first->due))
			first = &e->clocks[i];
	return first;
}

void
hf_downtime_index(const struct hf_downtime *p, struct hf_buf *b)
{
	begin(b, p, p->hub.n ? p->hub : HF_SV("The hub"));
	hf_buf_lit(b, "<table>\n<thead><tr><th>Team</th><th>Open</th><th>Free "
		      "slots</th><th>Telephone</th></tr></thead>\n<tbody>\n");
	put_team(b, p, (struct hf_sv){0}, HF_SV("With the hub"), (struct hf_sv){0}, -1);
	for (size_t i = 0; i < p->n_teams; i++)
		put_team(b, p, p->teams[i].id, p->teams[i].name, p->teams[i].phone,
			 p->teams[i].free);
	hf_buf_lit(b, "</tbody>\n</table>\n<h2>What runs out, soonest "
		      "first</h2>\n<table>\n<thead><tr><th>At</th><th></th><th>Person"
		      "</th><th>Clock</th><th>Team</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->n; i++) {
		const struct hf_downtime_clock *c = first_clock(&p->entries[i]);

		if (c)
			put_due(b, p, &p->entries[i], c);
	}
	hf_buf_lit(b, "</tbody>\n</table>\n");
	end(b);
}
