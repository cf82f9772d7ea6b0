/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fake kernel with a helper's folders beside it, and processes that do a helper's work over them, without a
 * bus. */
#pragma once

#include "pf-fake-mount.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

/**
 * PfFaultJob:
 * @profile: (nullable): what to switch to; NULL for nothing: only what an earlier one left is put right
 * @waits: ask for a deadline, and leave it at that: the process ends by SIGKILL while the switch waits for
 * confirmation
 * @reverts: ask for a deadline, and take the switch back once it is carried out
 * @races: ask for the way home at the same time
 * @hangs: the kernel is going to hang, so that it does not pay to wait for it
 * @largest_file: bytes that a file may have, as on a disk that is full; 0 for any
 */
typedef struct
{
  const PfProfile *profile;
  gboolean waits;
  gboolean reverts;
  gboolean races;
  gboolean hangs;
  guint largest_file;
} PfFaultJob;

/**
 * PfFaultReport:
 * @killed: the process was killed before it could say anything
 * @state: of the switcher at the end
 * @succeeded: whether the switch was said to be carried out
 * @text: all that was said of problems
 */
typedef struct
{
  gboolean killed;
  PfSwitcherState state;
  gboolean succeeded;
  char *text;
} PfFaultReport;

/**
 * PfFaultBench:
 * @mount: the fake kernel
 * @state: the helper's folders
 */
typedef struct
{
  PfFakeMount *mount;
  char *state;
} PfFaultBench;

/* Called when a job stands still because the kernel does not answer. */
typedef void (*PfFaultStuckFunc) (PfFaultBench *bench, pid_t pid, gpointer user_data);

PfFaultBench *pf_fault_bench_new (const char *board);
void pf_fault_bench_free (PfFaultBench *bench);
char *pf_fault_bench_get_file (const PfFaultBench *bench, const char *name);
char *pf_fault_bench_read_file (const PfFaultBench *bench, const char *name);
char *pf_fault_bench_snapshot (PfFaultBench *bench);
char *pf_fault_bench_get_profile (PfFaultBench *bench);
void pf_fault_bench_tell (PfFaultBench *bench, const char *command);
gboolean pf_fault_bench_is_hanging (PfFaultBench *bench);
PfFaultReport *pf_fault_bench_run (PfFaultBench *bench,
                                   const PfFaultJob *job,
                                   PfFaultStuckFunc on_stuck,
                                   gpointer user_data);
void pf_fault_report_free (PfFaultReport *report);

G_NORETURN void pf_fault_work (PfFaultBench *bench, const PfFaultJob *job, int pipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFaultReport, pf_fault_report_free)

G_END_DECLS
