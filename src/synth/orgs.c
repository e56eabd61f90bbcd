/* orgs.c - the resources of one organisation: itself, sites and wards, services,
 * staff with their roles; and the teams of the localities. */
#include "synth/out.h"

#include <stdio.h>

static const struct kind {
	const char *code, *text; /* and the levels above providers */
} kinds[ORG_KINDS] = {
    [ORG_ICB] = {"system", "Integrated care board"},
    [ORG_PLACE] = {"place", "Place partnership"},
    [ORG_AREA] = {"partnership", "Partnership area"},
    [ORG_LOCALITY] = {"locality", "Locality"},
    [ORG_PCN] = {"pcn", "Primary care network"},
    [ORG_PRACTICE] = {"general-practice", "GP practice"},
    [ORG_ACUTE] = {"acute", "Acute hospital trust"},
    [ORG_COMMUNITY] = {"community", "Community health trust"},
    [ORG_MENTAL] = {"mental-health", "Mental health trust"},
    [ORG_COUNCIL] = {"local-authority-asc", "Council adult social care"},
    [ORG_AMBULANCE] = {"ambulance", "Ambulance service"},
    [ORG_111] = {"nhs111", "NHS 111"},
    [ORG_HOSPICE] = {"hospice", "Hospice"},
    [ORG_VOLUNTARY] = {"voluntary", "Voluntary organisation"},
    [ORG_DOMICILIARY] = {"domiciliary-care", "Home care provider"},
    [ORG_CARE_HOME] = {"care-home", "Care home"},
    [ORG_PHARMACY] = {"pharmacy", "Pharmacy"},
    [ORG_HUB] = {"hub", "Care co-ordination hub"},
};

static const struct ward_row {
	const char *name;
	int beds;
} wards[HF_WARD_COUNT] = {
    [HF_WARD_ED] = {"Emergency Department", 0},
    [HF_WARD_AMU] = {"Acute Medical Unit", 36},
    [HF_WARD_MEDICINE] = {"Ward 4, General Medicine", 28},
    [HF_WARD_ELDERLY] = {"Ward 5, Care of the Elderly", 28},
    [HF_WARD_CARDIOLOGY] = {"Ward 6, Cardiology", 24},
    [HF_WARD_STROKE] = {"Stroke Unit", 20},
    [HF_WARD_ORTHOPAEDICS] = {"Ward 8, Trauma and Orthopaedics", 28},
    [HF_WARD_SURGERY] = {"Ward 9, General Surgery", 28},
    [HF_WARD_CHILDREN] = {"Children's Ward", 20},
    [HF_WARD_CLINIC] = {"Outpatient Clinics", 0},
};

struct job {
	const char *text;
	enum sct code;
	bool doctor;
};

/* The jobs in an organisation take turns. */
static const struct job jobs[ORG_KINDS][5] = {
    [ORG_ACUTE] = {{"Geriatrician", SCT_GERIATRICIAN_ROLE, true},
		   {"Emergency medicine doctor", SCT_ED_DOCTOR_ROLE, true},
		   {"Consultant physician", SCT_NONE, true},
		   {"Ward nurse", SCT_NONE, false},
		   {"Physiotherapist", SCT_PHYSIO_ROLE, false}},
    [ORG_COMMUNITY] = {{"Community nurse", SCT_NURSE_ROLE, false},
		       {"District nurse", SCT_DISTRICT_NURSE_ROLE, false},
		       {"Physiotherapist", SCT_PHYSIO_ROLE, false},
		       {"Occupational therapist", SCT_NONE, false},
		       {"Community matron", SCT_NONE, false}},
    [ORG_MENTAL] = {{"Community psychiatric nurse", SCT_NONE, false},
		    {"Psychiatrist", SCT_NONE, true},
		    {"Memory clinic nurse", SCT_NONE, false},
		    {"Clinical psychologist", SCT_NONE, false},
		    {"Care coordinator", SCT_NONE, false}},
    [ORG_COUNCIL] = {{"Social worker", SCT_NONE, false},
		     {"Occupational therapist", SCT_NONE, false},
		     {"Reablement worker", SCT_NONE, false},
		     {"Social worker", SCT_NONE, false},
		     {"Care manager", SCT_NONE, false}},
    [ORG_AMBULANCE] = {{"Paramedic", SCT_NONE, false}},
    [ORG_111] = {{"Clinical adviser", SCT_NONE, false}},
    [ORG_HOSPICE] = {{"Palliative care nurse", SCT_NONE, false}},
    [ORG_VOLUNTARY] = {{"Social prescriber", SCT_NONE, false}},
    [ORG_DOMICILIARY] = {{"Care worker", SCT_NONE, false}},
    [ORG_CARE_HOME] = {{"Care home nurse", SCT_NONE, false}},
    [ORG_PHARMACY] = {{"Community pharmacist", SCT_NONE, false}},
    [ORG_HUB] = {{"Call handler", SCT_NONE, false},
		 {"Triage clinician", SCT_NONE, false},
		 {"Dispatcher", SCT_NONE, false},
		 {"Clinical lead", SCT_NONE, true},
		 {"Call handler", SCT_NONE, false}},
};

