// What the day list keeps on the device (docs/safety/threat-model.md, F8).
//
// Everything about a person is encrypted with AES-GCM.  The key comes from the server,
// is the user's own, and lies here, not to be taken out, only while their session
// lasts: forgetDevice() takes key and list away.  What was not sent yet stays behind as
// bytes that nobody can read until the same user signs in on this device again.

import type { Session } from "../access/types";
import type { Draft, KeptList } from "./offlineTypes";

const base = "homefirst-day";
const draftsLast = 7 * 864e5;

interface KeptKey {
	name: "key";
	user: string;
	ends: number;
	key: CryptoKey;
}
interface Sealed {
	user: string;
	iv: Uint8Array<ArrayBuffer>;
	bytes: ArrayBuffer;
}
interface SealedList extends Sealed {
	name: "list";
	ends: number;
}
interface SealedTyped extends Sealed {
	/** "typed …" */
	name: string;
}
interface SealedDraft extends Sealed {
	key?: number;
	expires: number;
}

/** This browser cannot keep anything: not a secure context, or storage is off. */
export class NothingKept extends Error {}

function openBase(): Promise<IDBDatabase> {
	return new Promise((done, fail) => {
		if (typeof indexedDB === "undefined" || !globalThis.crypto?.subtle) {
			fail(new NothingKept());
			return;
		}
		const asked = indexedDB.open(base, 1);
		asked.onupgradeneeded = () => {
			asked.result.createObjectStore("kept", { keyPath: "name" });
			asked.result.createObjectStore("drafts", { keyPath: "key", autoIncrement: true });
		};
		asked.onsuccess = () => done(asked.result);
		asked.onerror = () => fail(new NothingKept());
		asked.onblocked = () => fail(new NothingKept());
	});
}

