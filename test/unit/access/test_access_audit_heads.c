/* The promises of access/audit_head.h, and of the chain's form (GOV-T02). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit_help.h"

/* ---- the form of the chain ---- */

static const char *const gov_t02[] = {
    "{\"seq\":1,\"at\":\"2020-07-01T09:00:00Z\",\"actor\":\"u100\",\"role\":\"R8001\","
    "\"action\":\"read\",\"patient\":\"p1\",\"purpose\":\"DIRECT_CARE\","
    "\"decision\":\"ALLOW\"}",
    "{\"seq\":2,\"at\":\"2020-07-01T09:05:00Z\",\"actor\":\"u200\",\"role\":\"R8003\","
    "\"action\":\"read\",\"patient\":\"p1\",\"purpose\":\"DIRECT_CARE\","
    "\"decision\":\"BREAK_GLASS\"}",
};
static const char *const gov_t02_hashes[] = {
    "17bcdcd0f829f4a681a8209ea467a32f440006ef6343ffe118cea5a2dc79a03f",
    "fcd695be7817770f0c5123dbeb2a5a2deb719f315395e8c0324502289e919252",
};

/* Do the hashes of the chain over these records agree with what they should be? */
static void
chain_of(const char *first, const char *second, bool agrees[2])
{
	const char *const records[] = {first, second};
	struct hf_chain chain = {0};

	for (size_t i = 0; i < 2; i++) {
		char hex[HF_HASH_HEX + 1] = "";

		assert_true(hf_chain_link(&chain, hf_sv_from(records[i])));
		assert_int_equal(chain.line, i + 1);
		hf_chain_hex(chain.hash, sizeof chain.hash, hex);
		agrees[i] = strcmp(hex, gov_t02_hashes[i]) == 0;
	}
}

HF_TEST(gov_t02_the_chain_has_the_hashes_of_the_rule)
{
	bool agrees[2];

	chain_of(gov_t02[0], gov_t02[1], agrees);
	assert_true(agrees[0] && agrees[1]);
}

HF_TEST(gov_t02_one_changed_byte_of_record_1_breaks_1_and_2)
{
	char changed[512];
	bool agrees[2];

	for (size_t at = 0; gov_t02[0][at]; at++) {
		snprintf(changed, sizeof changed, "%s", gov_t02[0]);
		changed[at] ^= 1;
		chain_of(changed, gov_t02[1], agrees);
		assert_false(agrees[0]);
		assert_false(agrees[1]);
	}
}

HF_TEST(lines_at_once_are_the_same_chain_as_one_by_one)
{
	struct hf_chain one = {0}, all = {0};

	assert_true(hf_chain_link(&one, HF_SV("{\"a\":1}")));
	assert_true(hf_chain_link(&one, HF_SV("")));
	assert_true(hf_chain_link(&one, HF_SV("torn")));
	assert_true(hf_chain_lines(&all, HF_SV("{\"a\":1}\n\ntorn")));
	assert_int_equal(all.line, 3);
	assert_memory_equal(&one, &all, sizeof one);
}

/* The file itself, chained here by the rule alone, ends with the hash of its last
 * seal. */
HF_TEST(a_segment_is_a_chain_of_that_form_line_by_line)
{
	struct hf_chain chain = {0}, at_line[512];
	struct hf_chain_seal seal = {0};
	struct hf_sv rest, line;
	size_t n_lines = 1, seals = 0;

	audit_write(17);
	rest = (struct hf_sv){audit_text, audit_load("00000001.ndjson")};
	at_line[0] = chain;
	while (rest.n) {
		line = hf_sv_cut(&rest, '\n');
		if (hf_chain_seal_parse(line, &seal)) {
			assert_true(seal.chain.line < n_lines);
			assert_memory_equal(seal.chain.hash,
					    at_line[seal.chain.line].hash,
					    HF_HASH_SIZE);
			seals++;
		}
		assert_true(hf_chain_link(&chain, line));
		assert_true(n_lines < HF_COUNT(at_line));
		at_line[n_lines++] = chain;
	}
	assert_true(seals >= 4);
}

