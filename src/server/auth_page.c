/* auth_page.c - the pages of the token service: made here and without a script, so
 * that whoever lets an app in sees exactly what is asked. */
#include "server/auth_smart.h"

#include "record/io/person.h"
#include "server/assets.h"

/* ---- HTML ---- */

static void
style_link(struct hf_buf *b)
{
	for (size_t i = 0; i < hf_n_assets; i++) {
		struct hf_sv name = hf_sv_from(hf_assets[i].name);

		if (hf_sv_ends(name, HF_SV(".css")))
			hf_buf_printf(b,
				      "<link rel=\"stylesheet\" href=\"/assets/%s\">\n",
				      hf_assets[i].name);
	}
}

static struct hf_buf *
begin(struct hf_call *c, const char *title)
{
	struct hf_buf *b = hf_req_buf(c->req);

	b->n = 0;
	hf_buf_lit(b, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n"
		      "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		      "content=\"width=device-width, initial-scale=1\">\n<title>");
	hf_buf_html(b, hf_sv_from(title));
	hf_buf_lit(b, " - homefirst</title>\n");
	style_link(b);
	hf_buf_lit(b, "</head>\n<body class=\"nhsuk-template__body\">\n"
		      "<div class=\"nhsuk-width-container\">\n"
		      "<main class=\"nhsuk-main-wrapper\" id=\"maincontent\">\n"
		      "<h1 class=\"nhsuk-heading-l\">");
	hf_buf_html(b, hf_sv_from(title));
	hf_buf_lit(b, "</h1>\n");
	return b;
}

/* form: where a form of the page may lead beside this server; n 0: nowhere. */
static void
end(struct hf_call *c, struct hf_buf *b, int status, struct hf_sv form)
{
	struct hf_sv policy = hf_arena_printf(
	    c->arena,
	    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri "
	    "'none'; form-action 'self' %.*s; frame-ancestors 'none'",
	    HF_SV_ARG(form));

	hf_buf_lit(b, "</main>\n</div>\n</body>\n</html>\n");
	hf_call_header(c, "Content-Security-Policy", policy);
	hf_call_header(c, "Cache-Control", HF_SV("no-store"));
	hf_call_header(c, "Referrer-Policy", HF_SV("no-referrer"));
	hf_call_reply(c, status, "text/html; charset=utf-8", hf_buf_view(b));
}

void
hf_smart_page_error(struct hf_call *c, int status, const char *what)
{
	struct hf_buf *b = begin(c, "The app could not be let in");

	hf_buf_lit(b, "<p>");
	hf_buf_html(b, hf_sv_from(what));
	hf_buf_lit(b,
		   "</p>\n<p>Nothing was shared. Tell whoever looks after the app, or "
		   "<a href=\"/\">go to your start page</a>.</p>\n");
	end(c, b, status, HF_SV(""));
}

/* ---- consent ---- */

