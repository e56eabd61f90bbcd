/* audit_verify.c - checking the folder audit/: its chain and its signed heads.
 *
 * Three things are held against each other: the lines (each a link), the heads in the
 * folder, and the heads that were copied elsewhere.  Whoever changes lines can make
 * the chain whole again, but not the heads without the key, and with the key not the
 * copies. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "access/io/audit.h"
#include "access/io/audit_folder.h"

enum { HEADS_MOST = 1 << 20 };

struct verify {
	const struct hf_audit_verify *what;
	struct hf_chain_check check;
	struct hf_issues *issues;
	uint8_t key[HF_SIGN_PUBLIC];
	bool has_key;
	struct hf_head_list heads; /* of the folder */
	struct hf_head live;
	bool has_live, live_met;
	unsigned last_format;
};

static void
found(struct verify *v, const char *path, const char *text)
{
	hf_issue_add(v->issues, HF_SEV_ERROR, "security", hf_sv_from(path), "%s", text);
}

static void
on_seal(void *ctx, const struct hf_chain *seal, uint64_t segment)
{
	struct verify *v = ctx;

	hf_head_meet(&v->heads, seal, segment);
	if (v->has_live && seal->seal == v->live.chain.seal)
		v->live_met =
		    seal->line == v->live.chain.line &&
		    memcmp(seal->hash, v->live.chain.hash, sizeof seal->hash) == 0;
}

static enum hf_rc
find_key(struct verify *v, int dir, struct hf_err *err)
{
	const struct hf_audit_verify *what = v->what;
	struct hf_sign_key pair;
	enum hf_rc rc;

	if (what->key) {
		v->has_key = true;
		if (hf_chain_unhex(hf_sv_from(what->key), v->key, sizeof v->key))
			return HF_OK;
		return hf_fail(err, HF_INVALID, "--key",
			       "a public key is 64 hex digits, as homefirst audit key "
			       "prints it");
	}
	rc = hf_heads_key(dir, what->sign_key, false, &pair, err);
	if (rc == HF_NOT_FOUND && !what->sign_key)
		return HF_OK;
	if (rc)
		return rc;
	memcpy(v->key, pair.public, sizeof v->key);
	sodium_memzero(&pair, sizeof pair);
	v->has_key = true;
	return HF_OK;
}

/* Reads head number and looks whether it is signed as it should be. */
static bool
good_head(struct verify *v, const char *name, struct hf_sv text, uint64_t number,
	  struct hf_head *out)
{
	if (!hf_head_read(text, out)) {
		found(v, name, "the signature does not fit: it was changed or forged");
		return false;
	}
	if (v->has_key && memcmp(out->public, v->key, sizeof v->key) != 0) {
		found(v, name,
		      "it is signed with another key: forged, or the key was replaced "
		      "(then check up to here with --key and the old one)");
		return false;
	}
	if (out->number != number || out->why == HF_HEAD_LIVE) {
		found(v, name, "the file has another head's name");
		return false;
	}
	return true;
}

/* The heads of the folder, one after the other. */
static enum hf_rc
read_heads(struct verify *v, int dir, struct hf_err *err)
{
	uint8_t before[HF_HASH_SIZE] = {0};
	uint64_t first, last;
	enum hf_rc rc = hf_folder_list(dir, hf_head_name, &first, &last, err);

	if (rc)
		return rc;
	if (last > HEADS_MOST)
		return hf_fail(err, HF_TOO_LONG, "audit", "there are too many heads");
	v->heads.items = calloc(last + 1, sizeof *v->heads.items);
	v->heads.met = calloc(last + 1, sizeof *v->heads.met);
	if (!v->heads.items || !v->heads.met)
		return hf_fail(err, HF_FAULT, NULL, "no memory to check the heads");
	for (uint64_t n = 1; n <= last; n++) {
		char name[HF_SEGMENT_NAME], text[HF_HEAD_MAX + 1];
		struct hf_head head;
		size_t size;

		hf_head_name(n, name);
		rc = hf_heads_read(dir, name, text, &size, err);
		if (rc == HF_NOT_FOUND) {
			found(v, name, "this signed head is missing");
			continue;
		}
		if (rc)
			return rc;
		v->check.report.heads++;
		if (good_head(v, name, (struct hf_sv){text, size}, n, &head)) {
			if (memcmp(head.before, before, sizeof before) != 0)
				found(v, name, "it does not follow the head before it");
			v->heads.items[v->heads.n++] = head;
		}
		if (!hf_head_hash((struct hf_sv){text, size}, before))
			return hf_fail(err, HF_FAULT, NULL, "no memory");
	}
	if (v->has_live && v->live.number > last)
		found(v, "head", "signed heads are missing at the end");
	return HF_OK;
}

