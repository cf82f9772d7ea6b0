/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fake kernel with a helper's folders beside it, and processes that do a helper's work over them, without a
 * bus. */
#pragma once

#include "pf-fake-mount.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

/* What a second caller wants while a switch is under way. */
typedef enum
{
  PF_FAULT_CALL_NONE,
  PF_FAULT_CALL_APPLY, /* another switch, which has to be refused */
  PF_FAULT_CALL_HOME,  /* everything home, which has to wait and then be done */
} PfFaultCall;

/**
 * PfFaultJob:
 * @profile: (nullable): what to switch to; NULL for nothing: only what an earlier one left is put right
 * @waits: ask for a deadline, and leave it at that: the process ends by SIGKILL while the switch waits for
 * confirmation
 * @reverts: ask for a deadline, and take the switch back once it is carried out
 * @goes_home: do not switch to @profile, but bring everything home that can come
 * @call: what another caller wants at the same time
 * @call_at: after how many changes to the kernel he comes
 * @crash_at: the process is killed as it is about to sync a file or folder for this time; 0 for never
 * @hangs: the kernel is going to hang, so that it does not pay to wait for it
 * @largest_file: bytes that a file may have, as on a disk that is full; 0 for any
 */
typedef struct
{
  const PfProfile *profile;
  gboolean waits;
  gboolean reverts;
  gboolean goes_home;
  PfFaultCall call;
  guint call_at;
  guint crash_at;
  gboolean hangs;
  guint largest_file;
} PfFaultJob;

/**
 * PfFaultReport:
 * @killed: the process was killed before it could say anything
 * @state: of the switcher at the end
 * @succeeded: whether the switch was said to be carried out
 * @syncs: how often it has synced a file or folder
 * @text: all that was said of problems
 * @breach: (nullable): what must not have happened, whatever came of the switch
 */
typedef struct
{
  gboolean killed;
  PfSwitcherState state;
  gboolean succeeded;
  guint syncs;
  char *text;
  char *breach;
} PfFaultReport;

/**
 * PfFaultBench:
 * @mount: the fake kernel
 * @state: the helper's folders
 * @classes: (element-type utf8 utf8): address of a function -> its class, which does not change
 */
typedef struct
{
  PfFakeMount *mount;
  char *state;
  GHashTable *classes;
} PfFaultBench;

/* Called when a job stands still because the kernel does not answer. */
typedef void (*PfFaultStuckFunc) (PfFaultBench *bench, pid_t pid, gpointer user_data);

void pf_fault_bench_enter_namespaces (void);
void pf_fault_bench_leave (void);
PfFaultBench *pf_fault_bench_new (const char *board);
void pf_fault_bench_free (PfFaultBench *bench);
char *pf_fault_bench_get_file (const PfFaultBench *bench, const char *name);
char *pf_fault_bench_read_file (const PfFaultBench *bench, const char *name);
char *pf_fault_bench_snapshot (PfFaultBench *bench);
char *pf_fault_bench_get_profiles (PfFaultBench *bench);
guint pf_fault_bench_count_changes (PfFaultBench *bench);
void pf_fault_bench_tell (PfFaultBench *bench, const char *command);
PfFaultReport *pf_fault_bench_run (PfFaultBench *bench,
                                   const PfFaultJob *job,
                                   PfFaultStuckFunc on_stuck,
                                   gpointer user_data);
void pf_fault_report_free (PfFaultReport *report);

G_NORETURN void pf_fault_work (PfFaultBench *bench, const PfFaultJob *job, int pipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFaultReport, pf_fault_report_free)

G_END_DECLS
