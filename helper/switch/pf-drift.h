/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

/**
 * PfDrift:
 *
 * Remembers the values that the helper last left in the routers' registers. Detects changes by others, and
 * limits how often the helper restores the values.
 */
typedef struct _PfDrift PfDrift;

/**
 * PfDriftFunc:
 * @router: PCI address
 * @was: the register as we left it: XUSB2PR, or USB3_PSSEN where only that was changed
 * @is: the same now
 * @who: the likely cause, see pf_drift_find_cause()
 * @user_data: as given to pf_drift_compare()
 */
typedef void (*PfDriftFunc) (
    const char *router, guint32 was, guint32 is, const char *who, gpointer user_data);

PfDrift *pf_drift_new (void);
void pf_drift_free (PfDrift *drift);
void pf_drift_note_resume (PfDrift *drift);
void pf_drift_remember (PfDrift *drift, const PfBoard *board, const PfLoans *loans);
void pf_drift_compare (PfDrift *drift, const PfBoard *board, PfDriftFunc report, gpointer user_data);
PfPlan *pf_drift_plan_restore (PfDrift *drift, const PfBoard *board);
gboolean pf_drift_begin_restore (PfDrift *drift);
void pf_drift_forgive (PfDrift *drift);

G_END_DECLS