/** One transaction; its result is there once it is on the disk. */
async function within<T>(
	store: "kept" | "drafts",
	mode: IDBTransactionMode,
	work: (of: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
	const db = await openBase();
	try {
		return await new Promise<T>((done, fail) => {
			const t = db.transaction(store, mode);
			const asked = work(t.objectStore(store));
			t.oncomplete = () => done(asked.result);
			t.onabort = t.onerror = () => fail(t.error ?? new NothingKept());
		});
	} finally {
		db.close();
	}
}

// ---- sealing ----

const textOf = new TextDecoder();
const bytesOf = new TextEncoder();
/** Bound to whose it is and what it is: one cannot be put in another's place. */
const beside = (user: string, what: string) => bytesOf.encode(`${what} ${user}`);

async function seal(key: CryptoKey, user: string, what: string, value: unknown): Promise<Sealed> {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const bytes = await crypto.subtle.encrypt(
		{ name: "AES-GCM", iv, additionalData: beside(user, what) },
		key,
		bytesOf.encode(JSON.stringify(value)),
	);
	return { user, iv, bytes };
}

async function unseal<T>(key: CryptoKey, what: string, sealed: Sealed): Promise<T> {
	const plain = await crypto.subtle.decrypt(
		{ name: "AES-GCM", iv: sealed.iv, additionalData: beside(sealed.user, what) },
		key,
		sealed.bytes,
	);
	return JSON.parse(textOf.decode(plain)) as T;
}

// ---- whose device it is now ----

/** Whose drafts and list these are: a user in a role.  As another role the same person
 *  may do other things. */
export function whoOf(session: Session | undefined): string | undefined {
	if (!session) return undefined;
	if (session.trial) return "trial";
	const a = session.actor;
	return session.signedIn && a ? `${a.id} ${a.roleCode ?? ""} ${a.orgCode ?? ""}` : undefined;
}

const readKey = () =>
	within<KeptKey | undefined>("kept", "readonly", (s) => s.get("key") as IDBRequest<KeptKey | undefined>);

/** The key of a session that has not ended by the clock; else nothing is left here. */
async function livingKey(): Promise<KeptKey | undefined> {
	const kept = await readKey();
	if (!kept || kept.ends > Date.now()) return kept;
	await forgetDevice();
	return undefined;
}

/** user works on this device until ends.  fetchKey asks the server for 32 bytes in
 *  base64 and is called only when the key is not here yet. */
export async function beginDevice(user: string, ends: number, fetchKey: () => Promise<string>) {
	const kept = await livingKey();
	if (kept && kept.user === user && kept.ends === ends) return;
	if (kept && kept.user !== user) await forgetDevice();
	const raw = Uint8Array.from(atob(await fetchKey()), (c) => c.charCodeAt(0));
	const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
	raw.fill(0);
	await within("kept", "readwrite", (s) =>
		s.put({ name: "key", user, ends, key } satisfies KeptKey),
	);
}

/** At sign-out and when a session is over: the list and the key go.  Never fails. */
export async function forgetDevice() {
	try {
		await within("kept", "readwrite", (s) => s.clear());
	} catch {
		// Nothing can be kept here, so nothing is.
	}
}

// ---- the list ----

export async function keepList(list: KeptList["list"]) {
	const key = await livingKey();
	if (!key) return;
	const sealed = await seal(key.key, key.user, "list", list);
	await within("kept", "readwrite", (s) =>
		s.put({ ...sealed, name: "list", ends: key.ends } satisfies SealedList),
	);
}

/** The list kept last, by whoever is signed in or was when the network went. */
export async function keptList(): Promise<KeptList | undefined> {
	const key = await livingKey();
	if (!key) return undefined;
	const kept = await within<SealedList | undefined>(
		"kept",
		"readonly",
		(s) => s.get("list") as IDBRequest<SealedList | undefined>,
	);
	if (!kept || kept.user !== key.user) return undefined;
	return { user: key.user, ends: key.ends, list: await unseal(key.key, "list", kept) };
}

// ---- what waits to be sent ----

export async function addDraft(draft: Omit<Draft, "key">): Promise<number> {
	const key = await livingKey();
	if (!key) throw new NothingKept();
	const sealed = await seal(key.key, key.user, "draft", draft);
	const n = await within("drafts", "readwrite", (s) =>
		s.add({ ...sealed, expires: Date.now() + draftsLast } satisfies SealedDraft),
	);
	return Number(n);
}

export async function changeDraft({ key: n, ...draft }: Draft) {
	const key = await livingKey();
	if (!key) throw new NothingKept();
	const sealed = await seal(key.key, key.user, "draft", draft);
	await within("drafts", "readwrite", (s) =>
		s.put({ ...sealed, key: n, expires: Date.now() + draftsLast } satisfies SealedDraft),
	);
}

export async function removeDraft(key: number) {
	await within("drafts", "readwrite", (s) => s.delete(key));
}

const allDrafts = () =>
	within<SealedDraft[]>("drafts", "readonly", (s) => s.getAll() as IDBRequest<SealedDraft[]>);

/** This user's, in the order in which they were made; and how many ran out unsent. */
export async function keptDrafts(): Promise<{ drafts: Draft[]; expired: number }> {
	const key = await livingKey();
	if (!key) return { drafts: [], expired: 0 };
	const drafts: Draft[] = [];
	let expired = 0;
	for (const sealed of await allDrafts()) {
		if (sealed.key === undefined) continue;
		if (sealed.expires < Date.now()) {
			if (sealed.user === key.user) expired++;
			await removeDraft(sealed.key);
		} else if (sealed.user === key.user) {
			const draft = await unseal<Omit<Draft, "key">>(key.key, "draft", sealed);
			drafts.push({ ...draft, key: sealed.key });
		}
	}
	return { drafts, expired };
}

/** How many of user's are not sent yet; 0 where nothing can be kept. */
export async function unsent(user: string): Promise<number> {
	try {
		return (await allDrafts()).filter((d) => d.user === user && d.expires > Date.now()).length;
	} catch {
		return 0;
	}
}

// ---- what is being typed ----
// Goes with the list when the session ends; never fails: it is a convenience.

export async function keepTyped(name: string, value: unknown) {
	try {
		const key = await livingKey();
		if (!key) return;
		const sealed = await seal(key.key, key.user, name, value);
		await within("kept", "readwrite", (s) =>
			s.put({ ...sealed, name: `typed ${name}` } satisfies SealedTyped),
		);
	} catch {
		// It stays on the page.
	}
}

export async function keptTyped<T>(name: string): Promise<T | undefined> {
	try {
		const key = await livingKey();
		if (!key) return undefined;
		const kept = await within<SealedTyped | undefined>(
			"kept",
			"readonly",
			(s) => s.get(`typed ${name}`) as IDBRequest<SealedTyped | undefined>,
		);
		return kept?.user === key.user ? await unseal<T>(key.key, name, kept) : undefined;
	} catch {
		return undefined;
	}
}

export async function dropTyped(name: string) {
	try {
		await within("kept", "readwrite", (s) => s.delete(`typed ${name}`));
	} catch {
		// Nothing was kept.
	}
}
