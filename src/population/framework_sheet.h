/* framework_sheet.h - reports as tables: CSV, a workbook, lines for a terminal.  Pure.
 */
#ifndef HF_POPULATION_FRAMEWORK_SHEET_H
#define HF_POPULATION_FRAMEWORK_SHEET_H

#include "population/framework_report.h"
#include "sheet/sheet.h"

/* A book with a sheet of all rows (measure, version, hash, area, period, figure) and
 * one of what the measures are.  One row a figure; the same report gives the same
 * bytes. */
struct hf_book *hf_pop_report_book(const struct hf_pop_report *r,
				   struct hf_arena *arena);

/* For a terminal: a line an area with its last twelve months, and what the chart says.
 */
void hf_pop_report_text(const struct hf_pop_report *r, struct hf_buf *out);

#endif