static struct job
job_of(const struct org *org, int k)
{
	static const struct job gp = {"General practitioner", SCT_GP_ROLE, true};
	static const struct job nurse = {"Practice nurse", SCT_NONE, false};
	int n = 0;

	if (org->kind == ORG_PRACTICE)
		return k < org->staff - 2 ? gp : nurse;
	while (n < 5 && jobs[org->kind][n].text)
		n++;
	return n ? jobs[org->kind][k % n] : nurse;
}

static void
put_ident(struct out *o, const char *system, const char *value)
{
	key(o, "identifier");
	arr(o);
	obj(o);
	member(o, "system", system);
	member(o, "value", value);
	obj_end(o);
	arr_end(o);
}

static void
put_phone(struct out *o, uint32_t n)
{
	char phone[16];

	snprintf(phone, sizeof(phone), "01632 960%03u", n % 1000);
	key(o, "telecom");
	arr(o);
	json_open(o, "{\"system\":\"phone\",\"use\":\"work\",\"value\":");
	hf_put_str(o, phone);
	obj_end(o);
	arr_end(o);
}

static void
put_work_address(struct out *o, const struct org *org, uint32_t n)
{
	char line[64];

	snprintf(line, sizeof(line), "%u %s", n % 90 + 1, hf_synth_name_street(n));
	obj(o);
	member(o, "use", "work");
	key(o, "line");
	arr(o);
	hf_put_str(o, line);
	arr_end(o);
	member(o, "city", "Wrenford");
	member(o, "postalCode", org->postcode);
	member(o, "country", "ENG");
	obj_end(o);
}

/* Whoever has no practice belongs to the locality of their postcode. */
static void
put_postcodes(struct out *o, uint32_t locality)
{
	char code[8];

	snprintf(code, sizeof(code), "WZ%u", locality + 1);
	key(o, "extension");
	json_open(o, "[{\"url\":\"https://homefirst.example/StructureDefinition/"
		     "postcode-area\",\"valueString\":");
	hf_put_str(o, code);
	glue(o, "}]");
}

