/* The promises of server/peer.h and server/listen.h. */
#include "server/peer.h"

#include "server/listen.h"
#include "test/hf_test.h"

static struct hf_addr
addr(const char *text)
{
	struct hf_addr a = {{0}};

	assert_true(hf_addr_parse(hf_sv_from(text), &a));
	return a;
}

static struct hf_nets
nets(const char *text)
{
	struct hf_nets n = {.n = 0};
	struct hf_err err = {0};

	assert_int_equal(hf_nets_parse(hf_sv_from(text), &n, &err), HF_OK);
	return n;
}

HF_TEST(addresses_are_read_and_written)
{
	static const char *const good[][2] = {
	    {"192.0.2.7", "192.0.2.7"},	      {"::1", "::1"},
	    {"[2001:db8::1]", "2001:db8::1"}, {" 10.0.0.1 ", "10.0.0.1"},
	    {"::ffff:10.0.0.1", "10.0.0.1"},  {"2001:DB8:0::1", "2001:db8::1"},
	};
	static const char *const bad[] = {
	    "",	    "1.2.3",   "1.2.3.4.5", "256.1.1.1", "1.2.3.4:5",
	    "[::1", "example", "::1%lo",    "0x7f.1",	 "1.2.3.4/8"};
	struct hf_addr a;
	char buf[HF_ADDR_TEXT];

	for (size_t i = 0; i < HF_COUNT(good); i++) {
		a = addr(good[i][0]);
		assert_true(hf_sv_eq(hf_addr_write(&a, buf), hf_sv_from(good[i][1])));
	}
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_addr_parse(hf_sv_from(bad[i]), &a));
}

HF_TEST(loopback_is_told_from_the_rest)
{
	struct hf_addr yes[] = {addr("127.0.0.1"), addr("127.9.9.9"), addr("::1"),
				addr("::ffff:127.0.0.1")};
	struct hf_addr no[] = {addr("128.0.0.1"), addr("::2"), addr("::"),
			       addr("0.0.0.0"), addr("::127.0.0.1")};

	for (size_t i = 0; i < HF_COUNT(yes); i++)
		assert_true(hf_addr_is_loopback(&yes[i]));
	for (size_t i = 0; i < HF_COUNT(no); i++)
		assert_false(hf_addr_is_loopback(&no[i]));
}

HF_TEST(a_house_is_an_address_or_a_64)
{
	struct hf_addr a = addr("10.0.0.1"), b = addr("10.0.0.2");
	struct hf_addr c = addr("2001:db8::1"), d = addr("2001:db8::ffff:1");
	struct hf_addr e = addr("2001:db8:0:1::1");

	assert_true(hf_addr_same_house(&a, &a));
	assert_false(hf_addr_same_house(&a, &b));
	assert_true(hf_addr_same_house(&c, &d));
	assert_false(hf_addr_same_house(&c, &e));
	assert_false(hf_addr_same_house(&a, &c));
}

HF_TEST(networks_hold_what_their_mask_says)
{
	struct hf_nets n = nets("10.1.0.0/16, 192.0.2.7,2001:db8::/33");
	static const char *const in[] = {"10.1.255.255", "192.0.2.7",
					 "2001:db8:7fff::1"};
	static const char *const out[] = {"10.2.0.0", "192.0.2.8", "2001:db8:8000::1",
					  "::1"};

	assert_int_equal(n.n, 3);
	for (size_t i = 0; i < HF_COUNT(in); i++) {
		struct hf_addr a = addr(in[i]);

		assert_true(hf_nets_have(&n, &a));
	}
	for (size_t i = 0; i < HF_COUNT(out); i++) {
		struct hf_addr a = addr(out[i]);

		assert_false(hf_nets_have(&n, &a));
	}
}

HF_TEST(networks_that_are_none_are_refused)
{
	static const char *const bad[] = {
	    "10.0.0.0/33", "10.0.0.1/8",   "::/129",
	    "10.0.0.0/",   "10.0.0.0/-1",  "x",
	    ",",	   "10.0.0.0/8,x", "1.1.1.1,,2.2.2.2"};
	static const char nine[] = "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
				   "1.1.1.1,1.1.1.1,1.1.1.1";
	struct hf_nets n = {.n = 42};
	struct hf_err err = {0};

	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_int_equal(hf_nets_parse(hf_sv_from(bad[i]), &n, &err),
				 HF_INVALID);
	assert_int_equal(hf_nets_parse(hf_sv_from(nine), &n, &err), HF_INVALID);
	assert_int_equal(n.n, 42);
}

HF_TEST(the_client_is_the_last_address_that_is_no_proxy)
{
	struct hf_nets proxies = nets("10.0.0.0/8");
	static const struct {
		const char *header, *want;
	} cases[] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"192.0.2.1, 10.0.0.2", "192.0.2.1"},
	    {"6.6.6.6, 192.0.2.1", "192.0.2.1"}, /* the first was made up */
	    {"6.6.6.6, 192.0.2.1, 10.0.0.2,10.1.1.1", "192.0.2.1"},
	    {"2001:db8::1", "2001:db8::1"},
	    {"10.0.0.2", NULL},
	    {"", NULL},
	    {"192.0.2.1, unknown", NULL}, /* who says that is not understood */
	    {"192.0.2.1,", NULL},
	};
	char buf[HF_ADDR_TEXT];

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_addr a = addr("::9");
		bool found =
		    hf_forwarded_for(hf_sv_from(cases[i].header), &proxies, &a);

		assert_int_equal(found, cases[i].want != NULL);
		assert_true(hf_sv_eq(hf_addr_write(&a, buf),
				     hf_sv_from(found ? cases[i].want : "::9")));
	}
}

