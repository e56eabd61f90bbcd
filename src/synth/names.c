/* names.c - names of people and streets, by background and time of birth. */
#include "synth/person.h"

struct list {
	const char *const *names;
	uint32_t n;
};

#define LIST(...)                                                                      \
	{                                                                              \
		(const char *const[]){__VA_ARGS__},                                    \
		    HF_COUNT(((const char *const[]){__VA_ARGS__}))                     \
	}

/* British given names of the old, the middle-aged and the young; others once. */
static const struct list given[NAMES_COUNT][2][3] = {
    [NAMES_BRITISH] =
	{{LIST("John", "David", "Peter", "Michael", "Brian", "Alan", "Kenneth", "Derek",
	       "Raymond", "Roy", "Dennis", "Ronald", "George", "William", "Robert",
	       "Keith", "Barry", "Norman", "Gordon", "Frank", "Leonard", "Terence"),
	  LIST("Paul", "Mark", "Andrew", "Stephen", "Simon", "Richard", "Ian", "Gary",
	       "Neil", "Darren", "Lee", "Jason", "Christopher", "Matthew", "Craig",
	       "Wayne", "Martin", "Adrian", "Graham", "Stuart", "Philip", "Jonathan"),
	  LIST("Jack", "Thomas", "James", "Daniel", "Joshua", "Oliver", "Harry", "Ryan",
	       "Liam", "Callum", "Jake", "Connor", "George", "Charlie", "Alfie", "Noah",
	       "Leo", "Archie", "Ethan", "Luke", "Adam", "Samuel", "Jamie")},
	 {LIST("Margaret", "Jean", "Mary", "Joan", "Patricia", "Sheila", "Barbara",
	       "Doreen", "June", "Shirley", "Dorothy", "Joyce", "Maureen", "Audrey",
	       "Brenda", "Pamela", "Edna", "Sylvia", "Beryl", "Irene", "Hilda", "Vera"),
	  LIST("Susan", "Julie", "Karen", "Jacqueline", "Deborah", "Tracey", "Sharon",
	       "Alison", "Helen", "Nicola", "Claire", "Michelle", "Joanne", "Samantha",
	       "Lisa", "Amanda", "Sarah", "Emma", "Louise", "Dawn", "Lorraine",
	       "Rachel"),
	  LIST("Chloe", "Emily", "Megan", "Jessica", "Sophie", "Lauren", "Charlotte",
	       "Olivia", "Amelia", "Ava", "Isla", "Grace", "Lily", "Ella", "Mia",
	       "Poppy", "Freya", "Daisy", "Bethany", "Holly", "Hannah", "Molly")}},
    [NAMES_EUROPEAN] = {{LIST("Jan", "Piotr", "Andrzej", "Marek", "Tomasz", "Ion",
			      "Mihai", "Vasile", "Antonio", "Marco", "Janis", "Georgi",
			      "Ivan", "Pavel", "Manuel")},
			{LIST("Anna", "Maria", "Katarzyna", "Agnieszka", "Ewa",
			      "Elena", "Ioana", "Ana", "Magdalena", "Monika", "Ilona",
			      "Lucia", "Ivana", "Daniela", "Sofia")}},
    [NAMES_MUSLIM] = {{LIST("Mohammed", "Imran", "Tariq", "Abdul", "Hassan", "Yusuf",
			    "Bilal", "Khalid", "Rashid", "Omar", "Ibrahim", "Usman",
			    "Zahid", "Farhan", "Ahmed", "Hamza", "Shahid", "Nadeem")},
		      {LIST("Fatima", "Ayesha", "Zainab", "Shazia", "Nasreen", "Maryam",
			    "Khadija", "Saima", "Rukhsana", "Amina", "Hafsa", "Yasmin",
			    "Nadia", "Shabana", "Farzana", "Sadia", "Razia", "Leila")}},
    [NAMES_INDIAN] = {{LIST("Rajesh", "Harpreet", "Sanjay", "Amit", "Gurpreet", "Vijay",
			    "Anil", "Ravi", "Suresh", "Manjit", "Arjun", "Rohan",
			    "Ashok", "Kiran", "Jaspal", "Dinesh")},
		      {LIST("Priya", "Manjit", "Sunita", "Anita", "Harjinder", "Meena",
			    "Kavita", "Asha", "Jaspreet", "Neha", "Pooja", "Lakshmi",
			    "Rekha", "Gurdeep", "Nisha", "Usha")}},
    [NAMES_AFRICAN] = {{LIST("Emmanuel", "Chidi", "Kwame", "Tunde", "Samuel", "Kofi",
			     "Abdi", "Femi", "Joseph", "Tendai", "Obinna", "Yaw",
			     "Daniel", "Sola")},
		       {LIST("Grace", "Ngozi", "Ama", "Blessing", "Funmilayo", "Abena",
			     "Amina", "Chioma", "Esther", "Tendai", "Adaeze", "Akua",
			     "Patience", "Ruth")}},
    [NAMES_CARIBBEAN] = {{LIST("Winston", "Leroy", "Desmond", "Errol", "Delroy",
			       "Marcus", "Andre", "Jerome", "Carlton", "Neville",
			       "Trevor", "Reece")},
			 {LIST("Beverley", "Marcia", "Yvonne", "Sonia", "Gloria",
			       "Cynthia", "Paulette", "Sharon", "Jasmine", "Shanice",
			       "Claudette", "Merlene")}},
    [NAMES_CHINESE] = {{LIST("Wei", "Jun", "Ming", "Hao", "Kin", "Chun", "Lei", "Tao",
			     "Ka Ho", "Yong")},
		       {LIST("Mei", "Li", "Xiu", "Yan", "Hui", "Ying", "Fang", "Siu",
			     "Wing", "Jing")}},
};