/* ---- one head ---- */

static const uint8_t seed[HF_SIGN_SEED] = {1, 2, 3};

static struct hf_head
some_head(void)
{
	struct hf_head h = {.number = 12,
			    .why = HF_HEAD_DAY,
			    .day = 20454, /* 2026-01-01 */
			    .at = 1767312000012,
			    .segment = 3,
			    .chain = {.seal = 99, .line = 1234}};

	memset(h.chain.hash, 0xab, sizeof h.chain.hash);
	memset(h.before, 0xcd, sizeof h.before);
	return h;
}

static size_t
write_head(const struct hf_head *h, char text[HF_HEAD_MAX + 1])
{
	struct hf_sign_key key;
	struct hf_buf out = {.cap = HF_HEAD_MAX};
	size_t n;

	hf_sign_key_make(seed, &key);
	hf_head_write(h, &key, &out);
	assert_false(out.failed);
	n = out.n;
	memcpy(text, out.p, n);
	text[n] = '\0';
	hf_buf_free(&out);
	return n;
}

HF_TEST(a_head_reads_back_as_what_was_signed)
{
	struct hf_head h = some_head(), back;
	struct hf_sign_key key;
	char text[HF_HEAD_MAX + 1];
	size_t n = write_head(&h, text);

	hf_sign_key_make(seed, &key);
	assert_true(hf_head_read((struct hf_sv){text, n}, &back));
	assert_int_equal(back.number, h.number);
	assert_int_equal(back.why, h.why);
	assert_int_equal(back.day, h.day);
	assert_int_equal(back.at, h.at);
	assert_int_equal(back.segment, h.segment);
	assert_int_equal(back.chain.seal, h.chain.seal);
	assert_int_equal(back.chain.line, h.chain.line);
	assert_memory_equal(back.chain.hash, h.chain.hash, sizeof h.chain.hash);
	assert_memory_equal(back.before, h.before, sizeof h.before);
	assert_memory_equal(back.public, key.public, sizeof key.public);
}

HF_TEST(a_head_with_any_bit_changed_or_any_byte_missing_is_none)
{
	struct hf_head h = some_head(), back;
	char text[HF_HEAD_MAX + 1];
	size_t n = write_head(&h, text);

	for (size_t at = 0; at < n; at++) {
		text[at] ^= 1;
		assert_false(hf_head_read((struct hf_sv){text, n}, &back));
		text[at] ^= 1;
		assert_false(hf_head_read((struct hf_sv){text, at}, &back));
	}
	assert_true(hf_head_read((struct hf_sv){text, n}, &back));
}

/* ---- in the folder ---- */

static bool
exists(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", audit_folder, name);
	return access(path, F_OK) == 0;
}

static void delete (const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", audit_folder, name);
	assert_int_equal(remove(path), 0);
}

static void
said(const char *part)
{
	if (!strstr(audit_said, part))
		fail_msg("\"%s\" was not said, but:\n%s", part, audit_said);
}

HF_TEST(each_close_is_signed_and_the_signatures_verify)
{
	audit_write(3);
	audit_write(3);
	assert_true(exists("head-00000001.json") && exists("head-00000002.json"));
	assert_int_equal(audit_findings(), 0);
	assert_int_equal(audit_report.heads, 2);
	audit_load("head-00000001.json");
	assert_non_null(strstr(audit_text, "\"why\":\"close\""));
}

static hf_time fake_now;

static hf_time
clock_that_is_set(void)
{
	return __atomic_load_n(&fake_now, __ATOMIC_SEQ_CST);
}

/* Puts a line and waits until head number is there. */
static void
wait_for_head(struct hf_audit *audit, const char *name)
{
	struct hf_err err;

	assert_int_equal(hf_audit_put(audit, &audit_sample, &err), HF_OK);
	for (int i = 0; i < 500 && !exists(name); i++)
		usleep(10000);
	assert_true(exists(name));
}