HF_TEST(of_what_proxies_say_the_last_counts)
{
	assert_true(hf_sv_is(hf_forwarded_last(HF_SV("http, https")), "https"));
	assert_true(hf_sv_is(hf_forwarded_last(HF_SV("https")), "https"));
	assert_true(hf_sv_is(hf_forwarded_last(HF_SV("https, ")), ""));
	assert_int_equal(hf_forwarded_last(HF_SV("")).n, 0);
}

/* ---- listen.h ---- */

static enum hf_rc
read_it(const struct hf_listen_config *c, bool open)
{
	struct hf_listen l;
	struct hf_err err = {0};

	return hf_listen_read(c, open, &l, &err);
}

#define C(...) (&(struct hf_listen_config){__VA_ARGS__})

HF_TEST(without_tls_only_this_machine_gets_in)
{
	assert_int_equal(read_it(C(.listen = "127.0.0.1:1"), false), HF_OK);
	assert_int_equal(read_it(C(.listen = "[::1]:1"), false), HF_OK);
	assert_int_equal(read_it(C(.listen = NULL), false), HF_OK);
	assert_int_equal(read_it(C(.listen = "0.0.0.0:1"), false), HF_RULE);
	assert_int_equal(read_it(C(.listen = "[::]:1"), false), HF_RULE);
	assert_int_equal(
	    read_it(C(.listen = "10.0.0.1:1", .public_url = "https://a.example"),
		    false),
	    HF_RULE);
	assert_int_equal(read_it(C(.listen = "10.0.0.1:1", .insecure_listen = true,
				   .public_url = "https://a.example"),
				 false),
			 HF_INVALID);
	assert_int_equal(
	    read_it(C(.listen = "10.0.0.1:1", .insecure_listen = true,
		      .behind_proxy = "10.0.0.2", .public_url = "https://a.example"),
		    false),
	    HF_OK);
}

HF_TEST(without_sign_in_no_other_machine_gets_in_by_any_way)
{
	assert_int_equal(read_it(C(.listen = "127.0.0.1:1"), true), HF_OK);
	assert_int_equal(read_it(C(.listen = "0.0.0.0:1", .tls_cert = "c",
				   .tls_key = "k", .public_url = "https://a.example"),
				 true),
			 HF_RULE);
	assert_int_equal(read_it(C(.listen = "127.0.0.1:1", .behind_proxy = "127.0.0.1",
				   .public_url = "https://a.example"),
				 true),
			 HF_RULE);
	assert_int_equal(
	    read_it(C(.listen = "127.0.0.1:1", .insecure_listen = true,
		      .behind_proxy = "127.0.0.1", .public_url = "https://a.example"),
		    true),
	    HF_RULE);
}

HF_TEST(options_that_do_not_go_together_are_refused)
{
	const char *url = "https://a.example", *cert = "c", *key = "k";

	assert_int_equal(read_it(C(.tls_cert = cert), false), HF_INVALID);
	assert_int_equal(read_it(C(.tls_key = key), false), HF_INVALID);
	assert_int_equal(read_it(C(.tls_client_ca = "ca"), false), HF_INVALID);
	assert_int_equal(
	    read_it(C(.listen = "0.0.0.0:1", .tls_cert = cert, .tls_key = key), false),
	    HF_INVALID); /* no public URL */
	assert_int_equal(read_it(C(.listen = "0.0.0.0:1", .tls_cert = cert,
				   .tls_key = key, .public_url = url),
				 false),
			 HF_OK);
	assert_int_equal(
	    read_it(C(.http_redirect = "0.0.0.0:80", .public_url = url), false),
	    HF_INVALID);
	assert_int_equal(read_it(C(.http_redirect = "0.0.0.0:80", .public_url = url,
				   .tls_cert = cert, .tls_key = key),
				 false),
			 HF_OK);
	assert_int_equal(read_it(C(.http_redirect = "x", .public_url = url,
				   .tls_cert = cert, .tls_key = key),
				 false),
			 HF_INVALID);
	assert_int_equal(read_it(C(.behind_proxy = "nowhere"), false), HF_INVALID);
}

HF_TEST_MAIN("server/peer", cmocka_unit_test(addresses_are_read_and_written),
	     cmocka_unit_test(loopback_is_told_from_the_rest),
	     cmocka_unit_test(a_house_is_an_address_or_a_64),
	     cmocka_unit_test(networks_hold_what_their_mask_says),
	     cmocka_unit_test(networks_that_are_none_are_refused),
	     cmocka_unit_test(the_client_is_the_last_address_that_is_no_proxy),
	     cmocka_unit_test(of_what_proxies_say_the_last_counts),
	     cmocka_unit_test(without_tls_only_this_machine_gets_in),
	     cmocka_unit_test(without_sign_in_no_other_machine_gets_in_by_any_way),
	     cmocka_unit_test(options_that_do_not_go_together_are_refused))
