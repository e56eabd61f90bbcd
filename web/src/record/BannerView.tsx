// Who this is.  Stays in view; the first line stays on a phone, the rest scrolls.

import { Tag } from "nhsuk-react-components";
import { Link } from "wouter";
import { withQuery } from "../base/address";
import { Verified } from "../base/ui";
import type { Banner } from "./types";

function Item({ name, children }: { name: string; children: React.ReactNode }) {
	return (
		<div className="hf-banner__item">
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Alerts({ banner }: { banner: Banner }) {
	return (
		<ul className="hf-banner__alerts" aria-label="Alerts and allergies">
			{banner.alerts.map((a) => (
				<li key={a.ref}>
					<Link href={withQuery({ open: a.ref })} className="hf-alert">
						<span aria-hidden="true">⚑ </span>
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
					{banner.allergies.state === "some" && <span aria-hidden="true">▲ </span>}
					{banner.allergies.text}
				</span>
			</li>
		</ul>
	);
}

export function BannerView({ banner }: { banner: Banner }) {
	const phone = banner.phones[0];
	return (
		<section
			className={`hf-banner ${banner.deceased ? "hf-banner--died" : ""}`}
			aria-label="Person"
		>
			<div className="hf-banner__who">
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
						? "none recorded"
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
