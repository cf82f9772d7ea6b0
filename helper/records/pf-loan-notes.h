/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ledger.h"

G_BEGIN_DECLS

gboolean pf_loan_notes_apply (PfLedger *ledger, gboolean takes_input, GError **error);
gboolean pf_loan_notes_return (PfLedger *ledger, const PfBoard *board, GError **error);
gboolean
pf_loan_notes_failed (PfLedger *ledger, const PfBoard *board, const GPtrArray *failed, GError **error);
gboolean pf_loan_notes_look (PfLedger *ledger, const PfBoard *board, GError **error);
gboolean pf_loan_notes_clear (PfLedger *ledger, const PfBoard *board, GError **error);

gboolean pf_loans_are_wanted_home (const PfLoans *loans);
gboolean pf_loans_want_home (const PfLoans *loans, const PfBoard *board);
gboolean pf_loans_vm_is_gone (const PfLoans *loans, const PfBoard *board);

G_END_DECLS
