// A QR code, drawn in the browser: what it says is sent nowhere.

import { useMemo } from "react";
import encodeQR from "qr";

export function Qr({ text, label }: { text: string; label: string }) {
	const [size, path] = useMemo(() => {
		const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
		const d = rows
			.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")).join(""))
			.join("");
		return [rows.length, d];
	}, [text]);
	return (
		<svg
			className="hf-qr"
			viewBox={`0 0 ${size} ${size}`}
			role="img"
			aria-label={label}
			shapeRendering="crispEdges"
		>
			<rect width={size} height={size} fill="#fff" />
			<path d={path} fill="#000" />
		</svg>
	);
}
