/* import_feed.c - cuts the input into jobs, and takes samples for the dictionary. */
#include "exchange/io/import_impl.h"

enum {
	SAMPLE_FILES = 16,
	SAMPLE_BYTES = 4 << 20, /* read of one file for samples */
	SAMPLES_MAX = 4000,
	SAMPLES_BYTES = 4 << 20
};

bool
hf_import_is_lines(struct hf_sv text, const char *path)
{
	struct hf_sv name = hf_sv_from(path), line;

	if (hf_sv_ends(name, HF_SV(".gz")))
		name.n -= 3;
	else if (hf_sv_ends(name, HF_SV(".zst")))
		name.n -= 4;
	if (hf_sv_ends(name, HF_SV(".ndjson")) || hf_sv_ends(name, HF_SV(".jsonl")))
		return true;
	text = hf_sv_trim(text);
	line = text;
	line.n = hf_sv_find(text, '\n');
	if (line.n == text.n)
		return false;
	line = hf_sv_trim(line);
	return line.n > 1 && line.p[0] == '{' && line.p[line.n - 1] == '}';
}

static struct job *
job_new(struct import *im, const char *path)
{
	struct job *job = calloc(1, sizeof(*job));
	struct hf_err err;

	if (job == NULL) {
		hf_fail(&err, HF_FAULT, path, "out of memory");
		hf_import_fatal(im, &err);
		return NULL;
	}
	job->im = im;
	job->path = path;
	job->units_end = &job->units;
	atomic_init(&job->refs, 1);
	return job;
}

/* ---- samples ---- */

struct samples {
	struct hf_sv *items;
	size_t n, bytes;
	struct hf_buf text;
	size_t *ends;
};

static void
sample_add(struct samples *s, const struct hf_json *doc, uint32_t node)
{
	if (s->n == SAMPLES_MAX || s->text.n > SAMPLES_BYTES ||
	    hf_json_raw(doc, node).n > (64u << 10))
		return;
	hf_json_minify(doc, node, &s->text);
	s->ends[s->n++] = s->text.n;
}

/* Takes resources of a text, step by step so that the whole of it is spoken for. */
static void
sample_document(struct samples *s, struct hf_sv text, size_t share,
		struct hf_arena *arena)
{
	const struct hf_plan_limits limits = {.resource = RESOURCE_MAX};
	struct hf_json doc;
	struct hf_plan plan;
	size_t step;

	if (hf_json_parse(text, NULL, arena, &doc, NULL) != HF_OK ||
	    hf_plan_read(&doc, &limits, arena, &plan, NULL) != HF_OK)
		return;
	step = plan.n / (share ? share : 1) + 1;
	for (size_t i = 0; i < plan.n; i += step)
		if (plan.entries[i].why.n == 0 && plan.entries[i].node != HF_JSON_NONE)
			sample_add(s, &doc, plan.entries[i].node);
}

static void
sample_text(struct samples *s, struct hf_sv text, const char *path, bool whole,
	    size_t share)
{
	struct hf_arena arena = {.cap = 256 << 20};
	size_t before = s->n;

	if (!hf_import_is_lines(text, path)) {
		if (whole)
			sample_document(s, text, share, &arena);
		hf_arena_free(&arena);
		return;
	}
	while (text.n != 0 && s->n - before < share) {
		struct hf_sv line = hf_sv_cut(&text, '\n');

		if (text.n == 0 && !whole)
			break; /* cut in its middle */
		sample_document(s, line, 1, &arena);
		hf_arena_reset(&arena);
	}
	hf_arena_free(&arena);
}

static void
train(struct import *im, struct samples *s)
{
	struct hf_err err;

	im->trained = true;
	if (s->n == 0 || s->text.failed)
		return;
	s->items = calloc(s->n, sizeof(*s->items));
	if (s->items == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		size_t at = i ? s->ends[i - 1] : 0;

		s->items[i] = (struct hf_sv){s->text.p + at, s->ends[i] - at};
	}
	if (hf_store_train(im->config->store, s->items, s->n, &err) != HF_OK)
		hf_import_fatal(im, &err);
}

