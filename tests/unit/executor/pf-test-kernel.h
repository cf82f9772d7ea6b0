/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-executor.h"
#include "pf-fake-mount.h"
#include "pf-scan.h"

G_BEGIN_DECLS

/**
 * PfTestKernel:
 * @mount: the fake kernel
 * @tree: the same, for the product's code
 * @loans: the record of loans, kept as the helper keeps it
 * @record: what was recorded, a line for each call: "begin lend 7"
 * @refuse_record: how many calls of the recorder succeed before one fails; -1 for all
 * @module: (nullable): what was asked to be loaded
 * @module_is_useless: the module can be loaded, and brings no driver
 * @done: whether the last run went well
 * @restored: whether it left the state before it, where it did not
 * @error: (nullable): why it did not
 *
 * An executor at work on a fake kernel.
 */
typedef struct
{
  PfFakeMount *mount;
  PfTree *tree;
  PfLoans *loans;
  GString *record;
  int refuse_record;
  char *module;
  gboolean module_is_useless;
  gboolean done;
  gboolean restored;
  GError *error;
} PfTestKernel;

PfTestKernel *pf_test_kernel_new (const char *board);
PfTestKernel *pf_test_kernel_new_with (const char *board, const char *group, const char *setting);
void pf_test_kernel_free (PfTestKernel *kernel);
void pf_test_kernel_tell (PfTestKernel *kernel, const char *command);
PfBoard *pf_test_kernel_scan (PfTestKernel *kernel);
char *pf_test_kernel_describe (PfTestKernel *kernel);
guint pf_test_kernel_count_writes (PfTestKernel *kernel);
PfPlan *pf_test_kernel_plan (PfTestKernel *kernel, const char *controllers, const char *ports);
void pf_test_kernel_run (PfTestKernel *kernel, const PfPlan *plan, gboolean keep_going);
void pf_test_kernel_start (PfTestKernel *kernel, const PfPlan *plan, gboolean keep_going, gboolean *finished);
void pf_test_kernel_wait_for (gboolean *condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTestKernel, pf_test_kernel_free)

G_END_DECLS
