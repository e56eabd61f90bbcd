// Person search as you type: a combobox with a list box (ARIA 1.2 pattern).
// Typing waits a moment before it asks; a later answer never overtakes an earlier
// question; what was typed stays whatever fails.

import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useLocation, useSearch } from "wouter";
import { ApiError, ask } from "../base/api";
import { plural } from "../base/format";
import type { People, PersonLine } from "../record/types";

const wait = 120; // ms after the last key
const shown = 8;

export function focusSearch() {
	const fields = document.querySelectorAll<HTMLInputElement>("input[data-person-search]");
	// The big one of the start page when it is there, else the one in the header.
	const field = fields[fields.length - 1];
	field?.focus();
	field?.select();
}

function useFound(q: string) {
	const [found, setFound] = useState<{ q: string; data?: People; error?: ApiError }>({ q: "" });
	useEffect(() => {
		if (q.trim().length < 2) return;
		const stop = new AbortController();
		const timer = setTimeout(() => {
			ask<People>(`/api/people?q=${encodeURIComponent(q)}&limit=${shown}`, stop.signal).then(
				(data) => setFound({ q, data }),
				(e: unknown) => {
					if (!stop.signal.aborted && e instanceof ApiError) setFound({ q, error: e });
				},
			);
		}, wait);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [q]);
	return found;
}

function Option({ person, id, active }: { person: PersonLine; id: string; active: boolean }) {
	return (
		<div className="hf-option" id={id} role="option" aria-selected={active}>
			<span className="hf-option__name">{person.name}</span>
			<span className="hf-option__facts">
				{person.bornText && `born ${person.bornText}`}
				{person.age && ` (${person.age})`}
				{person.deceased && " · died"}
				{person.sex && ` · ${person.sex}`}
				{person.nhsNumber && ` · ${person.nhsNumber}`}
			</span>
			<span className="hf-option__facts">
				{person.address ?? "no address recorded"}
				{person.practice && ` · ${person.practice}`}
			</span>
		</div>
	);
}

/** onChoose: the person is chosen for what stands on the page, not opened. */
export function PersonSearch({ big = false, onChoose, autoFocus = false }: {
	big?: boolean;
	onChoose?: (person: PersonLine) => void;
	autoFocus?: boolean;
}) {
	const id = useId();
	const [, go] = useLocation();
	const address = useSearch();
	const [q, setQ] = useState(() => (onChoose ? "" : (new URLSearchParams(address).get("q") ?? "")));
	const [open, setOpen] = useState(false);
	const [active, setActive] = useState(-1);
	const box = useRef<HTMLDivElement>(null);
	const found = useFound(open ? q : "");
	const now = found.q === q ? found : { q };
	const people = (found.q === q || q.startsWith(found.q) ? found.data?.people : undefined) ?? [];
	const typed = q.trim().length >= 2;
	const list = open && typed;

	useEffect(() => {
		const away = (e: PointerEvent) => {
			if (!box.current?.contains(e.target as Node)) setOpen(false);
		};
		document.addEventListener("pointerdown", away);
		return () => document.removeEventListener("pointerdown", away);
	}, []);

	const openPerson = (p: PersonLine) => {
		setOpen(false);
		setActive(-1);
		setQ("");
		if (onChoose) {
			onChoose(p);
			return;
		}
		go(`/people/${encodeURIComponent(p.id)}`);
	};
	const openAll = () => {
		const only = people.length === 1 && found.q === q ? people[0] : undefined;
		if (onChoose) {
			if (only) openPerson(only);
			return;
		}
		setOpen(false);
		if (q.trim()) go(`/people?q=${encodeURIComponent(q.trim())}`);
	};
	const onKeyDown = (e: KeyboardEvent) => {
		if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			e.preventDefault();
			setOpen(true);
			const step = e.key === "ArrowDown" ? 1 : -1;
			const n = people.length;
			if (n) setActive((a) => (a < 0 && step < 0 ? n - 1 : (a + step + n) % n));
		} else if (e.key === "Enter") {
			e.preventDefault();
			const chosen = people[active];
			if (list && chosen) openPerson(chosen);
			else openAll();
		} else if (e.key === "Escape") {
			if (open && typed) setOpen(false);
			else setQ("");
			setActive(-1);
		}
	};
	// When exactly the whole answer is here, say so; else say nothing yet.
	const said = !list
		? ""
		: now.error
			? now.error.message
			: now.data
				? now.data.people.length === 0
					? (now.data.hint ?? "Nobody found.")
					: `${plural(now.data.people.length, "person", "people")}${now.data.more ? " or more" : ""} found. Use the arrow keys.`
				: "";

	return (
		<div className={`hf-search ${big ? "hf-search--big" : ""}`} ref={box} role="search" aria-label={onChoose ? "Whom it is about" : undefined}>
			<label htmlFor={`${id}-q`} className={big ? "hf-search__label" : "nhsuk-u-visually-hidden"}>
				Name, date of birth, NHS number or postcode
			</label>
			<div className="hf-search__field">
				<input
					id={`${id}-q`}
					className="nhsuk-input hf-search__input"
					type="text"
					role="combobox"
					data-person-search
					// eslint-disable-next-line jsx-a11y/no-autofocus
					autoFocus={autoFocus}
					autoComplete="off"
					autoCapitalize="off"
					spellCheck={false}
					enterKeyHint="search"
					placeholder={big ? undefined : "Search for a person"}
					aria-expanded={list && people.length > 0}
					aria-controls={`${id}-list`}
					aria-autocomplete="list"
					aria-activedescendant={list && active >= 0 ? `${id}-${active}` : undefined}
					value={q}
					onFocus={() => setOpen(true)}
					onBlur={(e) => {
						if (!box.current?.contains(e.relatedTarget)) setOpen(false);
					}}
					onChange={(e) => {
						setQ(e.target.value);
						setOpen(true);
						setActive(-1);
					}}
					onKeyDown={onKeyDown}
				/>
				<button type="button" className="hf-search__go" onClick={openAll} hidden={!!onChoose}>
					<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
						<path
							d="m20.7 19.3-4.1-4.1a7 7 0 1 0-1.4 1.4l4.1 4.1zM5.5 11a5.5 5.5 0 1 1 11 0 5.5 5.5 0 0 1-11 0"
							fill="currentColor"
						/>
					</svg>
					<span className={big ? "" : "nhsuk-u-visually-hidden"}>Search</span>
				</button>
			</div>
			{big && (
				<p className="hf-search__hint">
					For example: smith john · 3/3/1942 · 3 March 1942 · 999 000 0018 · a postcode.
					Parts in any order.
				</p>
			)}
			<div
				id={`${id}-list`}
				role="listbox"
				aria-label="People found"
				className="hf-search__list"
				hidden={!list || people.length === 0}
			>
				{list &&
					people.map((p, i) => (
						<div
							key={p.id}
							role="presentation"
							onPointerMove={() => setActive(i)}
							onClick={() => openPerson(p)}
						>
							<Option person={p} id={`${id}-${i}`} active={i === active} />
						</div>
					))}
			</div>
			{list && now.data && people.length === 0 && (
				<p className="hf-search__none">{now.data.hint ?? "Nobody found."}</p>
			)}
			{list && now.data?.more && (
				<p className="hf-search__more">
					There are more. {onChoose ? "Add" : "Press Enter for the whole list, or add"} a date of
					birth.
				</p>
			)}
			{list && now.error && <p className="hf-search__none">{now.error.message}</p>}
			<p className="nhsuk-u-visually-hidden" role="status" aria-live="polite">
				{said}
			</p>
		</div>
	);
}
