// A form as fields: any Questionnaire that the server has, for pages of its own and to
// stand within others.  It keeps nothing: what was typed comes in and goes out.

import { useId, useMemo, type ReactNode } from "react";
import { Area, Check, Field, Radios, Select, type Wrong } from "../base/form";
import { Sign } from "../base/ui";
import {
	helpOf,
	isAsked,
	isHelp,
	isReckoned,
	loops,
	placeIn,
	placesOf,
	prefixOf,
	timesOf,
	unitsOf,
	withoutTurn,
	type Answers,
	type Place,
} from "./answers";
import type { Checked, Form, Item, Value } from "./types";

export interface FormFieldsProps {
	form: Form;
	value: Answers;
	onChange: (next: Answers) => void;
	/** What is wrong, by place. */
	wrong?: Wrong;
	/** What the server found as one typed: reckoned values, extreme ones. */
	checked?: Checked | undefined;
	/** Extreme values that were looked at again. */
	confirmed?: string[];
	onConfirm?: (id: string, on: boolean) => void;
	/** What ids begin with; the form's own when it stands alone. */
	base?: string;
}

interface Inside {
	props: FormFieldsProps;
	base: string;
	places: Map<string, Place>;
	/** Some questions are required: the others say that they are optional. */
	marks: boolean;
}

/** The id of the field at a place. */
export const fieldId = (base: string, place: string) => `${base}-${place.replace(/[^A-Za-z0-9-]/g, "_")}`;

const yesNo = [
	{ code: "true", text: "Yes" },
	{ code: "false", text: "No" },
];

const unitText: Record<string, string> = { "mm[Hg]": "mmHg", Cel: "°C", "/min": "per minute" };

function valuesAt(inside: Inside, place: string): string[] {
	return inside.props.value.values[place] ?? [];
}

function setAt(inside: Inside, place: string, next: string[]) {
	const { value, onChange } = inside.props;
	onChange({ ...value, values: { ...value.values, [place]: next } });
}

/** What is said at a place: wrong at sending, or impossible as one typed. */
function errorAt(inside: Inside, place: string): string | undefined {
	const { wrong, checked } = inside.props;
	const found = checked?.findings.find((f) => f.path === place && f.code === "value");
	return wrong?.[place] ?? (found ? sentence(found.text) : undefined);
}

export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const labelOf = (inside: Inside, item: Item) => {
	const unit = unitsOf(item).length === 1 ? unitsOf(item)[0] : undefined;
	return `${item.text ?? item.linkId}${unit ? ` (${unitText[unit.code] ?? unit.display ?? unit.code})` : ""}${inside.marks && !item.required ? " (optional)" : ""}`;
};

/** Takes an answer back that cannot be unchosen by itself. */
function Clear({ inside, place, label }: { inside: Inside; place: string; label: string }) {
	return (
		<button type="button" className="hf-button hf-button--quiet hf-form__clear" onClick={() => setAt(inside, place, [])}>
			Clear<span className="nhsuk-u-visually-hidden"> {label}</span>
		</button>
	);
}

function Chosen({ inside, item, place }: { inside: Inside; item: Item; place: string }) {
	const id = fieldId(inside.base, place);
	const label = labelOf(inside, item);
	const typed = valuesAt(inside, place);
	const shown = {
		id,
		label,
		hint: helpOf(item),
		error: errorAt(inside, place),
		value: typed[0] ?? "",
		onChange: (v: string) => setAt(inside, place, v ? [v] : []),
	};
	const options =
		item.type === "boolean"
			? yesNo
			: (item.answerOption ?? []).map((o) => ({ code: `=${o.valueCoding.code}`, text: o.valueCoding.display ?? o.valueCoding.code }));
	if (options.length > 7) return <Select {...shown} choices={options} empty="Not answered" />;
	const open = item.type === "open-choice";
	const other = open && shown.value.startsWith("~");
	const short = options.length <= 5 && options.reduce((n, o) => n + o.text.length, 0) < 60;
	return (
		<>
			<Radios
				{...shown}
				value={other ? "~" : shown.value}
				choices={open ? [...options, { code: "~", text: "Something else" }] : options}
				inline={short}
			/>
			{other && (
				<Field
					label={`${item.text ?? ""}: what else`}
					value={shown.value.slice(1)}
					onChange={(v) => setAt(inside, place, [`~${v}`])}
					maxLength={300}
				/>
			)}
			{!item.initial && !item.required && shown.value && <Clear inside={inside} place={place} label={label} />}
		</>
	);
}

