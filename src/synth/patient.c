/* patient.c - who a person is: Patient, and the people who belong to them. */
#include "synth/out.h"

#include <stdio.h>

static void
put_nhs_number(struct out *o, const struct person *p)
{
	json_open(
	    o, "{\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
	       "Extension-UKCore-NHSNumberVerificationStatus\","
	       "\"valueCodeableConcept\":{\"coding\":[{\"system\":"
	       "\"https://fhir.hl7.org.uk/CodeSystem/"
	       "UKCore-NHSNumberVerificationStatusEngland\",\"code\":\"01\","
	       "\"display\":\"Number present and verified\"}]}}],"
	       "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":");
	hf_put_sv(o, hf_nhs_sv(&p->nhs));
	obj_end(o);
}

static void
put_identifiers(struct out *o, const struct person *p)
{
	char local[16];

	key(o, "identifier");
	arr(o);
	put_nhs_number(o, p);
	/* Most have been to the hospital at some time. */
	if (p->index % 5 < 3) {
		snprintf(local, sizeof(local), "W%07lld", (long long)p->index);
		json_open(o,
			  "{\"type\":{\"coding\":[{\"system\":"
			  "\"http://terminology.hl7.org/CodeSystem/v2-0203\","
			  "\"code\":\"MR\"}]},\"system\":"
			  "\"https://wrenford-hospitals.example/Id/hospital-number\","
			  "\"value\":");
		hf_put_str(o, local);
		obj_end(o);
	}
	arr_end(o);
}

static void
put_name(struct out *o, const char *title, const char *given, const char *middle,
	 const char *family)
{
	key(o, "name");
	arr(o);
	obj(o);
	member(o, "use", "official");
	member(o, "family", family);
	key(o, "given");
	arr(o);
	hf_put_str(o, given);
	if (middle)
		hf_put_str(o, middle);
	arr_end(o);
	key(o, "prefix");
	arr(o);
	hf_put_str(o, title);
	arr_end(o);
	obj_end(o);
	arr_end(o);
}

static void
put_phone(struct out *o, const char *use, const char *number)
{
	obj(o);
	member(o, "system", "phone");
	member(o, "value", number);
	member(o, "use", use);
	obj_end(o);
}

static void
put_address(struct out *o, const struct person *p)
{
	key(o, "address");
	arr(o);
	obj(o);
	member(o, "use", "home");
	key(o, "line");
	arr(o);
	hf_put_str(o, p->line1);
	if (p->line2[0])
		hf_put_str(o, p->line2);
	arr_end(o);
	member(o, "city", "Wrenford");
	member(o, "postalCode", p->postcode);
	obj_end(o);
	arr_end(o);
}

static void
put_ethnic(struct out *o, const struct person *p)
{
	key(o, "extension");
	json_open(o, "[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
		     "Extension-UKCore-EthnicCategory\",\"valueCodeableConcept\":"
		     "{\"coding\":[{\"system\":\"https://fhir.hl7.org.uk/CodeSystem/"
		     "UKCore-EthnicCategoryEngland\",\"code\":");
	hf_put_str(o, hf_synth_ethnic_code(p->ethnic));
	member(o, "display", hf_synth_ethnic_text(p->ethnic));
	glue(o, "}]}}]");
}

static void
put_marital(struct out *o, const struct person *p)
{
#define MARITAL(code, text)                                                            \
	"{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"                \
			       "v3-MaritalStatus",                                     \
			       code, text) "]}"
	if (p->age < 16)
		return;
	key(o, "maritalStatus");
	if (p->married)
		json(o, MARITAL("M", "Married"));
	else if (p->widowed)
		json(o, MARITAL("W", "Widowed"));
	else if (p->age > 40 && p->index % 3 == 0)
		json(o, MARITAL("D", "Divorced"));
	else
		json(o, MARITAL("S", "Never Married"));
#undef MARITAL
}

/* A third of the older people of some backgrounds would rather not speak English. */
static void
put_language(struct out *o, const struct person *p)
{
#define SPEAKS(code, name)                                                             \
	"[{\"language\":{\"coding\":[" CODING("urn:ietf:bcp:47", code,                 \
					      name) "]},\"preferred\":true}]"
	if (p->age < 50 || p->index % 3 != 0)
		return;
	switch (p->ethnic) {
	case ETHNIC_PAKISTANI:
		raw(o, "communication", SPEAKS("ur", "Urdu"));
		return;
	case ETHNIC_BANGLADESHI:
		raw(o, "communication", SPEAKS("bn", "Bengali"));
		return;
	case ETHNIC_INDIAN:
		raw(o, "communication", SPEAKS("pa", "Punjabi"));
		return;
	case ETHNIC_CHINESE:
		raw(o, "communication", SPEAKS("zh", "Chinese"));
		return;
	case ETHNIC_OTHER_WHITE:
		raw(o, "communication", SPEAKS("pl", "Polish"));
		return;
	default:
		return;
	}
#undef SPEAKS
}

