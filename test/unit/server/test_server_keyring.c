/* The promises of server/keyring.h and server/fetch.h, against a server of our own. */
#include "test/hf_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/fetch.h"
#include "server/keyring.h"

#define KEY                                                                            \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"one\",\"x\":\"11qYAYKxCrfVS_"  \
	"7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* ---- a server that answers one text, and counts ---- */

struct publisher {
	int fd;
	unsigned port;
	pthread_t thread;
	atomic_int asked;
	atomic_bool stop;
	const char *_Atomic answer; /* the whole of it */
	_Atomic size_t more;	    /* bytes that follow it */
};

static void *
publish(void *ctx)
{
	struct publisher *p = ctx;
	char text[4096];

	while (!p->stop) {
		int fd = accept(p->fd, NULL, NULL);
		const char *answer = p->answer;

		if (fd < 0)
			continue;
		if (recv(fd, text, sizeof text, 0) > 0) {
			atomic_fetch_add(&p->asked, 1);
			(void)send(fd, answer, strlen(answer), MSG_NOSIGNAL);
			memset(text, 'x', sizeof text);
			for (size_t i = 0; i < p->more; i += sizeof text)
				if (send(fd, text, sizeof text, MSG_NOSIGNAL) < 0)
					break;
		}
		close(fd);
	}
	return NULL;
}

static void
start(struct publisher *p, const char *answer)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	*p =
	    (struct publisher){.fd = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
	assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(p->fd, 16), 0);
	assert_int_equal(getsockname(p->fd, (struct sockaddr *)&at, &n), 0);
	p->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&p->thread, NULL, publish, p), 0);
}

static void
stop(struct publisher *p)
{
	p->stop = true;
	shutdown(p->fd, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->fd);
}

/* ---- waiting for what is given ---- */

struct got {
	pthread_mutex_t lock;
	pthread_cond_t come;
	int n, with_key;
	char text[400];
};

static struct got got = {.lock = PTHREAD_MUTEX_INITIALIZER,
			 .come = PTHREAD_COND_INITIALIZER};

static void
on_keys(void *ctx, const struct hf_jwks *keys, const struct hf_err *err)
{
	(void)ctx;
	pthread_mutex_lock(&got.lock);
	got.n++;
	got.with_key += keys && keys->n == 1 && strcmp(keys->keys[0].kid, "one") == 0;
	if (!keys)
		snprintf(got.text, sizeof got.text, "%s", err->text);
	pthread_cond_signal(&got.come);
	pthread_mutex_unlock(&got.lock);
}

static void
await(int n)
{
	pthread_mutex_lock(&got.lock);
	while (got.n < n)
		pthread_cond_wait(&got.come, &got.lock);
	pthread_mutex_unlock(&got.lock);
}

