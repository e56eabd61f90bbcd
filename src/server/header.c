/* header.c - the request headers FHIR gives a meaning to. */
#include "server/header.h"

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
same_word(struct hf_sv a, const char *b)
{
	if (a.n != strlen(b))
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != b[i])
			return false;
	return true;
}

static struct hf_sv
unquote(struct hf_sv s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct hf_sv){s.p + 1, s.n - 2};
	return s;
}

static enum hf_rc
prefer_one(struct hf_sv name, struct hf_sv value, struct hf_prefer *out,
	   struct hf_err *err)
{
	static const struct {
		const char *value;
		enum hf_return ret;
	} returns[] = {
	    {"minimal", HF_RETURN_MINIMAL},
	    {"representation", HF_RETURN_WHOLE},
	    {"operationoutcome", HF_RETURN_OUTCOME},
	};

	if (same_word(name, "respond-async"))
		out->async = true;
	if (same_word(name, "handling")) {
		if (!same_word(value, "lenient") && !same_word(value, "strict"))
			return hf_fail(err, HF_INVALID, NULL,
				       "Prefer: handling is strict or lenient");
		out->lenient = same_word(value, "lenient");
	}
	if (!same_word(name, "return"))
		return HF_OK;
	for (size_t i = 0; i < HF_COUNT(returns); i++)
		if (same_word(value, returns[i].value)) {
			out->ret = returns[i].ret;
			return HF_OK;
		}
	return hf_fail(err, HF_INVALID, NULL,
		       "Prefer: return is minimal, representation or OperationOutcome");
}

enum hf_rc
hf_prefer_parse(struct hf_sv header, struct hf_prefer *out, struct hf_err *err)
{
	struct hf_prefer p = {0};

	while (header.n) {
		struct hf_sv list = hf_sv_cut(&header, ',');

		while (list.n) {
			struct hf_sv value = hf_sv_trim(hf_sv_cut(&list, ';'));
			struct hf_sv name = hf_sv_trim(hf_sv_cut(&value, '='));
			enum hf_rc rc =
			    prefer_one(name, unquote(hf_sv_trim(value)), &p, err);

			if (rc)
				return rc;
		}
	}
	*out = p;
	return HF_OK;
}

bool
hf_etag_version(struct hf_sv header, uint32_t *version)
{
	struct hf_sv s = hf_sv_trim(header);
	int64_t v;

	if (hf_sv_starts(s, HF_SV("W/\"")))
		s = hf_sv_from_at(s, 2);
	s = unquote(s);
	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9')
		return false;
	if (!hf_sv_int(s, &v) || v < 1 || v > UINT32_MAX)
		return false;
	*version = (uint32_t)v;
	return true;
}

bool
hf_etag_list_has(struct hf_sv header, uint32_t version)
{
	while (header.n) {
		struct hf_sv one = hf_sv_trim(hf_sv_cut(&header, ','));
		uint32_t v;

		if (hf_sv_is(one, "*") || (hf_etag_version(one, &v) && v == version))
			return true;
	}
	return false;
}

struct hf_sv
hf_etag_write(uint32_t version, char *buf, size_t size)
{
	int n = snprintf(buf, size, "W/\"%u\"", version);

	assert(n > 0 && (size_t)n < size);
	return (struct hf_sv){buf, (size_t)n};
}