static void
samples_free(struct samples *s)
{
	free(s->items);
	free(s->ends);
	hf_buf_free(&s->text);
}

static void
train_from_text(struct import *im, struct hf_sv text, const char *path)
{
	struct samples s = {.ends = calloc(SAMPLES_MAX, sizeof(size_t))};

	if (s.ends != NULL)
		sample_text(&s, text, path, false, SAMPLES_MAX);
	train(im, &s);
	samples_free(&s);
}

/* Up to SAMPLE_FILES files from all over the list. */
static void
train_from_files(struct import *im)
{
	struct samples s = {.ends = calloc(SAMPLES_MAX, sizeof(size_t))};
	size_t step = im->list.n / SAMPLE_FILES + 1;
	size_t share =
	    SAMPLES_MAX / (im->list.n < SAMPLE_FILES ? im->list.n : SAMPLE_FILES);

	for (size_t i = 0; s.ends != NULL && i < im->list.n; i += step) {
		struct hf_source *source;
		struct hf_buf text = {0};
		size_t got = 1;
		bool good = true;

		if (strcmp(im->list.files[i].path, "-") == 0) {
			im->trained = false; /* by its first chunk instead */
			samples_free(&s);
			return;
		}
		if (hf_source_open(&im->list.files[i], &source, NULL) != HF_OK)
			continue;
		while (good && got != 0 && text.n < SAMPLE_BYTES) {
			char *to = hf_buf_room(&text, 1 << 18);

			good = to != NULL &&
			       hf_source_read(source, to, 1 << 18, &got, NULL) == HF_OK;
			if (good)
				text.n += got;
		}
		hf_source_close(source);
		if (good)
			sample_text(&s, hf_buf_view(&text), im->list.files[i].path,
				    got == 0, share);
		hf_buf_free(&text);
	}
	if (s.n != 0)
		train(im, &s);
	samples_free(&s);
}

/* ---- jobs ---- */

static void
refuse_file(struct import *im, const char *path, uint64_t line,
	    const struct hf_err *err)
{
	hf_import_reject_err(im,
			     &(struct reject){.path = path,
					      .line = line,
					      .entry = -1,
					      .resources = 1,
					      .node = HF_JSON_NONE},
			     err);
}

/* Hands over the text up to its last line end (all of it when last) and keeps the
 * rest in *text. */
static bool
push_lines(struct import *im, const char *path, struct hf_buf *text, uint64_t *line,
	   bool last, int64_t disk)
{
	struct job *job;
	struct hf_buf rest = {0};
	size_t cut = text->n;

	while (!last && cut > 0 && text->p[cut - 1] != '\n')
		cut--;
	if (cut == 0)
		return true;
	job = job_new(im, path);
	if (job == NULL)
		return false;
	hf_buf_add(&rest, text->p + cut, text->n - cut);
	text->n = cut;
	job->text = *text;
	job->line = *line;
	job->lines = true;
	job->disk = disk;
	for (size_t i = 0; i < cut; i++)
		*line += text->p[i] == '\n';
	*text = rest;
	hf_import_push(im, job);
	return true;
}

struct stream {
	struct hf_buf text;
	uint64_t line;
	int64_t told; /* bytes of the file that jobs stand for */
	bool lines, known;
};

/* Decides what the stream holds as soon as a whole line, or enough, is there. */
static bool
know(struct import *im, struct stream *s, const char *path, bool end)
{
	struct hf_sv text = hf_buf_view(&s->text);

	if (!end && memchr(text.p, '\n', text.n) == NULL)
		return false;
	s->known = true;
	s->lines = hf_import_is_lines(text, path);
	if (s->lines && !im->trained)
		train_from_text(im, text, path);
	return true;
}

static void
push_document(struct import *im, struct stream *s, const char *path, int64_t disk)
{
	struct job *job = job_new(im, path);

	if (job == NULL)
		return;
	job->text = s->text;
	job->disk = disk;
	s->text = (struct hf_buf){0};
	hf_import_push(im, job);
}

/* A file that is too large for one job, or whose size is not known. */
static void
feed_stream(struct import *im, const struct hf_source_file *file,
	    struct hf_source *source)
{
	struct stream s = {.line = 1};
	struct hf_err err;
	enum hf_rc rc = HF_OK;
	size_t got = 1;