HF_TEST(each_day_in_london_is_signed_at_its_end)
{
	struct hf_audit *audit;

	audit_clock = clock_that_is_set;
	fake_now = 1782946799000; /* 2026-07-01T22:59:59Z, a second before midnight */
	audit = audit_begin();
	__atomic_store_n(&fake_now, 1782946800500, __ATOMIC_SEQ_CST);
	wait_for_head(audit, "head-00000001.json");
	__atomic_store_n(&fake_now, 1783033200000, __ATOMIC_SEQ_CST);
	wait_for_head(audit, "head-00000002.json");
	hf_audit_close(audit);
	assert_int_equal(audit_findings(), 0);
	assert_int_equal(audit_report.heads, 3);
	audit_load("head-00000001.json");
	assert_non_null(strstr(audit_text, "\"why\":\"day\",\"day\":\"2026-07-01\""));
	audit_load("head-00000002.json");
	assert_non_null(strstr(audit_text, "\"why\":\"day\",\"day\":\"2026-07-02\""));
	audit_load("head-00000003.json");
	assert_non_null(strstr(audit_text, "\"why\":\"close\",\"day\":\"2026-07-03\""));
}

HF_TEST(a_forged_head_is_found)
{
	struct hf_head h = some_head();
	char text[HF_HEAD_MAX + 1];
	size_t n;

	audit_write(3);
	n = audit_load("head-00000001.json");
	audit_text[30] ^= 1;
	audit_store("head-00000001.json", n);
	assert_true(audit_findings() > 0);
	said("head-00000001.json: the signature does not fit");
	/* Signed well, but with a key that is not the server's. */
	h.number = 1;
	n = write_head(&h, text);
	memcpy(audit_text, text, n);
	audit_store("head-00000001.json", n);
	assert_true(audit_findings() > 0);
	said("another key");
}

HF_TEST(a_head_that_is_missing_is_found)
{
	audit_write(3);
	audit_write(3);
	audit_write(3);
	delete ("head-00000002.json");
	assert_true(audit_findings() > 0);
	said("head-00000002.json: this signed head is missing");
	delete ("head-00000003.json");
	assert_true(audit_findings() > 0);
	said("missing at the end");
}

HF_TEST(a_live_head_that_is_missing_or_changed_is_found)
{
	size_t n;

	audit_write(3);
	n = audit_load("head");
	audit_text[n - 5] ^= 1;
	audit_store("head", n);
	assert_true(audit_findings() > 0);
	delete ("head");
	assert_true(audit_findings() > 0);
	said("missing or was changed");
}

/* Cuts segment 1 behind its first seal: by itself a whole, shorter chain. */
static void
cut_tail(void)
{
	char *seal;

	audit_load("00000001.ndjson");
	seal = strstr(audit_text, "{\"seal\":1,");
	assert_non_null(seal);
	audit_store("00000001.ndjson", (size_t)(strchr(seal, '\n') + 1 - audit_text));
}

HF_TEST(a_tail_cut_off_is_found_against_the_signed_heads)
{
	audit_write(12);
	cut_tail();
	delete ("head");
	assert_true(audit_findings() > 0);
	said("head-00000001.json: the end is cut off");
}

HF_TEST(a_tail_cut_off_is_still_found_after_the_next_start)
{
	audit_write(12);
	cut_tail();
	audit_write(3);
	assert_true(audit_findings() > 0);
	said("head-00000001.json: the lines up to number");
	said("missing");
	audit_write(3);
	assert_true(audit_findings() > 0);
}

/* Whoever has the folder and its key can put all of it back to an earlier state:
 * only what was copied elsewhere tells. */
