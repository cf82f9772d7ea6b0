/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-executor.h"

G_BEGIN_DECLS

/**
 * PfLedger:
 *
 * What Portferry itself has lent, and the file in /run/portferry that says so. Every change is on disk before
 * the call that makes it returns.
 */
typedef struct _PfLedger PfLedger;

/**
 * PfLedgerChange:
 * @loans: what is lent, to change
 * @user_data: as given to pf_ledger_change()
 *
 * Returns: whether it was changed
 */
typedef gboolean (*PfLedgerChange) (PfLoans *loans, gpointer user_data);

PfLedger *pf_ledger_new (const char *folder);
void pf_ledger_free (PfLedger *ledger);
gboolean pf_ledger_load (PfLedger *ledger, GError **error);
PfLoans *pf_ledger_copy (PfLedger *ledger);
char *pf_ledger_get_profile (PfLedger *ledger);
char *pf_ledger_get_previous (PfLedger *ledger);
gboolean pf_ledger_was_lost (const PfLedger *ledger);
gboolean pf_ledger_is_sure (const PfLedger *ledger);
GError *pf_ledger_get_write_error (PfLedger *ledger);
gboolean pf_ledger_is_home (PfLedger *ledger);
gboolean pf_ledger_record_step (const PfStep *step, PfStepPhase phase, gpointer ledger, GError **error);
gboolean pf_ledger_set_profiles (PfLedger *ledger, const char *profile, const char *previous, GError **error);
gboolean pf_ledger_change (PfLedger *ledger, PfLedgerChange change, gpointer user_data, GError **error);
gboolean pf_ledger_settle (PfLedger *ledger, const PfBoard *board, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLedger, pf_ledger_free)

G_END_DECLS