/* Copied heads against those of the folder, byte by byte. */
static enum hf_rc
check_copies(struct verify *v, int dir, struct hf_err *err)
{
	int copies = open(v->what->heads, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t first = 0, last = 0, there = 0;
	enum hf_rc rc;

	if (copies < 0)
		return hf_audit_fail(err, errno, v->what->heads,
				     "cannot open the folder of copied heads");
	rc = hf_folder_list(copies, hf_head_name, &first, &last, err);
	for (uint64_t n = first; rc == HF_OK && n && n <= last; n++) {
		char name[HF_SEGMENT_NAME], copy[HF_HEAD_MAX + 1],
		    text[HF_HEAD_MAX + 1];
		struct hf_head head;
		size_t n_copy, n_text;

		hf_head_name(n, name);
		rc = hf_heads_read(copies, name, copy, &n_copy, err);
		if (rc == HF_NOT_FOUND) {
			rc = HF_OK;
			continue; /* a copy that failed says nothing against us */
		}
		if (rc)
			break;
		there++;
		if (!good_head(v, name, (struct hf_sv){copy, n_copy}, n, &head))
			continue;
		if (hf_heads_read(dir, name, text, &n_text, NULL) != HF_OK)
			found(v, name,
			      "this head was copied elsewhere and is missing here: the "
			      "audit was cut off or put back to an earlier state");
		else if (!hf_sv_eq((struct hf_sv){copy, n_copy},
				   (struct hf_sv){text, n_text}))
			found(v, name, "it is not the head that was copied elsewhere");
	}
	close(copies);
	if (rc == HF_OK && there == 0)
		hf_issue_add(v->issues, HF_SEV_WARNING, "informational",
			     hf_sv_from(v->what->heads), "there are no heads here");
	return rc;
}

static enum hf_rc
check_segments(struct verify *v, int dir, struct hf_err *err)
{
	uint64_t first, last;
	enum hf_rc rc = hf_folder_list(dir, hf_segment_name, &first, &last, err);

	if (rc)
		return rc;
	if (first > 1)
		hf_issue_add(v->issues, HF_SEV_ERROR, "security", HF_SV("audit"),
			     "the first %llu segments are missing",
			     (unsigned long long)(first - 1));
	for (uint64_t n = first; n && n <= last; n++) {
		struct hf_mapped m = {.fd = -1};
		uint64_t says;

		rc = hf_segment_map(dir, n, O_RDONLY, &m, err);
		if (rc == HF_NOT_FOUND) {
			hf_issue_add(v->issues, HF_SEV_ERROR, "security",
				     HF_SV("audit"), "segment %llu is missing",
				     (unsigned long long)n);
			continue;
		}
		if (rc)
			return rc;
		hf_chain_check(&v->check, n, m.bytes, n == last);
		if (!hf_chain_head_parse(m.bytes, &says, &v->last_format))
			v->last_format = HF_CHAIN_FORMAT;
		hf_segment_unmap(&m);
	}
	return HF_OK;
}

/* What heads say against what the chain turned out to be. */
static void
check_met(struct verify *v, uint64_t last_seal)
{
	for (size_t i = 0; i < v->heads.n; i++) {
		const struct hf_head *h = &v->heads.items[i];
		char name[HF_SEGMENT_NAME];

		if (v->heads.met[i])
			continue;
		hf_head_name(h->number, name);
		if (h->chain.seal > last_seal)
			hf_issue_add(v->issues, HF_SEV_ERROR, "security",
				     hf_sv_from(name),
				     "the end is cut off: line %llu (seal %llu) was "
				     "signed, the last seal found is %llu",
				     (unsigned long long)h->chain.line,
				     (unsigned long long)h->chain.seal,
				     (unsigned long long)last_seal);
		else
			hf_issue_add(
			    v->issues, HF_SEV_ERROR, "security", hf_sv_from(name),
			    "the lines up to number %llu (segment %llu) are not "
			    "those that were signed",
			    (unsigned long long)h->chain.line,
			    (unsigned long long)h->segment);
	}
	if (!v->has_live || v->live_met)
		return;
	if (v->live.chain.seal > last_seal)
		hf_issue_add(v->issues, HF_SEV_ERROR, "security", HF_SV("head"),
			     "the end is cut off: seal %llu was written, the last one "
			     "found is %llu",
			     (unsigned long long)v->live.chain.seal,
			     (unsigned long long)last_seal);
	else
		hf_issue_add(v->issues, HF_SEV_ERROR, "security", HF_SV("head"),
			     "seal %llu is not the one that was written",
			     (unsigned long long)v->live.chain.seal);
}

/* The live head says how far the chain had come; it may be behind what is found. */
static void
check_live(struct verify *v, bool any)
{
	if (!v->has_live) {
		if (any && v->last_format == 1)
			hf_issue_add(v->issues, HF_SEV_INFO, "informational",
				     HF_SV("head"),
				     "an earlier version wrote this audit and signed "
				     "nothing; the next start of the server does");
		else if (any)
			found(v, "head",
			      "the signed mark of how far the chain had come is "
			      "missing or was changed");
		return;
	}
	if (v->has_key && memcmp(v->live.public, v->key, sizeof v->key) != 0)
		found(v, "head", "it is signed with another key");
}

static enum hf_rc
check_folder(struct verify *v, int dir, struct hf_err *err)
{
	enum hf_rc rc = find_key(v, dir, err);

	if (rc)
		return rc;
	/* Read first: while another process writes, the chain only gets longer. */
	v->has_live = hf_heads_live(dir, &v->live);
	rc = read_heads(v, dir, err);
	if (rc == HF_OK && v->what->heads)
		rc = check_copies(v, dir, err);
	if (rc == HF_OK)
		rc = check_segments(v, dir, err);
	if (rc)
		return rc;
	check_live(v, v->check.chain.seal > 0 || v->heads.n > 0);
	check_met(v, v->check.chain.seal);
	return HF_OK;
}

enum hf_rc
hf_audit_verify(const struct hf_audit_verify *what, struct hf_chain_report *report,
		struct hf_issues *issues, struct hf_err *err)
{
	struct verify v = {.what = what, .issues = issues};
	int dir = open(what->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum hf_rc rc;

	if (dir < 0 && (errno == ENOENT || errno == ENOTDIR))
		return hf_fail(err, HF_NOT_FOUND, what->folder,
			       "there is no audit here: name the folder that serve "
			       "was given with --data; it writes the audit");
	if (dir < 0)
		return hf_audit_fail(err, errno, what->folder,
				     "cannot open the audit folder");
	v.check = (struct hf_chain_check){.issues = issues, .seal = on_seal, .ctx = &v};
	rc = check_folder(&v, dir, err);
	close(dir);
	free(v.heads.items);
	free(v.heads.met);
	if (rc == HF_OK)
		*report = v.check.report;
	return rc;
}
