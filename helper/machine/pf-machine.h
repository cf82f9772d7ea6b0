/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-confirmed.h"
#include "pf-ledger.h"
#include "pf-plan.h"
#include "pf-roots.h"

G_BEGIN_DECLS

/**
 * PfMachine:
 *
 * The machine as the helper knows it: the kernel's trees, the chipset table, the ledger, and the board as it
 * was last read.
 */
typedef struct _PfMachine PfMachine;

PfMachine *pf_machine_new (const PfRoots *roots, GError **error);
void pf_machine_free (PfMachine *machine);
gboolean pf_machine_scan (PfMachine *machine, GError **error);
void pf_machine_look_closer (PfMachine *machine, const PfPlan *plan);
gboolean pf_machine_check_writable (const PfMachine *machine, GError **error);
const PfBoard *pf_machine_get_board (const PfMachine *machine);
PfLedger *pf_machine_get_ledger (const PfMachine *machine);
PfConfirmed *pf_machine_get_confirmed (const PfMachine *machine);
PfTree *pf_machine_get_tree (const PfMachine *machine);
const PfChipsetTable *pf_machine_get_chipsets (const PfMachine *machine);
PfJournalFile *pf_machine_get_journal (const PfMachine *machine);
PfPending *pf_machine_get_pending (const PfMachine *machine);
const GError *pf_machine_get_problem (const PfMachine *machine);
PfExecutor *pf_machine_create_executor (PfMachine *machine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfMachine, pf_machine_free)

G_END_DECLS
