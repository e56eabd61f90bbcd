/* feed_comments.c - see feed_comments.h. */
#include "population/io/feed_comments.h"

#include <sodium.h>
#include <stdlib.h>

enum { ARENA = 512 << 20, SERVICE = 80 };

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL,
		       "out of memory for comments: send fewer at "
		       "once");
}

static enum hf_rc
load(struct hf_feed_comments *c, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &c->arena};

	if (c->loaded)
		return HF_OK;
	hf_arena_init(&c->arena, ARENA);
	c->loaded = true;
	return hf_pop_themes_load(hf_themes_builtin[0].name, hf_themes_builtin[0].text,
				  &c->arena, &issues, &c->themes)
		   ? HF_OK
		   : hf_fail(err, HF_FAULT, NULL, "the lists of themes are wrong");
}

static void
digest(const struct hf_pop_key *key, const struct hf_feed_row *row, struct hf_sv asked,
       struct hf_sv comment, uint8_t out[HF_POP_DIGEST])
{
	struct hf_sv parts[] = {
	    asked,
	    HF_HAS(row, PERSON) ? row->text[HF_F_PERSON] : HF_SV(""),
	    HF_HAS(row, SERVICE) ? row->text[HF_F_SERVICE] : HF_SV(""),
	    comment,
	};
	crypto_generichash_state state;

	crypto_generichash_init(&state, key->bytes, sizeof key->bytes, HF_POP_DIGEST);
	crypto_generichash_update(&state,
				  (const unsigned char *)&row->when[HF_F_START].day,
				  sizeof row->when[HF_F_START].day);
	for (size_t i = 0; i < HF_COUNT(parts); i++) {
		uint64_t n = parts[i].n; /* so that parts do not run together */

		crypto_generichash_update(&state, (const unsigned char *)&n, sizeof n);
		crypto_generichash_update(
		    &state, (const unsigned char *)(n ? parts[i].p : ""), n);
	}
	crypto_generichash_final(&state, out, HF_POP_DIGEST);
}

static struct hf_sv
themes_text(struct hf_feed_comments *c, const enum hf_pop_said *said)
{
	struct hf_buf out = {0};
	struct hf_sv copy;

	for (size_t i = 0; i < c->themes.n; i++)
		if (said[i])
			hf_buf_printf(&out, "%s%s:%s", out.n ? " " : "",
				      c->themes.items[i].id,
				      hf_pop_said_words[said[i]]);
	copy = (struct hf_sv){NULL, 0};
	if (!out.failed)
		copy = hf_arena_sv(&c->arena, out.n ? hf_buf_view(&out) : HF_SV(""));
	hf_buf_free(&out);
	return copy;
}

static struct hf_sv
masked(struct hf_feed_comments *c, struct hf_sv text, unsigned *n)
{
	struct hf_buf out = {0};
	struct hf_sv copy;

	*n += hf_pop_comment_mask(&c->themes, text, &out);
	copy = out.failed
		   ? (struct hf_sv){NULL, 0}
		   : hf_arena_sv(&c->arena, out.n ? hf_buf_view(&out) : HF_SV(""));
	hf_buf_free(&out);
	return copy;
}

static bool
make_room(struct hf_feed_comments *c)
{
	size_t size = c->size ? 2 * c->size : 256;
	struct hf_pop_comment *more;

	if (c->n < c->size)
		return true;
	more = realloc(c->items, size * sizeof *more);
	if (!more)
		return false;
	c->items = more;
	c->size = size;
	return true;
}

enum hf_rc
hf_feed_comment(struct hf_feed_comments *c, const struct hf_pop_key *key,
		const struct hf_feed_row *row, struct hf_sv asked,
		enum hf_pop_said said[HF_POP_THEMES], struct hf_err *err)
{
	struct hf_sv text = row->text[HF_F_COMMENT], service = HF_SV("");
	struct hf_pop_comment *item;
	enum hf_rc rc = load(c, err);

	if (rc)
		return rc;
	if (HF_HAS(row, SERVICE) && row->text[HF_F_SERVICE].n <= SERVICE)
		service = row->text[HF_F_SERVICE];
	if (!make_room(c))
		return no_memory(err);
	hf_pop_themes_code(&c->themes, text, said);
	item = &c->items[c->n];
	*item = (struct hf_pop_comment){
	    .day = row->when[HF_F_START].day,
	    .rating = HF_HAS(row, NUMBER) ? row->num[HF_F_NUMBER] / 1000 : 0,
	    .quote = HF_HAS(row, QUOTE) && row->num[HF_F_QUOTE] == 1,
	};
	digest(key, row, asked, text, item->digest);
	item->asked = hf_arena_sv(&c->arena, asked);
	item->service = hf_arena_sv(&c->arena, service);
	item->body = masked(c, text, &item->masked);
	item->themes = themes_text(c, said);
	item->scheme =
	    hf_arena_printf(&c->arena, "%s|%s", c->themes.id, c->themes.version);
	if (!item->asked.p || !item->service.p || !item->body.p || !item->themes.p ||
	    !item->scheme.p)
		return no_memory(err);
	c->n++;
	return HF_OK;
}

void
hf_feed_comments_free(struct hf_feed_comments *c)
{
	if (c->loaded)
		hf_arena_free(&c->arena);
	free(c->items);
}
