// Who this is.  Stays in view; the first line stays on a phone, the rest scrolls.

import { useEffect, useRef, type ReactNode } from "react";
import { Tag } from "nhsuk-react-components";
import { Link } from "wouter";
import { withQuery } from "../base/address";
import { Sign, Verified } from "../base/ui";
import { useNone } from "./limits";
import type { Banner } from "./types";

function Item({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div className="hf-banner__item">
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Alerts({ banner }: { banner: Banner }) {
	const none = useNone();
	return (
		<ul className="hf-banner__alerts" aria-label="Alerts and allergies">
			{banner.alerts.map((a) => (
				<li key={a.ref}>
					<Link href={withQuery({ open: a.ref })} className="hf-alert">
						<Sign of="flag" />{" "}
						<span className="nhsuk-u-visually-hidden">Alert: </span>
						{a.text}
					</Link>
				</li>
			))}
			<li>
				<span
					className={
						banner.allergies.state === "some" ? "hf-alert hf-alert--allergy" : "hf-dim"
					}
				>
					{banner.allergies.state === "some" && (
						<>
							<Sign of="warn" />{" "}
						</>
					)}
					{banner.allergies.state === "some"
						? banner.allergies.text
						: none(banner.allergies.text, "alert").replace(
								/^Not shown to your role\.$/,
								"Alerts and allergies are not shown to your role",
							)}
				</span>
			</li>
		</ul>
	);
}

/** Tells the style sheet how much of the screen the part that stays covers, so that
 *  what gets focus is never hidden behind it. */
function useCovered() {
	const banner = useRef<HTMLElement>(null);
	const line = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const measure = () => {
			const whole = banner.current;
			const part = line.current;
			if (!whole || !part) return;
			const box = getComputedStyle(whole).display === "contents" ? part : whole;
			document.documentElement.style.setProperty(
				"--banner-height",
				`${Math.ceil(box.getBoundingClientRect().height)}px`,
			);
		};
		const watch = new ResizeObserver(measure);
		if (banner.current) watch.observe(banner.current);
		if (line.current) watch.observe(line.current);
		return () => {
			watch.disconnect();
			document.documentElement.style.removeProperty("--banner-height");
		};
	}, []);
	return { banner, line };
}

export function BannerView({ banner, above }: { banner: Banner; above?: ReactNode }) {
	const phone = banner.phones[0];
	const none = useNone();
	const covered = useCovered();
	return (
		<section
			ref={covered.banner}
			className={`hf-banner ${banner.deceased ? "hf-banner--died" : ""}`}
			aria-label="Person"
		>
			<div className="hf-banner__who" ref={covered.line}>
				{above}
				<h1 className="hf-banner__name">{banner.name}</h1>
				{banner.deceased && (
					<Tag modifier="grey">Died{banner.died && ` ${banner.died}`}</Tag>
				)}
				<dl className="hf-banner__line">
					<Item name="Born">
						{banner.bornText ?? "not recorded"}
						{banner.age && ` (${banner.age})`}
					</Item>
					<Item name="Sex">{banner.sex ?? "not recorded"}</Item>
					<Item name="NHS number">
						{banner.nhsNumber ? (
							<>
								<span className="hf-number">{banner.nhsNumber}</span>{" "}
								<Verified ok={banner.nhsNumberVerified} text={banner.nhsNumberStatus} />
							</>
						) : (
							"not recorded"
						)}
					</Item>
				</dl>
			</div>
			<dl className="hf-banner__line hf-banner__line--more">
				<Item name="Address">{banner.address ?? "not recorded"}</Item>
				<Item name="Phone">{phone ? phone.value : "not recorded"}</Item>
				<Item name="GP practice">
					{banner.practice ?? "not recorded"}
					{banner.practicePhone && `, ${banner.practicePhone}`}
				</Item>
				{banner.language && (
					<Item name="Language">
						{banner.language}
						{banner.interpreter && ", interpreter needed"}
					</Item>
				)}
				<Item name={banner.carers.length > 1 ? "Carers" : "Carer"}>
					{banner.carers.length === 0
						? none("none recorded", "contact")
						: banner.carers
								.map((c) => [c.name, c.role && `(${c.role})`, c.phone].filter(Boolean).join(" "))
								.join("; ")}
				</Item>
				{banner.otherNames.length > 0 && (
					<Item name="Also known as">{banner.otherNames.join("; ")}</Item>
				)}
				{banner.linked > 1 && (
					<Item name="Joined from">{banner.linked} records with the same NHS number</Item>
				)}
			</dl>
			<Alerts banner={banner} />
		</section>
	);
}