static void
put_patient_resource(struct out *o, const struct person *p)
{
	hf_out_begin(o, "Patient", 0, p->practice);
	put_ethnic(o, p);
	put_identifiers(o, p);
	key(o, "active");
	hf_jw_bool(&o->w, true);
	put_name(o, p->title, p->given, p->middle, p->family);
	key(o, "telecom");
	arr(o);
	if (p->age >= 14 && (p->age < 80 || p->index % 2))
		put_phone(o, "mobile", p->mobile);
	else
		put_phone(o, "home", p->landline);
	if (p->age >= 60 && p->age < 80)
		put_phone(o, "home", p->landline);
	arr_end(o);
	member(o, "gender", p->female ? "female" : "male");
	key(o, "birthDate");
	hf_put_day(o, p->born);
	if (person_dead(p)) {
		key(o, "deceasedDateTime");
		hf_put_day(o, p->died);
	}
	put_address(o, p);
	put_marital(o, p);
	put_language(o, p);
	key(o, "generalPractitioner");
	arr(o);
	hf_put_staff(o, p->practice, p->gp);
	hf_put_org(o, p->practice);
	arr_end(o);
	key(o, "managingOrganization");
	hf_put_org(o, p->practice);
	hf_out_end(o);
}

struct relation {
	const char *code, *text;
	const char *given, *family, *title, *phone;
	bool female, carer;
};

static void
put_related(struct out *o, const struct relation *r)
{
	hf_out_begin(o, "RelatedPerson", hf_out_next(o), o->person->practice);
	raw(o, "active", "true");
	hf_put_patient(o);
	key(o, "relationship");
	arr(o);
	json_open(o, "{\"coding\":[{\"system\":"
		     "\"http://terminology.hl7.org/CodeSystem/v3-RoleCode\",\"code\":");
	hf_put_str(o, r->code);
	json_more(o, "}],\"text\":");
	hf_put_str(o, r->text);
	obj_end(o);
	if (r->carer)
		json(o,
		     "{\"coding\":[{\"system\":\"https://fhir.hl7.org.uk/CodeSystem/"
		     "UKCore-AdditionalPersonRelationshipRole\",\"code\":\"Carer\","
		     "\"display\":\"Carer of patient\"}],\"text\":\"Unpaid carer\"}");
	arr_end(o);
	put_name(o, r->title, r->given, NULL, r->family);
	key(o, "telecom");
	arr(o);
	put_phone(o, "mobile", r->phone);
	arr_end(o);
	member(o, "gender", r->female ? "female" : "male");
	hf_out_end(o);
}

/* Somebody of the household who is registered too. */
static void
put_member(struct out *o, int64_t index, const char *code, const char *text, bool carer)
{
	struct person m;

	hf_synth_person_load(o->place, index, &m);
	if (person_dead(&m))
		return;
	put_related(o, &(struct relation){code, text, m.given, m.family, m.title,
					  m.mobile, m.female, carer});
}

/* A grown-up child who lives elsewhere and is no patient here. */
static void
put_offspring(struct out *o, const struct person *p)
{
	struct hf_civil born = hf_civil_from_time(p->born * 86400000);
	uint32_t n = (uint32_t)(p->index * 2654435761u);
	bool female = n & 64;
	enum names names = hf_synth_ethnic_names(p->ethnic);
	char phone[16];

	snprintf(phone, sizeof(phone), "07700 900%03u", n / 128 % 1000);
	put_related(o, &(struct relation){
			   female ? "DAUC" : "SONC",
			   female ? "Daughter" : "Son",
			   hf_synth_name_given(names, female, born.year + 28, n / 1024),
			   female && (n & 512) ? hf_synth_name_family(names, n / 4096)
					       : p->family,
			   female ? "Ms" : "Mr",
			   phone,
			   female,
			   (n & 3) == 0,
		       });
}

static void
put_relations(struct out *o, const struct person *p)
{
	const struct household *h = p->house;
	int64_t head = h->first;
	bool pair = h->n > 1 && o->place->people[head + 1].role == ROLE_PARTNER;

	if (p->soul->role == ROLE_CHILD) {
		const struct soul *parent = &o->place->people[head];

		if (parent->role != ROLE_CHILD)
			put_member(o, head, parent->female ? "MTH" : "FTH",
				   parent->female ? "Mother" : "Father", false);
		return;
	}
	if (p->age < 60)
		return;
	if (pair)
		put_member(o, p->index == head ? head + 1 : head, "SPS",
			   p->married ? "Spouse" : "Partner",
			   p->age >= 75 && p->index % 2);
	if (p->age >= 70 && p->index % 4)
		put_offspring(o, p);
}

void
hf_synth_make_person(struct out *o)
{
	put_patient_resource(o, o->person);
	put_relations(o, o->person);
}