static const struct list family[NAMES_COUNT] = {
    [NAMES_BRITISH] =
	LIST("Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson",
	     "Davies", "Robinson", "Wright", "Thompson", "Evans", "Walker", "White",
	     "Roberts", "Green", "Hall", "Wood", "Jackson", "Clarke", "Harrison",
	     "Turner", "Cooper", "Hill", "Ward", "Morris", "Moore", "Clark", "Lee",
	     "King", "Baker", "Harris", "Allen", "Scott", "Parker", "Hughes", "Barker",
	     "Shaw", "Ellis", "Marshall", "Hudson", "Holmes", "Palmer", "Fletcher",
	     "Pearson", "Booth", "Saunders", "Chapman", "Dixon", "Hartley", "Ashworth",
	     "Gibson", "Barnes", "Webster", "Bradley", "Lowe", "Hale", "Naylor",
	     "O'Brien", "Murphy", "Kelly", "Walsh", "Byrne", "Campbell", "Stewart"),
    [NAMES_EUROPEAN] =
	LIST("Kowalski", "Nowak", "Wójcik", "Popescu", "Ionescu", "Kazlauskas", "Rossi",
	     "Silva", "Santos", "Novák", "Horváth", "Dimitrov", "Petrov", "Zieliński",
	     "Ferrari", "Müller", "García", "Lewandowski"),
    [NAMES_MUSLIM] = LIST("Khan", "Hussain", "Ahmed", "Ali", "Begum", "Mahmood",
			  "Akhtar", "Iqbal", "Rahman", "Malik", "Shah", "Mirza",
			  "Chowdhury", "Uddin", "Hassan", "Qureshi", "Aziz", "Miah"),
    [NAMES_INDIAN] = LIST("Patel", "Singh", "Kaur", "Sharma", "Gill", "Dhillon", "Shah",
			  "Mistry", "Desai", "Sandhu", "Nair", "Reddy", "Chauhan",
			  "Perera", "Gurung", "Bains"),
    [NAMES_AFRICAN] =
	LIST("Okafor", "Mensah", "Adeyemi", "Osei", "Moyo", "Boateng", "Okonkwo",
	     "Abdi", "Mohamed", "Ncube", "Eze", "Asante", "Balogun", "Tesfaye"),
    [NAMES_CARIBBEAN] =
	LIST("Campbell", "Grant", "Francis", "Bailey", "Morgan", "Gordon", "Reid",
	     "Henry", "Samuels", "Bennett", "Thomas", "Edwards"),
    [NAMES_CHINESE] = LIST("Chan", "Wong", "Li", "Zhang", "Wang", "Chen", "Lam", "Liu",
			   "Cheung", "Ng"),
};

static const struct list streets = LIST(
    "Alder Close", "Ashfield Road", "Back Lane", "Beechwood Avenue", "Bramley Way",
    "Canal Street", "Chapel Row", "Cherry Tree Drive", "Church Lane", "Coronation Road",
    "Derwent Crescent", "Elm Grove", "Farm Road", "Foundry Street", "Grange Road",
    "Hawthorn Avenue", "High Street", "Hilltop Road", "Kiln Lane", "Larch Close",
    "Linden Road", "Manor Way", "Meadow View", "Mill Lane", "Moor End", "Nelson Street",
    "Orchard Road", "Park Terrace", "Pinfold Lane", "Poplar Street", "Quarry Bank",
    "Queensway", "Railway Terrace", "Ridgeway", "Sandy Lane", "School Road",
    "Spinney Close", "Station Road", "Tannery Row", "Tower Street", "Valley Road",
    "Victoria Street", "Wharf Road", "Willow Drive", "Windmill Lane",
    "Woodlands Avenue", "York Street");

static const char *
pick(struct list l, uint32_t n)
{
	return l.names[n % l.n];
}

const char *
hf_synth_name_given(enum names kind, bool female, int born_year, uint32_t n)
{
	int time = born_year < 1955 ? 0 : born_year < 1986 ? 1 : 2;
	const struct list *l = given[kind][female];

	return pick(l[time].n ? l[time] : l[0], n);
}

const char *
hf_synth_name_family(enum names kind, uint32_t n)
{
	return pick(family[kind], n);
}

const char *
hf_synth_name_street(uint32_t n)
{
	return pick(streets, n);
}

static const struct {
	const char *code, *text;
	enum names names;
	uint32_t share;
} ethnics[ETHNIC_COUNT] = {
#define HF_ETHNIC(name, code, text, names, share) {code, text, NAMES_##names, share},
#include "synth/ethnic.def"
#undef HF_ETHNIC
};

enum names
hf_synth_ethnic_names(enum ethnic e)
{
	return ethnics[e].names;
}

const char *
hf_synth_ethnic_code(enum ethnic e)
{
	return ethnics[e].code;
}

const char *
hf_synth_ethnic_text(enum ethnic e)
{
	return ethnics[e].text;
}

/* The more deprived a small area, the more mixed it is. */
enum ethnic
hf_synth_ethnic_pick(struct hf_rng *rng, int decile)
{
	uint32_t british = ethnics[0].share + (uint32_t)decile * 24 - 132;
	uint32_t at = hf_rng_below(rng, 1000), e = 0;

	if (at < british)
		return ETHNIC_BRITISH;
	at = hf_rng_below(rng, 1000 - ethnics[0].share);
	for (e = 1; e < ETHNIC_COUNT - 1 && at >= ethnics[e].share; e++)
		at -= ethnics[e].share;
	return (enum ethnic)e;
}
