/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ctl-screen.h"

G_BEGIN_DECLS

/**
 * PfCtlTable:
 *
 * Rows and columns of text, laid out to fit a screen, with lines of their own between the rows.
 */
typedef struct _PfCtlTable PfCtlTable;

PfCtlTable *pf_ctl_table_new (const char *const *titles);
void pf_ctl_table_free (PfCtlTable *table);
void pf_ctl_table_set_flexible (PfCtlTable *table, guint column, guint min_width);
void pf_ctl_table_cut_middle (PfCtlTable *table, guint column);
void pf_ctl_table_align_right (PfCtlTable *table, guint column);
void pf_ctl_table_add_row (PfCtlTable *table, const char *const *cells);
void pf_ctl_table_style_cell (PfCtlTable *table, guint column, PfCtlStyle style);
void pf_ctl_table_add_line (PfCtlTable *table, guint indent, PfCtlStyle style, const char *text);
void pf_ctl_table_add_paragraph (PfCtlTable *table, guint indent, PfCtlStyle style, const char *text);
char *pf_ctl_table_to_string (const PfCtlTable *table, const PfCtlScreen *screen);
void pf_ctl_table_print (const PfCtlTable *table, const PfCtlScreen *screen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfCtlTable, pf_ctl_table_free)

G_END_DECLS