static const char good[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
			   "{\"keys\":[" KEY "]}";
static const char gone[] = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n";
static const char none[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"keys\":[]}";
static const char moved[] = "HTTP/1.1 302 Found\r\nConnection: close\r\n"
			    "Location: http://127.0.0.1:1/\r\n\r\n";
static const hf_time now = 1767268800000;

static struct hf_sv
url_of(const struct publisher *p, char text[64])
{
	snprintf(text, 64, "http://127.0.0.1:%u/jwks", p->port);
	return hf_sv_from(text);
}

HF_TEST(keys_are_kept_and_asked_for_again_at_most_once_a_minute)
{
	struct publisher p;
	struct hf_fetcher *fetcher;
	struct hf_keyring *ring;
	struct hf_err err;
	char text[64];
	struct hf_sv url;

	start(&p, good);
	url = url_of(&p, text);
	memset(&got.n, 0, sizeof got.n);
	got.with_key = 0;
	assert_int_equal(hf_fetcher_new(NULL, &fetcher, &err), HF_OK);
	assert_int_equal(hf_keyring_new(fetcher, &ring, &err), HF_OK);
	hf_keyring_ask(ring, url, HF_SV("one"), HF_JWS_EDDSA, now, on_keys, NULL);
	await(1);
	assert_int_equal(got.with_key, 1);
	/* Known: from memory.  Unknown: not within the minute, then once. */
	hf_keyring_ask(ring, url, HF_SV("one"), HF_JWS_EDDSA, now + 1, on_keys, NULL);
	hf_keyring_ask(ring, url, HF_SV("two"), HF_JWS_EDDSA, now + 2, on_keys, NULL);
	await(3);
	assert_int_equal(p.asked, 1);
	hf_keyring_ask(ring, url, HF_SV("two"), HF_JWS_EDDSA, now + 60001, on_keys,
		       NULL);
	await(4);
	assert_int_equal(p.asked, 2);
	/* Old keys are of use while the address does not answer. */
	p.answer = gone;
	hf_keyring_ask(ring, url, HF_SV("one"), HF_JWS_EDDSA, now + 700000, on_keys,
		       NULL);
	await(5);
	assert_int_equal(p.asked, 3);
	hf_keyring_ask(ring, url, HF_SV("one"), HF_JWS_EDDSA, now + 700001, on_keys,
		       NULL);
	await(6);
	assert_int_equal(p.asked, 3);
	assert_int_equal(got.with_key, 5);
	hf_fetcher_free(fetcher);
	hf_keyring_free(ring);
	stop(&p);
}

HF_TEST(what_is_no_set_of_keys_gives_none_and_says_why)
{
	static const char *const answers[] = {gone, none, moved, "rubbish\r\n\r\n"};

	for (size_t i = 0; i < HF_COUNT(answers); i++) {
		struct publisher p;
		struct hf_fetcher *fetcher;
		struct hf_keyring *ring;
		struct hf_err err;
		char text[64];

		start(&p, answers[i]);
		got.n = got.with_key = 0;
		got.text[0] = '\0';
		assert_int_equal(hf_fetcher_new(NULL, &fetcher, &err), HF_OK);
		assert_int_equal(hf_keyring_new(fetcher, &ring, &err), HF_OK);
		hf_keyring_ask(ring, url_of(&p, text), HF_SV("one"), HF_JWS_EDDSA, now,
			       on_keys, NULL);
		await(1);
		assert_int_equal(got.with_key, 0);
		assert_true(got.text[0] != '\0');
		hf_fetcher_free(fetcher);
		hf_keyring_free(ring);
		stop(&p);
	}
}

HF_TEST(an_answer_that_is_too_long_is_broken_off)
{
	struct publisher p;
	struct hf_fetcher *fetcher;
	struct hf_keyring *ring;
	struct hf_err err;
	char text[64];

	start(&p, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	p.more = (size_t)HF_FETCH_BYTES * 4;
	got.n = got.with_key = 0;
	assert_int_equal(hf_fetcher_new(NULL, &fetcher, &err), HF_OK);
	assert_int_equal(hf_keyring_new(fetcher, &ring, &err), HF_OK);
	hf_keyring_ask(ring, url_of(&p, text), HF_SV("one"), HF_JWS_EDDSA, now, on_keys,
		       NULL);
	await(1);
	assert_non_null(strstr(got.text, "too long"));
	hf_fetcher_free(fetcher);
	hf_keyring_free(ring);
	stop(&p);
}

static void
on_answer(void *ctx, const struct hf_fetch_answer *answer)
{
	(void)answer;
	atomic_fetch_add((atomic_int *)ctx, 1);
}

HF_TEST(only_https_and_this_machine_are_asked_and_stopping_answers_all)
{
	static const char *const bad[] = {"http://example.org/",
					  "ftp://127.0.0.1/",
					  "file:///etc/passwd",
					  "http://127.0.0.1.evil.example/",
					  "https://",
					  "https://user@evil.example/",
					  "http://localhost:99999/",
					  "gopher://127.0.0.1/",
					  ""};
	struct hf_fetcher *fetcher;
	struct hf_err err;
	atomic_int answered = 0, started = 0;

	assert_int_equal(hf_fetcher_new(NULL, &fetcher, &err), HF_OK);
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_fetch_ask ask = {.url = hf_sv_from(bad[i])};

		assert_int_equal(hf_fetch(fetcher, &ask, on_answer, &answered, &err),
				 HF_INVALID);
	}
	for (int i = 0; i < 200; i++) {
		struct hf_fetch_ask ask = {.url = HF_SV("http://127.0.0.1:1/")};

		started += hf_fetch(fetcher, &ask, on_answer, &answered, &err) == HF_OK;
	}
	hf_fetcher_free(fetcher);
	assert_int_equal(answered, started);
	assert_true(started >= HF_FETCH_QUEUE);
	hf_fetcher_free(NULL);
	hf_keyring_free(NULL);
}

HF_TEST_MAIN(
    "server/keyring",
    cmocka_unit_test(keys_are_kept_and_asked_for_again_at_most_once_a_minute),
    cmocka_unit_test(what_is_no_set_of_keys_gives_none_and_says_why),
    cmocka_unit_test(an_answer_that_is_too_long_is_broken_off),
    cmocka_unit_test(only_https_and_this_machine_are_asked_and_stopping_answers_all))
