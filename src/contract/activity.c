/* activity.c - admission methods. */
#include "contract/activity.h"

static const struct method {
	const char *code;
	enum hf_ct_method_kind kind;
	const char *text;
} methods[] = {
#define HF_CT_METHOD(name, code, kind, text) {code, HF_CT_MK_##kind, text},
#include "contract/method.def"
#undef HF_CT_METHOD
};

enum hf_ct_method_kind
hf_ct_method_kind(uint8_t method)
{
	return method < HF_CT_METHODS ? methods[method].kind : HF_CT_MK_UNKNOWN;
}

const char *
hf_ct_method_code(uint8_t method)
{
	return method < HF_CT_METHODS ? methods[method].code : "";
}

const char *
hf_ct_method_text(uint8_t method)
{
	return method < HF_CT_METHODS ? methods[method].text : "not known";
}

bool
hf_ct_method_parse(struct hf_sv text, uint8_t *out)
{
	for (uint8_t i = 0; i < HF_CT_METHODS; i++) {
		if (!hf_sv_eq(text, hf_sv_from(methods[i].code)))
			continue;
		*out = i;
		return true;
	}
	return false;
}