static void
put_organization(struct out *o, const struct org *org, uint32_t n)
{
	const struct kind *k = &kinds[org->kind];

	hf_out_begin(o, "Organization", SEQ_ORG, NULL);
	if (org->kind == ORG_CARE_HOME) {
		char cqc[16];

		snprintf(cqc, sizeof(cqc), "1-99900%05u", n);
		key(o, "identifier");
		json_open(
		    o, "[{\"system\":"
		       "\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":");
		hf_put_str(o, org->ods);
		obj_end(o);
		json_open(o,
			  "{\"system\":\"https://www.cqc.org.uk/location\",\"value\":");
		hf_put_str(o, cqc);
		obj_end(o);
		arr_end(o);
	} else {
		put_ident(o, "https://fhir.nhs.uk/Id/ods-organization-code", org->ods);
	}
	if (org->kind == ORG_LOCALITY)
		put_postcodes(o, n);
	raw(o, "active", "true");
	key(o, "type");
	json_open(o,
		  "[{\"coding\":[{\"system\":"
		  "\"https://homefirst.example/CodeSystem/provider-kind\",\"code\":");
	hf_put_str(o, k->code);
	member(o, "display", k->text);
	obj_end(o);
	arr_end(o);
	member(o, "text", k->text);
	obj_end(o);
	arr_end(o);
	member(o, "name", org->name);
	if (org->kind > ORG_PCN || org->kind == ORG_ICB) {
		put_phone(o, n * 7 + (uint32_t)org->kind);
		key(o, "address");
		arr(o);
		put_work_address(o, org, n);
		arr_end(o);
	}
	if (org->parent != NO_ORG) {
		key(o, "partOf");
		hf_put_org(o, &o->place->orgs[org->parent]);
	}
	hf_out_end(o);
}

static void
put_location(struct out *o, const struct org *org, uint32_t seq, const char *name,
	     const char *type, bool ward, uint32_t n)
{
	char site[24];

	snprintf(site, sizeof(site), "%s%02u", org->ods, n % 100);
	hf_out_begin(o, "Location", seq, org);
	put_ident(o, "https://fhir.nhs.uk/Id/ods-site-code", site);
	member(o, "status", "active");
	member(o, "name", name);
	member(o, "mode", "instance");
	key(o, "physicalType");
	if (ward)
		json(
		    o,
		    "{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
		    "location-physical-type\",\"code\":\"wa\",\"display\":\"Ward\"}]}");
	else
		json(
		    o,
		    "{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
		    "location-physical-type\",\"code\":\"si\",\"display\":\"Site\"}]}");
	if (type) {
		member(o, "description", type);
	}
	if (!ward) {
		key(o, "address");
		put_work_address(o, org, n);
	}
	key(o, "managingOrganization");
	hf_put_org(o, org);
	if (ward) {
		key(o, "partOf");
		hf_put_place(o, org, SEQ_SITE);
	}
	hf_out_end(o);
}

static void
put_sites(struct out *o, const struct org *org, uint32_t n)
{
	char beds[40];

	if (org->kind <= ORG_PCN)
		return;
	put_location(o, org, SEQ_SITE,
		     org->kind == ORG_ACUTE ? "Wrenford General Hospital" : org->name,
		     NULL, false, n + 1);
	if (org->kind != ORG_ACUTE)
		return;
	for (uint32_t w = 0; w < HF_WARD_COUNT; w++) {
		snprintf(beds, sizeof(beds), "%d beds", wards[w].beds);
		put_location(o, org, SEQ_WARD + w, wards[w].name,
			     wards[w].beds ? beds : NULL, true, w + 10);
	}
}

struct service {
	const char *name;
	enum sct type;
};

static const struct service services[ORG_KINDS][3] = {
    [ORG_PRACTICE] = {{"General practice", SCT_GP_SERVICE}},
    [ORG_ACUTE] = {{"Emergency department", SCT_ED_SERVICE},
		   {"Same day emergency care", SCT_NONE},
		   {"Frailty service", SCT_NONE}},
    [ORG_COMMUNITY] = {{"Community nursing", SCT_NURSING_SERVICE},
		       {"Urgent community response", SCT_NONE},
		       {"Community therapy", SCT_PHYSIO_SERVICE}},
    [ORG_MENTAL] = {{"Community mental health team", SCT_NONE},
		    {"Older people's mental health", SCT_OLD_AGE_MH_SERVICE},
		    {"Memory service", SCT_NONE}},
    [ORG_COUNCIL] = {{"Social care assessment", SCT_NONE}, {"Reablement", SCT_NONE}},
    [ORG_AMBULANCE] = {{"999 emergency response", SCT_AMBULANCE_SERVICE}},
    [ORG_111] = {{"NHS 111", SCT_NHS111_SERVICE}},
    [ORG_HOSPICE] = {{"Hospice at home", SCT_NONE}},
    [ORG_VOLUNTARY] = {{"Social prescribing", SCT_NONE}},
    [ORG_CARE_HOME] = {{"Residential and nursing care", SCT_NONE}},
    [ORG_PHARMACY] = {{"Pharmacy", SCT_NONE}},
};

static void
put_services(struct out *o, const struct org *org)
{
	for (uint32_t i = 0; i < 3 && services[org->kind][i].name; i++) {
		const struct service *s = &services[org->kind][i];
		const struct concept *type =
		    s->type == SCT_NONE ? NULL : &hf_sct_table[s->type];

		hf_out_begin(o, "HealthcareService", SEQ_SERVICE + i, org);
		raw(o, "active", "true");
		key(o, "providedBy");
		hf_put_org(o, org);
		key(o, "type");
		arr(o);
		hf_put_codings(o, type ? type->coding : (struct hf_sv){0},
			       (struct hf_sv){0}, hf_sv_from(s->name));
		arr_end(o);
		key(o, "location");
		arr(o);
		hf_put_place(o, org, SEQ_SITE);
		arr_end(o);
		member(o, "name", s->name);
		hf_out_end(o);
	}
}

static void
put_practitioner(struct out *o, const struct org *org, int k, struct hf_rng *rng)
{
	struct job job = job_of(org, k);
	enum ethnic e = hf_synth_ethnic_pick(rng, 4);
	enum names names = hf_synth_ethnic_names(e);
	bool female = hf_rng_below(rng, 100) < (job.doctor ? 52u : 78u);
	int born = 1962 + (int)hf_rng_below(rng, 38);
	/* Nobody else's: at most 64 staff in an organisation. */
	uint32_t number = (uint32_t)(org - o->place->orgs) * 64 + (uint32_t)k;
	char id[20];

	hf_out_begin(o, "Practitioner", SEQ_STAFF + 2 * (uint32_t)k, org);
	if (job.doctor) {
		snprintf(id, sizeof(id), "C99%05u", number);
		put_ident(o, "https://fhir.hl7.org.uk/Id/gmc-number", id);
	} else {
		snprintf(id, sizeof(id), "999%09u", number);
		put_ident(o, "https://fhir.nhs.uk/Id/sds-user-id", id);
	}
	raw(o, "active", "true");
	key(o, "name");
	arr(o);
	obj(o);
	member(o, "family", hf_synth_name_family(names, hf_rng_u32(rng)));
	key(o, "given");
	arr(o);
	hf_put_str(o, hf_synth_name_given(names, female, born, hf_rng_u32(rng)));
	arr_end(o);
	key(o, "prefix");
	arr(o);
	hf_put_str(o, job.doctor ? "Dr" : female ? "Ms" : "Mr");
	arr_end(o);
	obj_end(o);
	arr_end(o);
	member(o, "gender", female ? "female" : "male");
	hf_out_end(o);
}

static void
put_role(struct out *o, const struct org *org, int k)
{
	struct job job = job_of(org, k);
	struct hf_sv coding = {0};

	if (job.code != SCT_NONE)
		coding = hf_sct_table[job.code].coding;
	hf_out_begin(o, "PractitionerRole", SEQ_STAFF + 2 * (uint32_t)k + 1, org);
	raw(o, "active", "true");
	key(o, "practitioner");
	hf_put_own(o, "Practitioner", SEQ_STAFF + 2 * (uint32_t)k);
	key(o, "organization");
	hf_put_org(o, org);
	key(o, "code");
	arr(o);
	hf_put_codings(o, coding, (struct hf_sv){0}, hf_sv_from(job.text));
	arr_end(o);
	if (services[org->kind][0].name) {
		char id[37];

		hf_synth_place_id(o->place, o->key, SEQ_SERVICE, id);
		key(o, "healthcareService");
		arr(o);
		hf_out_ref(o, "HealthcareService", id);
		arr_end(o);
	}
	hf_out_end(o);
}

/* One standing multidisciplinary team for each locality. */
static void
put_teams(struct out *o)
{
	static const struct member_row {
		const char *role;
		enum org_kind kind;
		int k;
	} members[] = {
	    {"GP", ORG_PRACTICE, 0},
	    {"Community matron", ORG_COMMUNITY, 4},
	    {"Community nurse", ORG_COMMUNITY, 0},
	    {"Social worker", ORG_COUNCIL, 0},
	    {"Occupational therapist", ORG_COMMUNITY, 3},
	    {"Mental health practitioner", ORG_MENTAL, 0},
	    {"Pharmacist", ORG_PHARMACY, 0},
	    {"Voluntary sector link", ORG_VOLUNTARY, 0},
	};

	for (uint32_t l = 0; l < LOCALITIES; l++) {
		const struct org *locality = hf_out_org(o, ORG_LOCALITY, l);
		char name[80];

		snprintf(name, sizeof(name), "%s multidisciplinary team",
			 locality->name);
		hf_out_begin(o, "CareTeam", SEQ_TEAM + l, locality);
		member(o, "status", "active");
		member(o, "name", name);
		key(o, "participant");
		arr(o);
		for (size_t i = 0; i < HF_COUNT(members); i++) {
			const struct member_row *m = &members[i];
			const struct org *org = hf_out_org(o, m->kind, l);

			obj(o);
			key(o, "role");
			arr(o);
			hf_put_codings(o, (struct hf_sv){0}, (struct hf_sv){0},
				       hf_sv_from(m->role));
			arr_end(o);
			key(o, "member");
			/* Staff take turns at the five jobs of an organisation. */
			hf_put_staff(o, org, m->k + 5 * (int)l);
			key(o, "onBehalfOf");
			hf_put_org(o, org);
			obj_end(o);
		}
		arr_end(o);
		key(o, "managingOrganization");
		arr(o);
		hf_put_org(o, locality);
		arr_end(o);
		hf_out_end(o);
	}
}

void
hf_synth_make_org(struct out *o, int32_t index)
{
	const struct org *org = &o->place->orgs[index];
	uint32_t n = (uint32_t)(index - o->place->first[org->kind]);
	struct hf_rng rng;

	hf_rng_seed(&rng, o->place->config.seed, 1000 + (uint64_t)index);
	put_organization(o, org, n);
	put_sites(o, org, n);
	if (org->kind == ORG_LOCALITY)
		hf_synth_make_area(o, org, n);
	put_services(o, org);
	hf_synth_make_teams(o, org, n);
	if (org->kind == ORG_HUB)
		put_teams(o);
	for (int k = 0; k < org->staff; k++) {
		put_practitioner(o, org, k, &rng);
		put_role(o, org, k);
	}
}
