/* theme.c - see theme.h. */
#include "population/theme.h"

const char *const hf_pop_said_words[4] = {"", "good", "neither", "bad"};

/* ---- the definition ---- */

static struct hf_pop_words
load_words(struct hf_doc *d, uint32_t object, const char *name)
{
	uint32_t list = hf_doc_member(d, object, name, HF_JSON_ARRAY, true);
	struct hf_pop_words out = {.n = 0};
	uint32_t n = hf_json_count(&d->json, list);

	if (n == 0 || n > HF_POP_THEME_WORDS) {
		hf_doc_wrong(d, list, "\"%s\" has 1 to %d words", name,
			     HF_POP_THEME_WORDS);
		return out;
	}
	out.items = hf_doc_room(d, n, sizeof *out.items);
	for (uint32_t i = 0; out.items && i < n; i++) {
		uint32_t node = hf_json_at(&d->json, list, i);
		struct hf_sv word = hf_json_str(&d->json, node, d->arena);

		for (size_t k = 0; k < word.n; k++)
			if (!((word.p[k] >= 'a' && word.p[k] <= 'z') ||
			      word.p[k] == ' ' ||
			      (word.p[k] == '*' && k + 1 == word.n)))
				word.n = 0;
		if (word.n == 0)
			hf_doc_wrong(d, node,
				     "small letters, with blanks between words and "
				     "a * at the end of one that goes on");
		out.items[out.n++] = word;
	}
	return out;
}

static void
load_themes(struct hf_doc *d, struct hf_pop_themes *out)
{
	uint32_t list = hf_doc_member(d, 0, "themes", HF_JSON_ARRAY, true);

	if (hf_json_count(&d->json, list) > HF_POP_THEMES) {
		hf_doc_wrong(d, list, "at most %d themes", HF_POP_THEMES);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		struct hf_pop_theme *t = &out->items[out->n++];

		hf_doc_only(d, c, "id title phrases");
		t->id = hf_doc_id(d, c, "id", true);
		t->title = hf_doc_text(d, c, "title", true);
		t->phrases = load_words(d, c, "phrases");
	}
}

bool
hf_pop_themes_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		   struct hf_issues *issues, struct hf_pop_themes *out)
{
	struct hf_doc d;
	size_t before = issues->errors;

	memset(out, 0, sizeof *out);
	if (!hf_doc_open(&d, name, text, arena, issues))
		return false;
	hf_doc_only(&d, 0,
		    "id version title source negations turns good bad themes "
		    "firstNames capitals");
	out->id = hf_doc_id(&d, 0, "id", true);
	out->version = hf_doc_id(&d, 0, "version", true);
	out->title = hf_doc_text(&d, 0, "title", true);
	out->source = hf_doc_text(&d, 0, "source", true);
	out->negations = load_words(&d, 0, "negations");
	out->turns = load_words(&d, 0, "turns");
	out->good = load_words(&d, 0, "good");
	out->bad = load_words(&d, 0, "bad");
	out->first_names = load_words(&d, 0, "firstNames");
	out->capitals = load_words(&d, 0, "capitals");
	load_themes(&d, out);
	return !d.full && issues->errors == before;
}

/* ---- coding ---- */

enum { TOKENS = 800, WORD = 32, NEAR = 3 };