static void
hidden(struct hf_buf *b, const char *name, struct hf_sv value)
{
	hf_buf_printf(b, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	hf_buf_html(b, value);
	hf_buf_lit(b, "\">\n");
}

static void
write_scopes(struct hf_buf *b, const struct hf_scopes *scopes)
{
	struct hf_buf words = {.cap = (size_t)64 << 10};
	struct hf_sv rest;

	hf_scopes_words(scopes, &words);
	rest = hf_buf_view(&words);
	hf_buf_lit(b, "<ul class=\"nhsuk-list nhsuk-list--bullet\">\n");
	while (rest.n) {
		struct hf_sv line = hf_sv_cut(&rest, '\n');

		if (line.n == 0)
			continue;
		hf_buf_lit(b, "<li>");
		hf_buf_html(b, line);
		hf_buf_lit(b, "</li>\n");
	}
	hf_buf_lit(b, "</ul>\n");
	hf_buf_free(&words);
}

static void
write_search(struct hf_buf *b, struct hf_sv ticket, struct hf_sv query)
{
	hf_buf_lit(b,
		   "<form method=\"get\" action=\"/auth/consent/people\">\n"
		   "<div class=\"nhsuk-form-group\">\n<label class=\"nhsuk-label\" "
		   "for=\"q\">Whose record? Find a person you care for by name, NHS "
		   "number or date of birth</label>\n"
		   "<input class=\"nhsuk-input\" id=\"q\" name=\"q\" type=\"search\" "
		   "autocomplete=\"off\" maxlength=\"100\" value=\"");
	hf_buf_html(b, query);
	hf_buf_lit(b, "\">\n</div>\n");
	hidden(b, "ask", ticket);
	hf_buf_lit(b, "<button class=\"nhsuk-button nhsuk-button--secondary\" "
		      "type=\"submit\">Find</button>\n</form>\n");
}

static void
write_people(struct hf_call *c, struct hf_buf *b, const struct hf_person_found *found)
{
	hf_buf_lit(b, "<fieldset class=\"nhsuk-fieldset\">\n<legend "
		      "class=\"nhsuk-fieldset__legend\">Choose one person</legend>\n"
		      "<div class=\"nhsuk-radios\">\n");
	for (size_t i = 0; i < found->n; i++) {
		const struct hf_person_line *p = &found->lines[i];

		hf_call_saw(c, p->rid);
		hf_buf_printf(b,
			      "<div class=\"nhsuk-radios__item\"><input "
			      "class=\"nhsuk-radios__input\" type=\"radio\" required "
			      "name=\"patient\" id=\"p%zu\" value=\"",
			      i);
		hf_buf_html(b, p->id);
		hf_buf_printf(b,
			      "\"><label class=\"nhsuk-label nhsuk-radios__label\" "
			      "for=\"p%zu\">",
			      i);
		hf_buf_html(b, p->name);
		hf_buf_lit(b, ", born ");
		hf_buf_html(b, p->born_text);
		if (p->number.n) {
			hf_buf_lit(b, ", NHS number ");
			hf_buf_html(b, p->number);
		}
		hf_buf_lit(b, "</label></div>\n");
	}
	hf_buf_lit(b, "</div>\n</fieldset>\n");
	if (found->more)
		hf_buf_lit(b, "<p>There are more: type more of the name.</p>\n");
}

static void
write_answer(struct hf_call *c, struct hf_buf *b, struct hf_sv ticket,
	     const struct hf_smart_user *user, bool may_allow,
	     const struct hf_person_found *found)
{
	hf_buf_lit(b, "<form method=\"post\" action=\"/auth/consent\">\n");
	hidden(b, "ask", ticket);
	hidden(b, "csrf", hf_sv_from(user->csrf));
	if (found && found->n)
		write_people(c, b, found);
	if (may_allow)
		hf_buf_lit(b, "<button class=\"nhsuk-button\" type=\"submit\" "
			      "name=\"answer\" value=\"allow\">Let it in</button>\n");
	hf_buf_lit(b, "<button class=\"nhsuk-button nhsuk-button--secondary\" "
		      "type=\"submit\" name=\"answer\" value=\"deny\" "
		      "formnovalidate>Do not let it in</button>\n</form>\n");
}

/* "https://app.example" of an address, or "com.example.app:". */
static struct hf_sv
origin_of(struct hf_sv uri)
{
	size_t at = hf_sv_find(uri, ':') + 1;

	if (hf_sv_starts(hf_sv_from_at(uri, at), HF_SV("//"))) {
		at += 2;
		while (at < uri.n && uri.p[at] != '/' && uri.p[at] != '?')
			at++;
	}
	return (struct hf_sv){uri.p, at < uri.n ? at : uri.n};
}

void
hf_smart_consent_page(struct hf_call *c, struct hf_sv ticket,
		      const struct hf_grant *ask, const struct hf_smart_user *user,
		      struct hf_sv query, const struct hf_person_found *found)
{
	bool needs = hf_smart_needs_patient(ask);
	struct hf_buf *b = begin(c, "Do you want to let an app in?");

	hf_buf_lit(b, "<p><strong>");
	hf_buf_html(b, ask->name);
	hf_buf_lit(b, "</strong> asks to:</p>\n");
	write_scopes(b, &ask->scopes);
	hf_buf_lit(b, "<p>You are signed in as <strong>");
	hf_buf_html(b, user->seat.name);
	hf_buf_lit(b, "</strong>, ");
	hf_buf_html(b, hf_sv_from(user->seat.kind ? user->seat.kind->name : ""));
	hf_buf_lit(b,
		   ". The app never sees more than you may see yourself, and what it "
		   "does is recorded with your name.</p>\n");
	if (ask->patient.n)
		hf_buf_lit(b,
			   "<p>It was started from the record of one person and sees "
			   "that record only.</p>\n");
	if (needs)
		write_search(b, ticket, query);
	if (found && found->n == 0)
		hf_buf_lit(b, "<p>Nobody whom you care for was found.</p>\n");
	write_answer(c, b, ticket, user, !needs || (found && found->n), found);
	hf_buf_lit(b, "<p>Afterwards you are sent to ");
	hf_buf_html(b, origin_of(ask->redirect));
	hf_buf_lit(b, "</p>\n");
	end(c, b, 200, origin_of(ask->redirect));
}