HF_TEST(a_folder_put_back_to_an_earlier_state_is_found_by_the_copies)
{
	struct hf_audit_verify what = {.folder = audit_folder};
	char copies[128], command[512];

	snprintf(copies, sizeof copies, "%s/copies", audit_folder);
	assert_int_equal(mkdir(copies, 0700), 0);
	audit_copies = what.heads = copies;
	audit_write(3);
	snprintf(command, sizeof command,
		 "mkdir %s/old && cp %s/*.ndjson %s/head* %s/*key %s/old", audit_folder,
		 audit_folder, audit_folder, audit_folder, audit_folder);
	assert_int_equal(system(command), 0);
	audit_write(3);
	assert_int_equal(audit_findings_of(&what), 0);
	snprintf(command, sizeof command, "rm %s/*.ndjson %s/head* && cp %s/old/* %s",
		 audit_folder, audit_folder, audit_folder, audit_folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(audit_findings(), 0);
	assert_true(audit_findings_of(&what) > 0);
	said("copied elsewhere and is missing here");
	/* Going on from there makes another head of that number. */
	audit_copies = NULL;
	audit_write(4);
	assert_true(audit_findings_of(&what) > 0);
	said("head-00000002.json: it is not the head that was copied elsewhere");
}

HF_TEST(a_copy_is_never_written_over_another_head)
{
	char copies[128];
	size_t n;

	snprintf(copies, sizeof copies, "%s/copies", audit_folder);
	assert_int_equal(mkdir(copies, 0700), 0);
	n = (size_t)snprintf(audit_text, sizeof audit_text, "of another server\n");
	audit_store("copies/head-00000001.json", n);
	audit_copies = copies;
	audit_write(3);
	assert_int_equal(audit_load("copies/head-00000001.json"), n);
}

HF_TEST(a_folder_for_copies_that_is_none_is_refused_at_the_start)
{
	struct hf_audit_config config = {.folder = audit_folder,
					 .copy_to = "/dev/null"};
	struct hf_audit *audit;
	struct hf_err err;

	assert_true(hf_audit_open(&config, &audit, &err) != HF_OK);
	assert_string_equal(err.path, "/dev/null");
}

HF_TEST(what_a_crash_left_is_signed_at_the_next_start)
{
	size_t n;

	audit_write(2);
	n = audit_load("00000001.ndjson");
	n += (size_t)snprintf(audit_text + n, 64, "{\"seq\":1,\"reco");
	audit_store("00000001.ndjson", n);
	hf_audit_close(audit_begin());
	assert_int_equal(audit_findings(), 0);
	audit_load("head-00000002.json");
	assert_non_null(strstr(audit_text, "\"why\":\"crash\""));
}

/* ---- the key ---- */

HF_TEST(a_signing_key_may_lie_elsewhere_and_is_made_for_this_user_alone)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/elsewhere", audit_folder);
	audit_sign_key = path;
	audit_write(3);
	assert_false(exists("sign.key"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(audit_findings(), 0);
	/* Nobody who does not know it can check who signed: say so by the key. */
	audit_sign_key = NULL;
	assert_int_equal(audit_findings(), 0);
}

HF_TEST(a_signing_key_that_others_may_read_or_that_is_none_is_refused)
{
	struct hf_audit_config config = {.folder = audit_folder};
	struct hf_audit *audit;
	char path[128];
	struct hf_err err;

	audit_write(1);
	snprintf(path, sizeof path, "%s/sign.key", audit_folder);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(hf_audit_open(&config, &audit, &err), HF_RULE);
	assert_int_equal(chmod(path, 0600), 0);
	audit_store("sign.key", audit_load("sign.key") - 3);
	assert_int_equal(hf_audit_open(&config, &audit, &err), HF_RULE);
	assert_null(strstr(err.text, audit_text)); /* it does not show the key */
}

HF_TEST(the_public_key_verifies_without_the_secret_one_and_another_does_not)
{
	struct hf_audit_config config = {.folder = audit_folder};
	struct hf_audit_verify what = {.folder = audit_folder};
	char hex[2 * HF_SIGN_PUBLIC + 1];
	struct hf_err err;

	assert_int_equal(hf_audit_public_key(&config, hex, &err), HF_NOT_FOUND);
	audit_write(3);
	assert_int_equal(hf_audit_public_key(&config, hex, &err), HF_OK);
	delete ("sign.key");
	what.key = hex;
	assert_int_equal(audit_findings_of(&what), 0);
	hex[0] = hex[0] == '0' ? '1' : '0';
	assert_true(audit_findings_of(&what) > 0);
	what.key = "no key";
	assert_int_equal(hf_audit_verify(&what, &audit_report, NULL, &err), HF_INVALID);
}

/* ---- what was written before ---- */

/* A segment as the first version wrote it: two seals over a few lines each. */
static size_t
old_segment(void)
{
	struct hf_chain chain = {0};
	struct hf_buf out = {.cap = sizeof audit_text};
	size_t from = 0, n;

	hf_buf_lit(&out, "{\"segment\":1,\"opened\":\"2026-01-01T00:00:00.000Z\","
			 "\"format\":1}\n");
	for (int i = 0; i < 2; i++) {
		char hex[HF_HASH_HEX];
		size_t to;

		hf_buf_lit(&out, "{\"recorded\":\"2026-01-01T00:00:00.000Z\"}\n");
		to = out.n;
		assert_true(
		    hf_chain_add(&chain, (struct hf_sv){out.p + from, to - from}));
		hf_chain_hex(chain.hash, sizeof chain.hash, hex);
		hf_buf_printf(&out, "{\"seal\":%d,\"to\":%zu,\"sha256\":\"%.*s\"}\n",
			      i + 1, to, (int)sizeof hex, hex);
		from = to;
	}
	n = out.n;
	memcpy(audit_text, out.p, n);
	hf_buf_free(&out);
	return n;
}

HF_TEST(segments_of_the_first_version_are_checked_and_gone_on_from)
{
	size_t n = old_segment();

	audit_store("00000001.ndjson", n);
	assert_int_equal(audit_findings(), 0);
	said("an earlier version");
	audit_write(3);
	assert_int_equal(audit_findings(), 0);
	assert_int_equal(audit_report.segments, 2);
	old_segment();
	audit_text[100] ^= 1;
	audit_store("00000001.ndjson", n);
	assert_true(audit_findings() > 0);
	said("segment 1, byte");
}

HF_TEST_MAIN(
    "access/audit_heads",
    cmocka_unit_test(gov_t02_the_chain_has_the_hashes_of_the_rule),
    cmocka_unit_test(gov_t02_one_changed_byte_of_record_1_breaks_1_and_2),
    cmocka_unit_test(lines_at_once_are_the_same_chain_as_one_by_one),
    WITH_FOLDER(a_segment_is_a_chain_of_that_form_line_by_line),
    cmocka_unit_test(a_head_reads_back_as_what_was_signed),
    cmocka_unit_test(a_head_with_any_bit_changed_or_any_byte_missing_is_none),
    WITH_FOLDER(each_close_is_signed_and_the_signatures_verify),
    WITH_FOLDER(each_day_in_london_is_signed_at_its_end),
    WITH_FOLDER(a_forged_head_is_found), WITH_FOLDER(a_head_that_is_missing_is_found),
    WITH_FOLDER(a_live_head_that_is_missing_or_changed_is_found),
    WITH_FOLDER(a_tail_cut_off_is_found_against_the_signed_heads),
    WITH_FOLDER(a_tail_cut_off_is_still_found_after_the_next_start),
    WITH_FOLDER(a_folder_put_back_to_an_earlier_state_is_found_by_the_copies),
    WITH_FOLDER(a_copy_is_never_written_over_another_head),
    WITH_FOLDER(a_folder_for_copies_that_is_none_is_refused_at_the_start),
    WITH_FOLDER(what_a_crash_left_is_signed_at_the_next_start),
    WITH_FOLDER(a_signing_key_may_lie_elsewhere_and_is_made_for_this_user_alone),
    WITH_FOLDER(a_signing_key_that_others_may_read_or_that_is_none_is_refused),
    WITH_FOLDER(the_public_key_verifies_without_the_secret_one_and_another_does_not),
    WITH_FOLDER(segments_of_the_first_version_are_checked_and_gone_on_from))
