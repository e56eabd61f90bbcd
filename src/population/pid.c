/* pid.c - pseudonyms. */
#include "population/pid.h"

#include <sodium.h>

_Static_assert(HF_POP_KEY == crypto_auth_hmacsha256_KEYBYTES, "one key");

void
hf_pop_pid(const struct hf_pop_key *key, const struct hf_nhs *nhs,
	   uint8_t out[HF_POP_PID])
{
	unsigned char whole[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(whole, (const unsigned char *)nhs->d, 10, key->bytes);
	memcpy(out, whole, HF_POP_PID);
}

void
hf_pop_pid_local(const struct hf_pop_key *key, struct hf_sv source, struct hf_sv id,
		 uint8_t out[HF_POP_PID])
{
	unsigned char whole[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
	/* 'L' is no digit: no NHS number begins so. */
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)"L", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)source.p,
				      source.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)"\0", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)id.p, id.n);
	crypto_auth_hmacsha256_final(&state, whole);
	memcpy(out, whole, HF_POP_PID);
}
