// Forms as the server gives them (docs/interfaces/forms.md), in types.  What a form may
// hold is checked there: here only what is shown and filled in.

export interface Coding {
	system?: string;
	code: string;
	display?: string;
}

export interface Quantity {
	value: number;
	unit?: string;
	system?: string;
	code?: string;
}

export interface Extension {
	url: string;
	valueString?: string;
	valueInteger?: number;
	valueDecimal?: number;
	valueCoding?: Coding;
	valueQuantity?: Quantity;
	valueCodeableConcept?: { coding?: Coding[] };
	valueExpression?: { expression: string };
}

/** value[x] of an answer, an option or a first value. */
export interface Value {
	valueBoolean?: boolean;
	valueDecimal?: number;
	valueInteger?: number;
	valueDate?: string;
	valueDateTime?: string;
	valueTime?: string;
	valueString?: string;
	valueCoding?: Coding;
	valueQuantity?: Quantity;
}

export type ItemType =
	| "group"
	| "display"
	| "boolean"
	| "decimal"
	| "integer"
	| "date"
	| "dateTime"
	| "time"
	| "string"
	| "text"
	| "choice"
	| "open-choice"
	| "quantity";

export interface Condition {
	question: string;
	operator: "exists" | "=" | "!=" | ">" | "<" | ">=" | "<=";
	answerBoolean?: boolean;
	answerDecimal?: number;
	answerInteger?: number;
	answerDate?: string;
	answerDateTime?: string;
	answerTime?: string;
	answerString?: string;
	answerCoding?: Coding;
	answerQuantity?: Quantity;
}

export interface Item {
	linkId: string;
	text?: string;
	type: ItemType;
	required?: boolean;
	repeats?: boolean;
	readOnly?: boolean;
	maxLength?: number;
	enableWhen?: Condition[];
	enableBehavior?: "all" | "any";
	answerOption?: { valueCoding: Coding }[];
	initial?: Value[];
	item?: Item[];
	extension?: Extension[];
}

export interface Questionnaire {
	id: string;
	version: string;
	title: string;
	description?: string;
	copyright?: string;
	extension?: Extension[];
	item: Item[];
}

export interface Level {
	id: string;
	title: string;
	action?: string;
	from?: number;
	to?: number;
}

export interface ScoreTable {
	id: string;
	version: string;
	title: string;
	source: string;
	licence?: string;
	scored: boolean;
	ageMin: number;
	ageMax: number;
	min: number;
	max: number;
	items: { id: string; title: string; unit?: string }[];
	levels: Level[];
}

export interface Form {
	questionnaire: Questionnaire;
	score?: ScoreTable;
}

export interface FormLine {
	id: string;
	title: string;
	version: string;
	description?: string;
	score?: string;
	scoreTitle?: string;
	ageMin?: number;
	ageMax?: number;
}

export interface Finding {
	path: string;
	code: string;
	text: string;
}

export interface Score {
	id: string;
	title: string;
	complete: boolean;
	refused?: string;
	total?: number;
	level?: Level;
	points?: Record<string, number>;
	missing?: { id: string; title: string }[];
	missingText?: string;
	confirm?: { id: string; title: string }[];
	raised?: { task: string; title: string; role: string }[];
}

export interface Checked {
	findings: Finding[];
	reckoned: ({ linkId: string } & Value)[];
	score?: Score;
}

export interface Recorded {
	response: string;
	observation?: string;
	tasks: { ref: string; title: string; role: string; due: string }[];
	score?: Score;
}

export interface ScoreValues {
	score: ScoreTable;
	values: {
		ref: string;
		at?: string;
		complete: boolean;
		total?: number;
		levelText?: string;
		missingText?: string;
		response?: string;
	}[];
	more: boolean;
}

/** QuestionnaireResponse.item. */
export interface Given {
	linkId: string;
	answer?: (Value & { item?: Given[] })[];
	item?: Given[];
}