/** Several of some options; a text of one's own where the form lets one. */
function ChosenSeveral({ inside, item, place }: { inside: Inside; item: Item; place: string }) {
	const id = fieldId(inside.base, place);
	const typed = valuesAt(inside, place);
	const error = errorAt(inside, place);
	const own = typed.find((v) => v.startsWith("~"));
	const hint = helpOf(item);
	const toggle = (code: string, on: boolean) => setAt(inside, place, on ? [...typed, code] : typed.filter((v) => v !== code));
	return (
		<fieldset
			className={`hf-field hf-checks ${error ? "hf-field--wrong" : ""}`}
			aria-describedby={[`${id}-hint`, error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined}
		>
			<legend className="hf-field__label">{labelOf(inside, item)}</legend>
			<div id={`${id}-hint`} className="hf-field__hint">
				{hint ?? "Choose all that apply"}
			</div>
			{error && (
				<p id={`${id}-error`} className="hf-field__error">
					<span className="nhsuk-u-visually-hidden">Error:</span> {error}
				</p>
			)}
			{(item.answerOption ?? []).map((o, i) => (
				<Check
					key={o.valueCoding.code}
					{...(i === 0 ? { id } : {})}
					label={o.valueCoding.display ?? o.valueCoding.code}
					checked={typed.includes(`=${o.valueCoding.code}`)}
					onChange={(on) => toggle(`=${o.valueCoding.code}`, on)}
				/>
			))}
			{item.type === "open-choice" && (
				<Field
					label="Something else"
					value={own?.slice(1) ?? ""}
					maxLength={300}
					onChange={(v) => setAt(inside, place, [...typed.filter((x) => !x.startsWith("~")), ...(v ? [`~${v}`] : [])])}
				/>
			)}
		</fieldset>
	);
}

const kinds = { date: "date", dateTime: "datetime-local", time: "time" } as const;

interface TypedProps {
	inside: Inside;
	item: Item;
	place: string;
	nth?: number;
	label: string;
	typed: string;
	onTyped: (v: string) => void;
}

function TypedField({ inside, item, place, nth = 0, label, typed, onTyped }: TypedProps) {
	const shown = {
		id: nth ? `${fieldId(inside.base, place)}-${nth}` : fieldId(inside.base, place),
		label,
		hint: nth ? undefined : helpOf(item),
		error: nth ? undefined : errorAt(inside, place),
		value: typed,
		onChange: onTyped,
		...(item.maxLength ? { maxLength: item.maxLength } : {}),
	};
	switch (item.type) {
		case "text":
			return <Area {...shown} rows={3} />;
		case "integer":
			return <Field {...shown} width="number" inputMode="numeric" maxLength={12} />;
		case "decimal":
			return <Field {...shown} width="number" inputMode="decimal" maxLength={16} />;
		case "date":
		case "dateTime":
		case "time":
			return <Field {...shown} type={kinds[item.type]} width="middle" />;
		case "quantity":
			return <Measured inside={inside} item={item} place={place} shown={shown} />;
		default:
			return <Field {...shown} />;
	}
}

function Measured(props: { inside: Inside; item: Item; place: string; shown: { id: string; label: string; value: string; onChange: (v: string) => void } }) {
	const units = unitsOf(props.item);
	const [number = "", unit = ""] = props.shown.value.split(" ");
	const code = unit || (units[0]?.code ?? "");
	const put = (n: string, u: string) => props.shown.onChange(n ? `${n} ${u}` : "");
	return (
		<div className="hf-measure">
			<Field
				{...props.shown}
				width="number"
				inputMode="decimal"
				maxLength={16}
				value={number}
				onChange={(n) => put(n.replaceAll(" ", ""), code)}
			/>
			{units.length > 1 && (
				<Select
					label={`Unit of ${props.item.text ?? ""}`}
					value={code}
					onChange={(u) => put(number, u)}
					choices={units.map((u) => ({ code: u.code, text: u.display ?? u.code }))}
				/>
			)}
		</div>
	);
}

/** A question that takes several answers: a field each, and one more when asked for. */
function Repeated({ inside, item, place }: { inside: Inside; item: Item; place: string }) {
	const typed = valuesAt(inside, place);
	const shown = typed.length ? typed : [""];
	const label = labelOf(inside, item);
	return (
		<div className="hf-repeat">
			{shown.map((v, n) => (
				<div key={n} className="hf-repeat__one">
					<TypedField
						inside={inside}
						item={item}
						place={place}
						nth={n}
						label={shown.length > 1 ? `${label} (${n + 1})` : label}
						typed={v}
						onTyped={(next) => setAt(inside, place, shown.map((x, k) => (k === n ? next : x)))}
					/>
					{shown.length > 1 && (
						<button
							type="button"
							className="hf-button hf-button--quiet"
							onClick={() => setAt(inside, place, shown.filter((_, k) => k !== n))}
						>
							Remove<span className="nhsuk-u-visually-hidden"> {`${label} (${n + 1})`}</span>
						</button>
					)}
				</div>
			))}
			<button type="button" className="hf-button" onClick={() => setAt(inside, place, [...shown, ""])}>
				Add another<span className="nhsuk-u-visually-hidden"> {label}</span>
			</button>
		</div>
	);
}

/** A value that the server worked out. */
function reckonedText(item: Item, v: Value | undefined): string {
	if (!v) return "not known yet";
	const n = v.valueDecimal ?? v.valueInteger ?? v.valueQuantity?.value;
	const unit = unitsOf(item)[0];
	if (n !== undefined) return `${n}${unit ? ` ${unit.display ?? unit.code}` : ""}`;
	if (v.valueBoolean !== undefined) return v.valueBoolean ? "yes" : "no";
	return v.valueCoding?.display ?? v.valueString ?? "";
}

function Question({ inside, item, prefix }: { inside: Inside; item: Item; prefix: string }) {
	const place = placeIn(prefix, item);
	const { checked, confirmed, onConfirm } = inside.props;
	if (isReckoned(item)) {
		const found = checked?.reckoned.find((r) => r.linkId === item.linkId);
		return (
			<p className="hf-reckoned" aria-live="polite">
				<span className="hf-field__label">{item.text}</span> <output>{reckonedText(item, found)}</output>
			</p>
		);
	}
	const extreme = checked?.score?.confirm?.some((c) => c.id === item.linkId);
	let field: ReactNode;
	if (item.repeats && item.answerOption) field = <ChosenSeveral inside={inside} item={item} place={place} />;
	else if (item.type === "boolean" || item.answerOption) field = <Chosen inside={inside} item={item} place={place} />;
	else if (item.repeats) field = <Repeated inside={inside} item={item} place={place} />;
	else
		field = (
			<TypedField
				inside={inside}
				item={item}
				place={place}
				label={labelOf(inside, item)}
				typed={valuesAt(inside, place)[0] ?? ""}
				onTyped={(v) => setAt(inside, place, v ? [v] : [])}
			/>
		);
	return (
		<>
			{field}
			{extreme && onConfirm && (
				<div className="hf-warning hf-form__extreme">
					<p>
						<Sign of="warn" /> This value is extreme. Look again.
					</p>
					<Check
						label={`I looked again: ${item.text?.toLowerCase() ?? "it"} is right`}
						checked={confirmed?.includes(item.linkId) ?? false}
						onChange={(on) => onConfirm(item.linkId, on)}
					/>
				</div>
			)}
		</>
	);
}

function Turns({ inside, item, depth }: { inside: Inside; item: Item; depth: number }) {
	const { value, onChange } = inside.props;
	const n = timesOf(value, item);
	return (
		<div className="hf-repeat">
			{Array.from({ length: n }, (_, k) => (
				<fieldset key={k} className="hf-group hf-group--turn">
					<legend>{n > 1 ? `${item.text ?? ""} (${k + 1})` : item.text}</legend>
					{errorAt(inside, `${item.linkId}[${k}]`) && <p className="hf-field__error">{errorAt(inside, `${item.linkId}[${k}]`)}</p>}
					<Items inside={inside} items={item.item ?? []} prefix={prefixOf(item, k)} depth={depth + 1} />
					{n > 1 && (
						<button type="button" className="hf-button hf-button--quiet" onClick={() => onChange(withoutTurn(value, item, k))}>
							Remove<span className="nhsuk-u-visually-hidden"> {`${item.text ?? ""} (${k + 1})`}</span>
						</button>
					)}
				</fieldset>
			))}
			<button
				type="button"
				className="hf-button"
				id={fieldId(inside.base, item.linkId)}
				onClick={() => onChange({ ...value, times: { ...value.times, [item.linkId]: Math.min(50, n + 1) } })}
			>
				Add another<span className="nhsuk-u-visually-hidden"> {item.text}</span>
			</button>
			{errorAt(inside, item.linkId) && <p className="hf-field__error">{errorAt(inside, item.linkId)}</p>}
		</div>
	);
}

function Items({ inside, items, prefix, depth }: { inside: Inside; items: Item[]; prefix: string; depth: number }) {
	const { value } = inside.props;
	return (
		<div className="hf-form__items">
			{items.map((item) => {
				if (isHelp(item) || !isAsked(inside.places, value, item, prefix)) return null;
				if (item.type === "display")
					return (
						<p key={item.linkId} className="hf-form__say">
							{item.text}
						</p>
					);
				if (loops(item)) return <Turns key={item.linkId} inside={inside} item={item} depth={depth} />;
				if (item.type === "group")
					return (
						<fieldset key={item.linkId} className={`hf-group ${depth ? "hf-group--inner" : ""}`}>
							{item.text && <legend>{item.text}</legend>}
							<Items inside={inside} items={item.item ?? []} prefix={prefix} depth={depth + 1} />
						</fieldset>
					);
				return (
					<div key={item.linkId} className={`hf-form__item ${isShort(item) ? "hf-form__item--short" : ""}`}>
						<Question inside={inside} item={item} prefix={prefix} />
						{(item.item ?? []).some((i) => !isHelp(i)) && (
							<Items inside={inside} items={item.item ?? []} prefix={prefix} depth={depth + 1} />
						)}
					</div>
				);
			})}
		</div>
	);
}

const shortTypes = new Set(["integer", "decimal", "quantity", "date", "dateTime", "time"]);

/** May it stand beside others? */
const isShort = (item: Item) =>
	shortTypes.has(item.type) && !item.repeats && !isReckoned(item);

/** Fields of a form.  It is no <form>: whoever embeds it sends. */
export function FormFields(props: FormFieldsProps) {
	const made = useId().replaceAll(":", "");
	const base = props.base ?? made;
	const { questionnaire } = props.form;
	const places = useMemo(() => placesOf(questionnaire), [questionnaire]);
	const marks = useMemo(() => [...places.values()].some((p) => p.item.required && !p.item.enableWhen), [places]);
	return (
		<div className="hf-form">
			<Items inside={{ props, base, places, marks }} items={questionnaire.item} prefix="" depth={0} />
		</div>
	);
}