struct token {
	char word[WORD];
	uint8_t n;
	uint16_t clause;
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is(const struct token *t, struct hf_sv word)
{
	if (word.n && word.p[word.n - 1] == '*')
		return t->n + 1u >= word.n && memcmp(t->word, word.p, word.n - 1) == 0;
	return t->n == word.n && memcmp(t->word, word.p, word.n) == 0;
}

static bool
listed(const struct hf_pop_words *w, const struct token *t)
{
	for (size_t i = 0; i < w->n; i++)
		if (is(t, w->items[i]))
			return true;
	return false;
}

/* Apostrophes go: "wasn't" and "wasnt" are one word. */
static size_t
apostrophe(struct hf_sv s, size_t at)
{
	if (s.p[at] == '\'')
		return 1;
	return at + 2 < s.n && memcmp(s.p + at, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

static size_t
read_tokens(const struct hf_pop_themes *t, struct hf_sv s, struct token *out)
{
	uint16_t clause = 0;
	size_t n = 0, at = 0;

	if (s.n > HF_POP_COMMENT)
		s.n = HF_POP_COMMENT;
	while (at < s.n && n < TOKENS) {
		struct token *k = &out[n];
		size_t skip;

		*k = (struct token){.clause = clause};
		while (at < s.n) {
			skip = apostrophe(s, at);
			if (skip == 0 && !is_letter(s.p[at]) && !is_digit(s.p[at]))
				break;
			if (skip == 0 && k->n < WORD)
				k->word[k->n++] = s.p[at] >= 'A' && s.p[at] <= 'Z'
						      ? (char)(s.p[at] + 32)
						      : s.p[at];
			at += skip ? skip : 1;
		}
		if (k->n) {
			if (listed(&t->turns, k))
				k->clause = ++clause;
			n++;
		} else if (at < s.n) {
			clause =
			    (uint16_t)(clause + (strchr(".,;:!?\n", s.p[at]) != NULL));
			at++;
		}
	}
	return n;
}

/* Do the words of phrase stand from token at on, within its clause? */
static bool
stands(const struct token *k, size_t n, size_t at, struct hf_sv phrase)
{
	uint16_t clause = k[at].clause;

	while (phrase.n) {
		struct hf_sv word = hf_sv_cut(&phrase, ' ');

		if (at == n || k[at].clause != clause || !is(&k[at], word))
			return false;
		at++;
	}
	return true;
}

static bool
any_stands(const struct hf_pop_words *w, const struct token *k, size_t n, size_t at)
{
	for (size_t i = 0; i < w->n; i++)
		if (stands(k, n, at, w->items[i]))
			return true;
	return false;
}

static bool
negated(const struct hf_pop_themes *t, const struct token *k, size_t at)
{
	for (size_t i = 1; i <= NEAR && i <= at; i++)
		if (k[at - i].clause == k[at].clause &&
		    listed(&t->negations, &k[at - i]))
			return true;
	return false;
}

/* Bit 1: something good is said in the clause, bit 2: something bad. */
static unsigned
tone(const struct hf_pop_themes *t, const struct token *k, size_t n, uint16_t clause)
{
	unsigned out = 0;

	for (size_t i = 0; i < n; i++) {
		bool good, bad;

		if (k[i].clause != clause)
			continue;
		bad = any_stands(&t->bad, k, n, i);
		good = !bad && any_stands(&t->good, k, n, i);
		if ((good || bad) && negated(t, k, i))
			out |= good ? 2 : 1;
		else
			out |= (good ? 1u : 0) | (bad ? 2u : 0);
	}
	return out;
}

void
hf_pop_themes_code(const struct hf_pop_themes *t, struct hf_sv comment,
		   enum hf_pop_said said[HF_POP_THEMES])
{
	static const enum hf_pop_said of[] = {HF_POP_NEITHER, HF_POP_GOOD, HF_POP_BAD,
					      HF_POP_NEITHER};
	struct token k[TOKENS];
	size_t n = read_tokens(t, comment, k);

	for (size_t i = 0; i < t->n; i++) {
		unsigned tones = 0;
		bool mentioned = false;

		for (size_t at = 0; at < n; at++)
			if (any_stands(&t->items[i].phrases, k, n, at)) {
				mentioned = true;
				tones |= tone(t, k, n, k[at].clause);
			}
		said[i] = mentioned ? of[tones] : HF_POP_UNSAID;
	}
}

/* ---- masking ---- */

enum { NUMBER = 6 }; /* so many digits may say who somebody is */

struct mask {
	const struct hf_pop_themes *t;
	struct hf_sv in;
	size_t at;
	struct hf_buf *out;
	unsigned n;
	bool begins; /* of a sentence: a capital letter says nothing */
	bool named;  /* a title, or "name is", came before */
};

static void
take_out(struct mask *m, size_t to, const char *what)
{
	/* What follows on itself is one piece. */
	if (!(m->out->n >= strlen(what) + 1 &&
	      memcmp(m->out->p + m->out->n - strlen(what) - 1, what, strlen(what)) ==
		  0)) {
		hf_buf_sv(m->out, hf_sv_from(what));
		m->n++;
	} else {
		m->out->n--;
	}
	m->at = to;
}

/* Digits with blanks, points, strokes and hyphens between them: where they end, and how
 * many they are. */
static size_t
digits_to(struct hf_sv s, size_t at, unsigned *digits, bool *date)
{
	size_t end = at, marks = 0;

	*digits = 0;
	for (size_t i = at; i < s.n; i++) {
		if (is_digit(s.p[i])) {
			++*digits;
			end = i + 1;
		} else if (strchr(" -/.()", s.p[i]) && i + 1 < s.n && i - end < 2) {
			marks += (s.p[i] == '/' || s.p[i] == '-' || s.p[i] == '.') &&
				 i + 1 < s.n && is_digit(s.p[i + 1]);
		} else {
			break;
		}
	}
	*date = marks == 2 && *digits >= 4 && *digits <= 8;
	return end;
}

static size_t
word_to(struct hf_sv s, size_t at)
{
	while (at < s.n &&
	       (is_letter(s.p[at]) || is_digit(s.p[at]) ||
		(s.p[at] == '\'' && at + 1 < s.n && is_letter(s.p[at + 1])) ||
		(s.p[at] == '-' && at + 1 < s.n && is_letter(s.p[at + 1]))))
		at++;
	return at;
}

/* Hospital and staff numbers have letters among their digits. */
static bool
is_number(struct hf_sv s, size_t from, size_t to)
{
	size_t digits = 0;

	for (size_t i = from; i < to; i++)
		digits += is_digit(s.p[i]);
	return digits >= NUMBER;
}

static struct token
token_of(struct hf_sv s, size_t from, size_t to)
{
	struct token k = {.n = 0};

	for (size_t i = from; i < to && k.n < WORD; i++)
		if (s.p[i] != '\'')
			k.word[k.n++] = s.p[i] >= 'A' && s.p[i] <= 'Z'
					    ? (char)(s.p[i] + 32)
					    : s.p[i];
	/* "John's" is John. */
	if (to > from + 2 && s.p[to - 2] == '\'' && s.p[to - 1] == 's' && k.n)
		k.n--;
	return k;
}

static bool
among(const struct token *k, const char *words)
{
	return hf_sv_among((struct hf_sv){k->word, k->n}, words);
}

static bool
capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "SW1A 1AA", "m1 1ae": outward and inward part, with or without a blank. */
static size_t
postcode_to(struct hf_sv s, size_t at)
{
	size_t i = at, letters = 0, digits = 0;

	while (i < s.n && letters < 2 && is_letter(s.p[i]) && !(s.p[i] & 0x80))
		i++, letters++;
	while (i < s.n && digits < 2 && is_digit(s.p[i]))
		i++, digits++;
	if (letters == 0 || digits == 0)
		return at;
	for (int part = 0; part < 2; part++) { /* EC1A has a letter more */
		size_t k = i + (size_t)part;

		if (part && !(i < s.n && is_letter(s.p[i])))
			break;
		k += k < s.n && s.p[k] == ' ';
		if (k + 3 <= s.n && is_digit(s.p[k]) && is_letter(s.p[k + 1]) &&
		    is_letter(s.p[k + 2]) && (k + 3 == s.n || !is_letter(s.p[k + 3])))
			return k + 3;
	}
	/* 21 and one more digit of the inward part that went to the outward one. */
	if (digits == 2 && i + 2 <= s.n && is_letter(s.p[i]) && is_letter(s.p[i + 1]) &&
	    (i + 2 == s.n || !is_letter(s.p[i + 2])))
		return i + 2;
	return at;
}

static bool
has_at(struct hf_sv s, size_t from, size_t *to)
{
	bool at = false, web = hf_sv_starts(hf_sv_from_at(s, from), HF_SV("http")) ||
			       hf_sv_starts(hf_sv_from_at(s, from), HF_SV("www."));
	size_t i = from;

	while (i < s.n && !strchr(" \n\t,;()<>\"", s.p[i]))
		at |= s.p[i++] == '@';
	*to = i;
	return at || web;
}

static void
mask_word(struct mask *m)
{
	size_t to = word_to(m->in, m->at), code = postcode_to(m->in, m->at), end;
	struct token k = token_of(m->in, m->at, to);
	bool name = capital(m->in.p[m->at]) && !listed(&m->t->capitals, &k);

	if (has_at(m->in, m->at, &end)) {
		take_out(m, end, "[address]");
	} else if (code > m->at) {
		take_out(m, code, "[postcode]");
	} else if (listed(&m->t->first_names, &k) || (name && !m->begins) ||
		   (name && m->named)) {
		take_out(m, to, "[name]");
		m->begins = false;
		return; /* a second name may follow: named stays */
	} else if (is_number(m->in, m->at, to)) {
		take_out(m, to, "[number]");
	} else {
		hf_buf_sv(m->out, (struct hf_sv){m->in.p + m->at, to - m->at});
		m->at = to;
	}
	m->named =
	    among(&k, "mr mrs ms miss mx dr doctor prof professor sir lady rev nurse "
		      "sister matron called named surname name");
	if (among(&k, "is") && m->out->n > 8)
		m->named =
		    m->named || memcmp(m->out->p + m->out->n - 7, "name is", 7) == 0;
	m->begins = false;
}

unsigned
hf_pop_comment_mask(const struct hf_pop_themes *t, struct hf_sv comment,
		    struct hf_buf *out)
{
	struct mask m = {.t = t, .in = comment, .out = out, .begins = true};

	if (m.in.n > HF_POP_COMMENT)
		m.in.n = HF_POP_COMMENT;
	while (m.at < m.in.n) {
		char c = m.in.p[m.at];
		unsigned digits = 0;
		bool date = false;
		size_t to = is_digit(c) ? digits_to(m.in, m.at, &digits, &date) : m.at;

		if (is_digit(c) && (date || digits >= NUMBER)) {
			take_out(&m, to, date ? "[date]" : "[number]");
		} else if (is_digit(c) && is_number(m.in, m.at, word_to(m.in, m.at))) {
			take_out(&m, word_to(m.in, m.at), "[number]");
		} else if (is_digit(c)) {
			to = word_to(m.in, m.at);
			hf_buf_sv(out, (struct hf_sv){m.in.p + m.at, to - m.at});
			m.at = to;
			m.begins = false;
		} else if (is_letter(c)) {
			mask_word(&m);
		} else {
			m.begins = m.begins || strchr(".!?\n", c) != NULL;
			/* "Mr. Smith" is no new sentence. */
			if (m.named && c == '.')
				m.begins = false;
			hf_buf_char(out, c < ' ' && c != '\n' ? ' ' : c);
			m.at++;
		}
	}
	return m.n;
}
