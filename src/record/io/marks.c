/* marks.c - see marks.h. */
#include "record/io/marks.h"

#include <pthread.h>

#include "record/io/relation.h"

static const struct hf_policy *built_in;

static void
load_policy(void)
{
	static struct hf_arena arena = {.cap = 16 << 20};
	static struct hf_policy policy;
	struct hf_issues issues = {.arena = &arena};

	if (hf_policy_load(hf_policy_builtin, &arena, &issues, &policy, NULL) == HF_OK)
		built_in = &policy;
}

const struct hf_policy *
hf_marks_policy(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_policy);
	return built_in;
}

int64_t
hf_ods_pack(struct hf_sv ods)
{
	int64_t packed = 0;

	if (ods.n == 0 || ods.n > HF_ODS_PACKED)
		return 0;
	for (size_t i = 0; i < ods.n; i++) {
		char c = ods.p[i];
		int64_t code;

		if (c >= '0' && c <= '9')
			code = c - '0' + 1;
		else if (c >= 'A' && c <= 'Z')
			code = c - 'A' + 11;
		else
			return 0;
		packed |= code << 6 * i;
	}
	return packed;
}

size_t
hf_ods_unpack(int64_t packed, char out[HF_ODS_PACKED])
{
	size_t n = 0;

	for (; n < HF_ODS_PACKED && packed; n++, packed >>= 6) {
		int64_t code = packed & 63;

		out[n] = (char)(code <= 10 ? '0' + code - 1 : 'A' + code - 11);
	}
	return n;
}

int64_t
hf_marks_ods(int64_t marks)
{
	return marks >> HF_FLAG_ODS_SHIFT & (((int64_t)1 << 6 * HF_ODS_PACKED) - 1);
}

static bool
is_labelled(const struct hf_json *doc, uint32_t node)
{
	uint32_t meta = hf_json_member(doc, node, "meta");
	uint32_t labels = hf_json_member(doc, meta, "security");

	return labels != HF_JSON_NONE && hf_json_count(doc, labels) > 0;
}

int64_t
hf_marks_of(const struct hf_json *doc, uint32_t node, bool several,
	    struct hf_arena *arena)
{
	const struct hf_policy *policy = hf_marks_policy();
	struct hf_sv ods = hf_source_ods_at(doc, node, arena);
	int64_t packed = hf_ods_pack(ods), marks = HF_FLAG_KNOWN;

	if (is_labelled(doc, node) || !policy)
		marks |= HF_FLAG_LABELLED;
	else if (hf_policy_may_be_sensitive(policy, doc, node))
		marks |= HF_FLAG_LABELLED;
	if (several)
		marks |= HF_FLAG_SEVERAL;
	if (ods.n && packed == 0)
		marks |= HF_FLAG_FAR;
	return marks | packed << HF_FLAG_ODS_SHIFT;
}