static const char days[] = "MonTueWedThuFriSatSun";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static bool
two_digits(const char *p, int8_t *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (int8_t)((p[0] - '0') * 10 + (p[1] - '0'));
	return true;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"
 *  0    5  8   12   17 20 23 26     */
bool
hf_http_date_parse(struct hf_sv text, hf_time *out)
{
	struct hf_sv s = hf_sv_trim(text);
	struct hf_civil c = {.month = 0};
	int8_t century, year;

	if (s.n != 29 || memcmp(s.p + 3, ", ", 2) != 0 ||
	    memcmp(s.p + 25, " GMT", 4) != 0 || s.p[19] != ':' || s.p[22] != ':')
		return false;
	if (!two_digits(s.p + 5, &c.day) || !two_digits(s.p + 12, &century) ||
	    !two_digits(s.p + 14, &year) || !two_digits(s.p + 17, &c.hour) ||
	    !two_digits(s.p + 20, &c.minute) || !two_digits(s.p + 23, &c.second))
		return false;
	c.year = century * 100 + year;
	for (int8_t m = 0; m < 12; m++)
		if (memcmp(months + 3 * m, s.p + 8, 3) == 0)
			c.month = (int8_t)(m + 1);
	if (c.month == 0 || c.year < 1 || c.day < 1 ||
	    c.day > hf_month_days(c.year, c.month) || c.hour > 23 || c.minute > 59 ||
	    c.second > 60)
		return false;
	if (c.second == 60)
		c.second = 59;
	*out = hf_time_from_civil(&c);
	return true;
}

static void
put2(char *to, int v)
{
	to[0] = (char)('0' + v / 10 % 10);
	to[1] = (char)('0' + v % 10);
}

struct hf_sv
hf_http_date_write(hf_time t, char *buf, size_t size)
{
	struct hf_civil c = hf_civil_from_time(t);
	int day = hf_weekday(hf_days_from_civil(c.year, c.month, c.day));

	assert(size >= 30 && day >= 0 && day < 7);
	memcpy(buf, "Ddd, dd Mmm yyyy hh:mm:ss GMT", 30);
	memcpy(buf, days + 3 * day, 3);
	put2(buf + 5, c.day);
	memcpy(buf + 8, months + 3 * (c.month - 1), 3);
	put2(buf + 12, c.year / 100);
	put2(buf + 14, c.year % 100);
	put2(buf + 17, c.hour);
	put2(buf + 20, c.minute);
	put2(buf + 23, c.second);
	return (struct hf_sv){buf, 29};
}

static bool
charset_is_utf8(struct hf_sv params)
{
	while (params.n) {
		struct hf_sv value = hf_sv_trim(hf_sv_cut(&params, ';'));
		struct hf_sv name = hf_sv_trim(hf_sv_cut(&value, '='));

		value = unquote(hf_sv_trim(value));
		if (same_word(name, "charset") && !same_word(value, "utf-8") &&
		    !same_word(value, "utf8") && !same_word(value, "us-ascii"))
			return false;
	}
	return true;
}

enum hf_media
hf_media_of(struct hf_sv header)
{
	static const struct {
		const char *name;
		enum hf_media media;
	} known[] = {
	    {"application/fhir+json", HF_MEDIA_JSON},
	    {"application/json", HF_MEDIA_JSON},
	    {"application/json+fhir", HF_MEDIA_JSON},
	    {"text/json", HF_MEDIA_JSON},
	    {"json", HF_MEDIA_JSON},
	    {"application/fhir+xml", HF_MEDIA_XML},
	    {"application/xml", HF_MEDIA_XML},
	    {"application/xml+fhir", HF_MEDIA_XML},
	    {"text/xml", HF_MEDIA_XML},
	    {"xml", HF_MEDIA_XML},
	    {"application/x-www-form-urlencoded", HF_MEDIA_FORM},
	    {"application/json-patch+json", HF_MEDIA_PATCH},
	    {"*/*", HF_MEDIA_ANY},
	    {"application/*", HF_MEDIA_ANY},
	};
	struct hf_sv rest = header;
	struct hf_sv name = hf_sv_trim(hf_sv_cut(&rest, ';'));

	if (name.n == 0)
		return HF_MEDIA_NONE;
	if (!charset_is_utf8(rest))
		return HF_MEDIA_OTHER;
	for (size_t i = 0; i < HF_COUNT(known); i++)
		if (same_word(name, known[i].name))
			return known[i].media;
	return HF_MEDIA_OTHER;
}

/* A q of 0, written 0, 0.0, 0.00 or 0.000, means "not this". */
static bool
refused(struct hf_sv params)
{
	while (params.n) {
		struct hf_sv value = hf_sv_trim(hf_sv_cut(&params, ';'));
		struct hf_sv name = hf_sv_trim(hf_sv_cut(&value, '='));

		if (!same_word(name, "q") || value.n == 0 || value.p[0] != '0')
			continue;
		for (size_t i = 0; i < value.n; i++)
			if (value.p[i] >= '1' && value.p[i] <= '9')
				return false;
		return true;
	}
	return false;
}

enum hf_media
hf_accept(struct hf_sv header)
{
	enum hf_media first = HF_MEDIA_NONE;

	if (hf_sv_trim(header).n == 0)
		return HF_MEDIA_JSON;
	while (header.n) {
		struct hf_sv one = hf_sv_cut(&header, ',');
		enum hf_media media = hf_media_of(one);
		struct hf_sv params = one;

		hf_sv_cut(&params, ';');
		if (refused(params))
			continue;
		if (media == HF_MEDIA_JSON || media == HF_MEDIA_ANY)
			return HF_MEDIA_JSON;
		if (first == HF_MEDIA_NONE)
			first = media;
	}
	return first == HF_MEDIA_NONE ? HF_MEDIA_OTHER : first;
}

bool
hf_accepts_gzip(struct hf_sv header)
{
	while (header.n) {
		struct hf_sv params = hf_sv_cut(&header, ',');
		struct hf_sv name = hf_sv_trim(hf_sv_cut(&params, ';'));

		if (same_word(name, "gzip"))
			return !refused(params);
	}
	return false;
}

static bool
is_port(struct hf_sv s)
{
	int64_t port;

	return s.n == 0 ||
	       (s.p[0] == ':' && s.n > 1 && s.p[1] != '-' &&
		hf_sv_int(hf_sv_from_at(s, 1), &port) && port >= 0 && port <= 65535);
}

/* 127.a.b.c, whole numbers up to 255. */
static bool
is_ipv4_loopback(struct hf_sv s)
{
	int parts = 0;

	while (s.n) {
		struct hf_sv one = hf_sv_cut(&s, '.');
		int64_t v;

		if (one.n == 0 || one.n > 3 || one.p[0] == '-' || one.p[0] == '+' ||
		    !hf_sv_int(one, &v) || v > 255 || (parts == 0 && v != 127))
			return false;
		parts++;
	}
	return parts == 4;
}

bool
hf_host_is_loopback(struct hf_sv host)
{
	struct hf_sv name = host, port;
	size_t colon;

	if (hf_sv_starts(host, HF_SV("[::1]")))
		return is_port(hf_sv_from_at(host, 5));
	colon = hf_sv_find(host, ':');
	name.n = colon;
	port = hf_sv_from_at(host, colon);
	if (!is_port(port))
		return false;
	return same_word(name, "localhost") || is_ipv4_loopback(name);
}

bool
hf_origin_is_loopback(struct hf_sv origin)
{
	if (hf_sv_starts(origin, HF_SV("http://")))
		return hf_host_is_loopback(hf_sv_from_at(origin, 7));
	if (hf_sv_starts(origin, HF_SV("https://")))
		return hf_host_is_loopback(hf_sv_from_at(origin, 8));
	return false;
}
