/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-journal-file.h"
#include "pf-plan.h"
#include "pf-tree.h"

G_BEGIN_DECLS

typedef enum
{
  PF_STEP_PHASE_BEGIN,  /* about to write; nothing of it is done */
  PF_STEP_PHASE_DONE,   /* done and read back */
  PF_STEP_PHASE_UNDONE, /* the state before it is back, and was read back */
} PfStepPhase;

/**
 * PfStepRecorder:
 * @step: the step
 * @phase: how far it is
 * @user_data: as given to pf_executor_new()
 *
 * Called before a step writes anything, and when it is done or undone, to put on record what it takes to undo it.
 *
 * Returns: FALSE with @error set when it cannot be recorded: the step is not begun then
 */
typedef gboolean (*PfStepRecorder) (const PfStep *step, PfStepPhase phase, gpointer user_data, GError **error);

/**
 * PfExecutorGate:
 * @executor: the executor, which waits now
 * @user_data: as given to pf_executor_set_gate()
 *
 * Called in the middle of a plan; pf_executor_open_gate() goes on, at once or later.
 */
typedef struct _PfExecutor PfExecutor;
typedef void (*PfExecutorGate) (PfExecutor *executor, gpointer user_data);

/**
 * PfModuleLoader:
 *
 * Loads a kernel module by name and waits for it. The real one is pf_module_load(), over libkmod.
 */
typedef gboolean (*PfModuleLoader) (const char *module, gpointer user_data, GError **error);

#define PF_TYPE_EXECUTOR (pf_executor_get_type ())
G_DECLARE_FINAL_TYPE (PfExecutor, pf_executor, PF, EXECUTOR, GObject)

PfExecutor *pf_executor_new (PfTree *tree, PfStepRecorder recorder, gpointer user_data);
void pf_executor_set_module_loader (PfExecutor *executor, PfModuleLoader loader, gpointer user_data);
void pf_executor_set_journal (PfExecutor *executor, PfJournalFile *journal);
void pf_executor_set_gate (PfExecutor *executor, guint position, PfExecutorGate gate, gpointer user_data);
void pf_executor_open_gate (PfExecutor *executor, GError *error);
void pf_executor_run_async (PfExecutor *executor,
                            const PfPlan *plan,
                            gboolean keep_going,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pf_executor_run_finish (PfExecutor *executor, GAsyncResult *result, gboolean *restored, GError **error);
GPtrArray *pf_executor_get_owed (GAsyncResult *result);
GPtrArray *pf_executor_get_failed (GAsyncResult *result);

G_END_DECLS