	while (rc == HF_OK && got != 0 && !hf_import_stopped(im)) {
		char *to = hf_buf_room(&s.text, CHUNK);

		rc = to ? hf_source_read(source, to, CHUNK, &got, &err)
			: hf_fail(&err, HF_FAULT, file->path, "out of memory");
		if (rc != HF_OK)
			break;
		s.text.n += got;
		if (s.text.n > DOCUMENT_MAX) {
			rc = hf_fail(&err, HF_TOO_LONG, file->path,
				     "it holds more than %d MB in one %s: split it",
				     DOCUMENT_MAX >> 20, s.lines ? "line" : "document");
			break;
		}
		if (!s.known && !know(im, &s, file->path, got == 0))
			continue;
		if (s.lines && (s.text.n >= CHUNK || got == 0)) {
			int64_t at = hf_source_at(source);

			if (!push_lines(im, file->path, &s.text, &s.line, got == 0,
					at - s.told))
				break;
			s.told = at;
		}
	}
	if (rc != HF_OK)
		refuse_file(im, file->path, s.lines ? s.line : 0, &err);
	else if (s.known && !s.lines)
		push_document(im, &s, file->path, file->size);
	hf_buf_free(&s.text);
}

static void
feed_file(struct import *im, const struct hf_source_file *file)
{
	struct hf_source *source;
	struct hf_err err;
	int64_t length;

	if (hf_source_open(file, &source, &err) != HF_OK) {
		refuse_file(im, file->path, 0, &err);
		return;
	}
	length = hf_source_length(source);
	if (length >= 0 && length <= WHOLE_MAX && file->size <= WHOLE_MAX) {
		struct job *job = job_new(im, file->path);

		hf_source_close(source);
		if (job == NULL)
			return;
		job->file = file;
		job->disk = file->size;
		job->counted = (size_t)length;
		hf_import_push(im, job);
		return;
	}
	feed_stream(im, file, source);
	hf_source_close(source);
}

static void
refuse_made(struct import *im, const struct hf_import_feed *feed)
{
	struct hf_import_refused r;

	while (feed->refused && feed->refused(feed->ctx, &r))
		hf_import_reject_err(im,
				     &(struct reject){.path = r.path,
						      .line = r.line,
						      .entry = -1,
						      .resources = 1,
						      .node = HF_JSON_NONE,
						      .text = r.text},
				     &r.why);
}

/* Jobs of what config->feed makes. */
static void
feed_made(struct import *im, const struct hf_import_feed *feed)
{
	struct hf_buf samples = {0};
	struct hf_err err;
	enum hf_rc rc = HF_OK;
	uint64_t line = 1;

	refuse_made(im, feed);
	if (!im->trained) {
		rc = feed->sample(feed->ctx, &samples, &err);
		if (rc == HF_OK)
			train_from_text(im, hf_buf_view(&samples), feed->name);
		hf_buf_free(&samples);
	}
	while (rc == HF_OK && !hf_import_stopped(im)) {
		struct job *job = job_new(im, feed->name);

		if (job == NULL)
			return;
		rc = feed->more(feed->ctx, &job->text, &job->disk, &err);
		if (rc != HF_OK || job->text.n == 0) {
			hf_buf_free(&job->text);
			free(job);
			break;
		}
		job->lines = job->grouped = true;
		job->line = line;
		for (size_t i = 0; i < job->text.n; i++)
			line += job->text.p[i] == '\n';
		hf_import_push(im, job);
	}
	if (rc != HF_OK)
		hf_import_fatal(im, &err);
}

void
hf_import_feed(struct import *im)
{
	int rank = 0;

	if (im->config->feed != NULL) {
		feed_made(im, im->config->feed);
		return;
	}
	if (!im->trained)
		train_from_files(im);
	for (size_t i = 0; i < im->list.n && !hf_import_stopped(im); i++) {
		if (im->list.files[i].rank != rank)
			hf_import_drain(im); /* what is referred to stands first */
		rank = im->list.files[i].rank;
		feed_file(im, &im->list.files[i]);
	}
}
