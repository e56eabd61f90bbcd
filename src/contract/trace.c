/* trace.c - steps of a trace read back from their bytes. */
#include "contract/trace.h"

static const struct {
	uint8_t ints;
	const char *clause;
} steps[] = {
#define HF_CT_STEP(name, ints, clause) {ints, clause},
#include "contract/step.def"
#undef HF_CT_STEP
};

static bool
take_int(struct hf_sv *s, int64_t *out)
{
	uint64_t u = 0;

	for (unsigned shift = 0; s->n && shift < 64; shift += 7) {
		uint8_t byte = (uint8_t)s->p[0];

		*s = hf_sv_from_at(*s, 1);
		u |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		*out = (int64_t)(u >> 1 ^ (0 - (u & 1)));
		return true;
	}
	return false;
}

bool
hf_ct_step_next(struct hf_sv *rest, struct hf_ct_trace_step *out)
{
	uint8_t code;

	if (rest->n == 0)
		return false;
	code = (uint8_t)rest->p[0];
	if (code == HF_CT_STEP_END || code >= HF_CT_STEPS)
		return false;
	*rest = hf_sv_from_at(*rest, 1);
	*out = (struct hf_ct_trace_step){.code = (enum hf_ct_step_code)code};
	for (size_t i = 0; i < steps[code].ints; i++)
		if (!take_int(rest, &out->v[i]))
			return false;
	return true;
}

const char *
hf_ct_step_clause(enum hf_ct_step_code code)
{
	return code < HF_CT_STEPS ? steps[code].clause : "";
}
