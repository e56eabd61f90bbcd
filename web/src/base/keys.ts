// Single-key shortcuts: off while typing, off when the reader turned them off
// (WCAG 2.1.4), and never with Ctrl, Alt or Meta held.

import { useEffect, useSyncExternalStore } from "react";

const name = "homefirst.keys";
const listeners = new Set<() => void>();

export function keysOn(): boolean {
	try {
		return localStorage.getItem(name) !== "off";
	} catch {
		return true;
	}
}

export function setKeysOn(on: boolean) {
	try {
		if (on) localStorage.removeItem(name);
		else localStorage.setItem(name, "off");
	} catch {
		// A browser that keeps nothing: the choice lasts as long as the default.
	}
	for (const tell of listeners) tell();
}

export function useKeysOn(): boolean {
	return useSyncExternalStore(
		(tell) => {
			listeners.add(tell);
			return () => listeners.delete(tell);
		},
		keysOn,
		() => true,
	);
}

function typing(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	return (
		target.isContentEditable ||
		["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)
	);
}

/** Calls the function named by the key ("/", "?"), or by two keys within a second
 *  ("g s"). */
export function useKeys(table: Record<string, () => void>) {
	useEffect(() => {
		let first = "";
		let since = 0;
		const down = (e: KeyboardEvent) => {
			if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented) return;
			if (typing(e.target) || !keysOn()) return;
			if (document.querySelector("dialog[open]") && e.key !== "?") return;
			const two = first && e.timeStamp - since < 1500 ? `${first} ${e.key}` : "";
			const run = (two && table[two]) || table[e.key];
			first = e.key;
			since = e.timeStamp;
			if (!run) return;
			e.preventDefault();
			first = "";
			run();
		};
		document.addEventListener("keydown", down);
		return () => document.removeEventListener("keydown", down);
	}, [table]);
}
