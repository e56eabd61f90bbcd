/* path_fn_html.c - htmlChecks(): is a narrative what FHIR allows in one?  (R4
 * Narrative, rules txt-1 and txt-2: well formed, only formatting, something to see.) */
#include "fhir/path_impl.h"

enum { DEPTH_MOST = 64, NAME_MOST = 32 };

static const char *const elements[] = {
    "a",    "abbr",  "acronym", "b",	    "big", "blockquote", "br",	  "caption",
    "cite", "code",  "col",	"colgroup", "dd",  "dfn",	 "div",	  "dl",
    "dt",   "em",    "h1",	"h2",	    "h3",  "h4",	 "h5",	  "h6",
    "hr",   "i",     "img",	"li",	    "ol",  "p",		 "pre",	  "q",
    "samp", "small", "span",	"strong",   "sub", "sup",	 "table", "tbody",
    "td",   "tfoot", "th",	"thead",    "tr",  "tt",	 "ul",	  "var",
};

static const char *const attributes[] = {
    "title",   "style",	    "class",	   "id",	  "lang",     "xml:lang",
    "dir",     "accesskey", "tabindex",	   "href",	  "hreflang", "name",
    "rel",     "rev",	    "charset",	   "type",	  "coords",   "shape",
    "src",     "alt",	    "longdesc",	   "height",	  "width",    "align",
    "valign",  "border",    "cellpadding", "cellspacing", "colspan",  "rowspan",
    "span",    "summary",   "headers",	   "scope",	  "abbr",     "axis",
    "char",    "charoff",   "rules",	   "frame",	  "cite",     "start",
    "nowrap",  "bgcolor",   "usemap",	   "ismap",	  "xmlns",    "clear",
    "compact",
};

struct html {
	struct hf_sv s;
	size_t at, depth;
	struct hf_sv open[DEPTH_MOST];
	bool seen; /* text or an image */
};

static bool
is_one_of(struct hf_sv name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(name, hf_sv_from(list[i])))
			return true;
	return false;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '_' || c == '.';
}

static struct hf_sv
take_name(struct html *h)
{
	size_t from = h->at;

	while (h->at < h->s.n && is_name_char(h->s.p[h->at]))
		h->at++;
	return (struct hf_sv){h->s.p + from, h->at - from};
}

static void
skip_blank(struct html *h)
{
	while (h->at < h->s.n && strchr(" \t\r\n", h->s.p[h->at]) && h->s.p[h->at])
		h->at++;
}

static bool
take(struct html *h, char c)
{
	if (h->at >= h->s.n || h->s.p[h->at] != c)
		return false;
	h->at++;
	return true;
}

/* name="value", of the attributes that are allowed. */
static bool
attribute(struct html *h)
{
	struct hf_sv name = take_name(h);
	char quote;

	if (!is_one_of(name, attributes, HF_COUNT(attributes)) &&
	    !hf_sv_starts(name, HF_SV("xmlns:")))
		return false;
	skip_blank(h);
	if (!take(h, '='))
		return false;
	skip_blank(h);
	quote = h->at < h->s.n ? h->s.p[h->at] : '\0';
	if (quote != '"' && quote != '\'')
		return false;
	h->at++;
	while (h->at < h->s.n && h->s.p[h->at] != quote) {
		if (h->s.p[h->at] == '<')
			return false;
		h->at++;
	}
	return take(h, quote);
}

/* After "<": an opening, closing or empty tag. */
static bool
tag(struct html *h)
{
	bool closing = take(h, '/');
	struct hf_sv name = take_name(h);

	if (!is_one_of(name, elements, HF_COUNT(elements)))
		return false;
	skip_blank(h);
	if (closing)
		return take(h, '>') && h->depth > 0 &&
		       hf_sv_eq(h->open[--h->depth], name);
	while (h->at < h->s.n && is_name_char(h->s.p[h->at])) {
		if (!attribute(h))
			return false;
		skip_blank(h);
	}
	if (hf_sv_is(name, "img"))
		h->seen = true;
	if (take(h, '/'))
		return take(h, '>');
	if (!take(h, '>') || h->depth == DEPTH_MOST)
		return false;
	h->open[h->depth++] = name;
	return true;
}

/* After "&": a named or numbered character, known or not. */
static bool
entity(struct html *h)
{
	size_t from;

	take(h, '#');
	from = h->at;
	take_name(h);
	return h->at > from && h->at - from < NAME_MOST && take(h, ';');
}

static bool
comment(struct html *h)
{
	struct hf_sv rest = hf_sv_from_at(h->s, h->at);

	if (!hf_sv_starts(rest, HF_SV("!--")))
		return false;
	for (h->at += 3; h->at + 3 <= h->s.n; h->at++) {
		if (memcmp(h->s.p + h->at, "-->", 3) == 0) {
			h->at += 3;
			return true;
		}
	}
	return false;
}

static bool
is_narrative(struct hf_sv s)
{
	struct html h = {.s = hf_sv_trim(s)};

	if (!hf_sv_starts(h.s, HF_SV("<div")))
		return false;
	while (h.at < h.s.n) {
		char c = h.s.p[h.at++];

		/* One div is around all. */
		if (h.depth == 0 && h.at > 1)
			return false;
		if (c == '<') {
			bool note = h.at < h.s.n && h.s.p[h.at] == '!';

			if (!(note ? comment(&h) : tag(&h)))
				return false;
		} else if (c == '&') {
			h.seen = true;
			if (!entity(&h))
				return false;
		} else if (!strchr(" \t\r\n", c)) {
			h.seen = true;
		}
	}
	return h.depth == 0 && h.seen;
}

enum hf_rc
hf_path_fn_html_checks(struct path_ev *ev, const struct path_node *n,
		       struct path_frame *f HF_UNUSED, const struct hf_pvs *in,
		       struct hf_pvs *out)
{
	struct hf_pv v;
	bool has;
	enum hf_rc rc = hf_path_single(ev, n, in, &v, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (v.kind != HF_PV_STRING)
		return hf_path_fail(ev, n, "expected the div of a narrative");
	rc = hf_path_spend(ev, v.text.n / 16);
	return rc == HF_OK ? hf_path_push_bool(ev, out, is_narrative(v.text)) : rc;
}
